"""How somebody comes to have a sign-in: a link that works once, with a code that only the second person saw."""

import hmac
import json
import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import models

from openhotline.accounts.models.person import Person
from openhotline.core.ids import public_id

VALID = timedelta(hours=72)
MOST_WRONG = 5
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are taken for another, over the telephone or on paper
_LENGTH = 8


def _new_id() -> str:
    return public_id("inv")


COMMAND_LINE = "command_line"


def hash_of(token: str) -> str:
    """Return what is kept of the token in a link: it cannot be turned back into the link."""
    return sha256(token.encode()).hexdigest()


def new_code() -> str:
    """Return a code that whoever approves a link tells the person; 39 bits, and five tries."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return f"{letters[: _LENGTH // 2]}-{letters[_LENGTH // 2 :]}"


class Invitations(models.Manager["Invitation"]):
    """Ends and makes links; each operation that does so writes its own line of the log."""

    def renew(self, person: Person, *, by: str, now: datetime) -> tuple["Invitation", str]:
        """End the person's open link, if any; return a new one and its token. Inside the caller's transaction."""
        self.filter(person=person, ended_at=None).update(ended_at=now)
        token = secrets.token_urlsafe(32)
        made = self.create(
            person=person, token_hash=hash_of(token), invited_by=by, invited_at=now, expires_at=now + VALID
        )
        return made, token


class Invitation(models.Model):
    """One link for one person. The role stands with the person and is not in the link; the newest link is the only one.

    It lets somebody in once a second person approved exactly it, and with the code that this person was shown: who
    asked for the link has seen it, and could use it first. One that the command line made needs neither.
    ``ended_at`` is set when it was used, replaced or withdrawn.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.CharField(max_length=40)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    code_hash = models.CharField(max_length=64, blank=True, default="", db_default="", help_text="empty: not approved")
    wrong_codes = models.PositiveSmallIntegerField(default=0, db_default=0)

    objects = Invitations()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(ended_at__isnull=True), name="one_open_invitation_a_person"
            ),
        ]

    @property
    def needs_approval(self) -> bool:
        """Say whether a second person has to approve it: whoever has the command line acts alone."""
        return self.invited_by != COMMAND_LINE

    def hash_code(self, code: str) -> str:
        """Return what is kept of a code, however it was typed."""
        return hash_of(f"{self.public_id} {''.join(code.lower().replace('-', ' ').split())}")

    def opens_with(self, code: str) -> bool:
        """Say whether this is the code of this link. One approved before codes were there opens no more."""
        return hmac.compare_digest(self.hash_code(code), self.code_hash)

    @property
    def manifest_sha256(self) -> str:
        """Return the SHA-256 (hex) of exactly this link for this person: what the approval is bound to."""
        told = {"link": self.token_hash, "until": self.expires_at.isoformat(), "person": self.person.told()}
        return sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
