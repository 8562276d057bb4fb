"""ENTRY: whose figures a person may enter and see. Approvers see and approve those of every agency."""

from datetime import date

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, QuerySet
from django.utils import timezone

from ..models import Agency, Figure, Indicator, State
from ..queries.responsible_agency import responsibility

APPROVE = "indicators.approve_figure"
ENTER = "indicators.add_figure"

Person = User | AnonymousUser


def enterable(user: Person) -> QuerySet[Indicator]:
    """The indicators whose figures `user` may enter today: those their agencies answer for; for superusers all.

    Bodies that a person's agency took over from are included; a body that ended enters nothing any more.
    """
    indicators = Indicator.objects.all()
    if not user.has_perm(ENTER):
        return indicators.none()
    return indicators if user.is_superuser else indicators.filter(pk__in=_own(user))


def may_enter(user: Person, indicator: Indicator | int) -> bool:
    """Whether `user` may enter figures of this indicator (or of the one with this primary key)."""
    pk = indicator if isinstance(indicator, int) else indicator.pk
    return user.has_perm(ENTER) and (user.is_superuser or pk in _own(user))


def may_approve(user: Person) -> bool:
    return user.has_perm(APPROVE)


def visible_figures(user: Person) -> QuerySet[Figure]:
    """The figures `user` may see: approved ones, all of the own agencies, and for approvers what was submitted too."""
    figures = Figure.objects.without_earlier()
    if user.is_superuser:
        return figures
    seen = Q(state=State.APPROVED) | Q(indicator__in=_own(user))
    if may_approve(user):
        seen |= ~Q(state=State.ENTERED)
    return figures.filter(seen)


def own_agencies(user: Person) -> QuerySet[Agency]:
    """The agencies that `user` works for and that exist today."""
    return Agency.objects.filter(memberships__user=user.pk or 0).exclude(valid_to__lt=timezone.localdate())


def agencies_of(user: Person) -> set[int]:
    """The primary keys of the agencies that `user` works for and that exist today."""
    return set(own_agencies(user).values_list("pk", flat=True))


def _own(user: Person) -> set[int]:
    """The primary keys of the indicators that the agencies of `user` answer for today.

    Looked up once for each user object, so once for each request, as Django does with permissions.
    """
    today = timezone.localdate()
    found: dict[date, set[int]] = getattr(user, "_own_indicators", {})
    if today not in found:
        agencies = agencies_of(user)
        found = {today: responsibility(today).indicators_of(agencies) if agencies else set()}
        user._own_indicators = found  # type: ignore[union-attr]
    return found[today]
