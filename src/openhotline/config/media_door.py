"""The media door under an origin of its own: it knows people by passes, answers the desk's pages, and nobody else's."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from openhotline.accounts.sessions import SessionStore
from openhotline.core import doors
from openhotline.core.clock import now

ALLOWED = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "X-CSRFToken",
    "Access-Control-Max-Age": "600",
}
# What a browser says of where a request comes from and what for; an old one says nothing, and still needs a pass.
FROM_US = frozenset({"", "same-origin", "same-site"})
ONCE = "media_reveal"
"""The route of which a pass is good for one look."""
FOR_US = frozenset({"", "image", "empty"})


def media_door(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Let the desk's pages, and no others, fetch with a pass; at every other door do nothing."""

    class _MediaDoor:
        def __call__(self, request: HttpRequest) -> HttpResponseBase:
            if settings.DOOR != "media":
                return get_response(request)
            desk = settings.ORIGINS["desk"]
            asked_by_desk = bool(desk) and request.headers.get("Origin") == desk
            if request.method == "OPTIONS" and asked_by_desk:
                response: HttpResponseBase = HttpResponse(status=204, headers=ALLOWED)
            else:
                response = get_response(request)
            used = getattr(request, "media_pass", None)
            if used is not None and used.route == ONCE:
                response.headers["X-Next"] = doors.next_link(used, request.path)
            if asked_by_desk:
                response.headers["Access-Control-Allow-Origin"] = desk
                response.headers["Access-Control-Allow-Credentials"] = "true"
                response.headers["Access-Control-Expose-Headers"] = "X-View, X-Next"
            response.headers["Vary"] = "Origin"
            # The desk and the media door are hosts of one site; a page of another site cannot show a picture.
            response.headers["Cross-Origin-Resource-Policy"] = "same-site"
            return response

        def process_view(
            self, request: HttpRequest, _view: object, _args: object, kwargs: dict[str, str]
        ) -> HttpResponseBase | None:
            if settings.DOOR != "media":
                return None
            where, what = (request.headers.get(f"Sec-Fetch-{name}", "") for name in ("Site", "Dest"))
            if where not in FROM_US or what not in FOR_US:
                raise PermissionDenied
            held = doors.read(request.GET.get(doors.PASS, ""), now())
            match = request.resolver_match
            wanted = (kwargs.get("item_id", ""), match.view_name if match else "")
            if held is not None and (held.subject, held.route) == wanted:
                _enter(request, held)
            return None

    return _MediaDoor()


class _ReadSession(SessionStore):
    """A session as this door sees it: it reads, and ends none, nor writes into one."""

    @property
    def key_salt(self) -> str:
        """Return what the desk's sessions are signed with: it would follow from the name of this class."""
        return SessionStore().key_salt

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Keep nothing."""

    def delete(self, session_key: str | None = None) -> None:
        """Let it stand: of one whose person may no longer sign in, the desk makes an end."""


def _enter(request: HttpRequest, held: doors.Pass) -> None:
    request.session = _ReadSession(held.session)
    request.media_pass = held  # type: ignore[attr-defined] # what a look uses up
    request.user = get_user(request)
    # The page of another site cannot know a pass, so the token that keeps such pages out is not needed too.
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined] # Django's own name for it
