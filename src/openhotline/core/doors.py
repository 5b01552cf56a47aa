"""Addresses of other doors, and the pass that lets the media door know who asks.

Doors have host names of their own, so that a session's cookie never goes to the media door. The desk puts a *pass* into
the address of a picture: sealed, for one session and one picture, good for a quarter of an hour. The media door opens
the session that it names; with the session, or the role, or the person gone, the pass opens nothing. It is sealed
under a key that follows from ``secret.key``, which the desk and the media door share: no key of columns is needed.
"""

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
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
    """Whose session, and what for: the outside id of a picture, or the empty text for what belongs to no picture."""

    session: str
    subject: str


def link(route: str, *, door: str, subject: str = "", session: str = "", now: datetime) -> str:
    """Return the address of a route of a door: a path where the door shares this origin, else an address with a pass.

    ``subject`` is the route's one argument, if it has any.
    """
    path = reverse(route, urlconf=settings.DOOR_URLCONFS[door], args=[subject] if subject else [])
    if not apart(door):
        return path
    return f"{settings.ORIGINS[door]}{path}?{urlencode({PASS: write(Pass(session, subject), now)})}"


def apart(door: str) -> bool:
    """Say whether a door is a process of its own under an origin of its own."""
    return settings.DOOR not in {"all", door} and bool(settings.ORIGINS[door])


def write(one: Pass, now: datetime) -> str:
    """Return a pass as it stands in an address; nobody but this installation can read it."""
    sealed = lock(_key(), json.dumps([one.session, one.subject, now.timestamp()]).encode(), BOUND)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read(text: str, now: datetime) -> Pass | None:
    """Return what a pass says; None when it is not ours, was changed, or is too old."""
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        session, subject, at = json.loads(unlock(_key(), sealed, BOUND))
    except (DoesNotOpen, ValueError, binascii.Error):
        return None
    age = now.timestamp() - at
    return Pass(session, subject) if 0 <= age < GOOD_FOR.total_seconds() else None


def _key() -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), BOUND, sha256).digest()
