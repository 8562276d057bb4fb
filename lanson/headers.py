"""HTTP: the headers that every answer carries, of pages and of static files alike, beside those Django sets by itself."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

# What browsers could do for a page and none of ours asks for, as Chromium, Firefox and Safari know it. A list of our own, and
# not a package: the other header below would need this place anyway, and what is on the list is all there is to maintain.
UNUSED = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "sync-xhr",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
HEADERS = {
    "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED),
    # No other site's page may load what we send. What is meant for others says so itself.
    "Cross-Origin-Resource-Policy": "same-origin",
}


def plain_headers(https: bool) -> dict[str, str]:
    """The headers of an answer that never saw the middleware: those above, and the strictest of each that Django sets."""
    strict = {
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    insisting = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload"} if https else {}
    return HEADERS | strict | insisting


class Headers:
    """Adds HEADERS to every answer that does not bring its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
