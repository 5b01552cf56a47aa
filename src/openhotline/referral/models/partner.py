"""To whom packages are sealed."""

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from pyrage import RecipientError, x25519

from openhotline.core.errors import Misconfigured

PRACTICE_IDENTITY = "practice-police.key"
PRACTICE_KEY = "practice-police.pub"


@dataclass(frozen=True)
class Partner:
    """A police or victim-identification partner; ``key`` is its age public key (``age1…``)."""

    name: str
    key: str


def partner(now: datetime | None = None) -> Partner:
    """Return the partner of this installation; practice has one of its own, whose key pair is made here.

    With ``now``, that something is to be sealed to it. Raises Misconfigured: production without a key, with one made in
    practice, with what is no age public key, or with one that has expired by then.
    """
    expires = settings.POLICE_KEY_EXPIRES
    if now is not None and expires is not None and now.astimezone(UTC).date() >= expires:
        raise Misconfigured(
            f"The partner's key expired on {expires:%d %B %Y}. Get their new one by a way that you trust, and set "
            "OPENHOTLINE_POLICE_KEY and OPENHOTLINE_POLICE_KEY_EXPIRES. If the clock of this machine is wrong, set it."
        )
    key = settings.POLICE_KEY
    if settings.PRACTICE:
        return Partner("Practice police partner", checked_key(key or _practice_key()))
    if not key:
        raise Misconfigured("No partner can receive a referral: set OPENHOTLINE_POLICE_KEY to the police's age1… key.")
    practice = _keys() / PRACTICE_KEY
    if practice.exists() and practice.read_text("ascii").strip() == key:
        raise Misconfigured("OPENHOTLINE_POLICE_KEY was made in practice mode. Set the key that the police gave you.")
    return Partner("Police partner", checked_key(key))


def checked_key(key: str) -> str:
    """Return an age public key as it is. Raises Misconfigured when it is none."""
    try:
        x25519.Recipient.from_str(key)
    except (RecipientError, ValueError) as error:
        raise Misconfigured(f"{key[:80]!r} is no age public key (age1…). Correct OPENHOTLINE_POLICE_KEY.") from error
    return key


def _keys() -> Path:
    return Path(settings.VAR) / "keys"


def _practice_key() -> str:
    public = _keys() / PRACTICE_KEY
    if not public.exists():
        identity = _keys() / PRACTICE_IDENTITY
        _write_once(identity, f"{x25519.Identity.generate()}\n")
        # Read back: another process may have made it first, and then its pair stands.
        made = x25519.Identity.from_str(identity.read_text("ascii").strip())
        _write_once(public, f"{made.to_public()}\n")
    return public.read_text("ascii").strip()


def _write_once(path: Path, text: str) -> None:
    aside = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        return
    finally:
        aside.unlink()
