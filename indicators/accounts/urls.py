"""Addresses of signing in and of one's own account, each with a language prefix."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from . import account_views, saved_filters, views

sign_in_patterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("login/code/", views.verify_code, name="second_factor"),
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
    path("account/", account_views.account, name="account"),
    path("account/password/", account_views.ChangePassword.as_view(), name="change_password"),
    path("account/second-factor/", views.set_up_second_factor, name="set_up_second_factor"),
    path("account/recovery-codes/", account_views.recovery_codes, name="recovery_codes"),
    path("account/saved-filters/", saved_filters.keep, name="saved_filters"),
    path("account/sign-out-everywhere/", account_views.sign_out_everywhere, name="sign_out_everywhere"),
    # The admin's own log-in and password pages lead to ours: one way in, one way to change a password.
    path("admin/login/", views.admin_login),
    path("admin/password_change/", account_views.ChangePassword.as_view()),
]
