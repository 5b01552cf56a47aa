"""Addresses of other doors, and the pass that lets the media door know who asks.

Doors have host names of their own, so that a session's cookie never goes to the media door. The desk puts a *pass* into
the address of a picture: sealed, for one session, one picture and one route, good for a quarter of an hour. The media
door opens the session that it names; with the session, or the role, or the person gone, the pass opens nothing. One
that shows a picture unblurred is used up by the look it grants, and the answer brings the next. A pass is sealed under
a key that follows from ``secret.key``, which the desk and the media door share: no key of columns is needed.
"""

import base64
import binascii
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from openhotline.core.crypto import DoesNotOpen, lock, unlock

PASS = "pass"  # noqa: S105 - the name of a field
GOOD_FOR = timedelta(minutes=15)
BOUND = b"media door/pass"


@dataclass(frozen=True)
class Pass:
    """Whose session, and what for: the outside id of a picture (empty for what belongs to none), and a route.

    ``nonce`` is there once: what may be done once only is known by it. ``at``: when the page was made that it is of.
    """

    session: str
    subject: str
    route: str
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    at: datetime = field(default=datetime.min.replace(tzinfo=UTC), compare=False)


def link(route: str, *, door: str, subject: str = "", session: str = "", now: datetime) -> str:
    """Return the address of a route of a door: a path where the door shares this origin, else an address with a pass.

    ``subject`` is the route's one argument, if it has any.
    """
    path = reverse(route, urlconf=settings.DOOR_URLCONFS[door], args=[subject] if subject else [])
    if not apart(door):
        return path
    return f"{settings.ORIGINS[door]}{path}?{urlencode({PASS: write(Pass(session, subject, route), now)})}"


def next_link(used: Pass, path: str) -> str:
    """Return the address under which a page does once more what a used pass was for; it is good no longer than that."""
    after = Pass(used.session, used.subject, used.route)
    return f"{settings.ORIGINS['media']}{path}?{urlencode({PASS: write(after, used.at)})}"


def apart(door: str) -> bool:
    """Say whether a door is a process of its own under an origin of its own."""
    return settings.DOOR not in {"all", door} and bool(settings.ORIGINS[door])


def write(one: Pass, now: datetime) -> str:
    """Return a pass as it stands in an address; nobody but this installation can read it."""
    sealed = lock(_key(), json.dumps([one.session, one.subject, one.route, one.nonce, now.timestamp()]).encode(), BOUND)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read(text: str, now: datetime) -> Pass | None:
    """Return what a pass says; None when it is not ours, was changed, or is too old."""
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        session, subject, route, nonce, at = json.loads(unlock(_key(), sealed, BOUND))
    except (DoesNotOpen, ValueError, binascii.Error):
        return None
    made = datetime.fromtimestamp(at, UTC)
    return Pass(session, subject, route, nonce, made) if made <= now < made + GOOD_FOR else None


def _key() -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), BOUND, sha256).digest()
