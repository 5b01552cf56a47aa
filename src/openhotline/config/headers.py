"""Headers of every answer."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import is_valid_path

from openhotline.config.deployment import onion_host
from openhotline.core.doors import apart
from openhotline.guidance.views.answering import GOING_BACK

Handler = Callable[[HttpRequest], HttpResponseBase]

YEAR = 31_536_000
ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), display-capture=(), browsing-topics=()",
    "X-Frame-Options": "DENY",
}


def policy() -> str:
    """Return the content policy: nothing but this origin, and at the desk the pictures of the media door."""
    media = f" {settings.ORIGINS['media']}" if settings.DOOR == "desk" and apart("media") else ""
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:{media}; "
        f"connect-src 'self'{media}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _is_public(request: HttpRequest) -> bool:
    """Say whether this is a page of the public door, under its ordinary name."""
    there = is_valid_path(request.path_info, settings.DOOR_URLCONFS["public"])
    return bool(there) and request.META.get("HTTP_HOST", "") != onion_host(settings.ONION)


def headers(get_response: Handler) -> Handler:
    """Answer with a strict content policy, and let nothing but style sheets and scripts be kept by a cache.

    The questions of the guidance are the one exception, so that a browser can go back to them.
    """

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers["Content-Security-Policy"] = policy()
        may_be_kept = response.headers.get("Cache-Control") == GOING_BACK
        if not (may_be_kept or request.path.startswith(settings.STATIC_URL)):
            response.headers["Cache-Control"] = "no-store"
        if settings.ONION and _is_public(request):
            # Tor's browser offers to go on there, where no exit sees who asks; it heeds this over https alone.
            response.headers["Onion-Location"] = f"{settings.ONION}{request.get_full_path()}"
        if not settings.PRACTICE:
            # Said whatever the request came by: TLS ends at a proxy, and this process is never asked without one.
            response.headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
        return response

    return handle
