"""How somebody comes to have a sign-in: a link that works once."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import models

from openhotline.accounts.models.person import Person
from openhotline.core.ids import public_id

VALID = timedelta(hours=72)


def _new_id() -> str:
    return public_id("inv")


def hash_of(token: str) -> str:
    """Return what is kept of the token in a link: it cannot be turned back into the link."""
    return sha256(token.encode()).hexdigest()


class Invitations(models.Manager["Invitation"]):
    """Ends and makes links; each operation that does so writes its own line of the log."""

    def renew(self, person: Person, *, by: str, now: datetime) -> str:
        """End the person's open link, if any, and return the token of a new one. Inside the caller's transaction."""
        self.filter(person=person, ended_at=None).update(ended_at=now)
        token = secrets.token_urlsafe(32)
        self.create(person=person, token_hash=hash_of(token), invited_by=by, invited_at=now, expires_at=now + VALID)
        return token


class Invitation(models.Model):
    """One link for one person. The role stands with the person and is not in the link; the newest link is the only one.

    ``ended_at`` is set when it was used, replaced or withdrawn.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.CharField(max_length=40)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = Invitations()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(ended_at__isnull=True), name="one_open_invitation_a_person"
            ),
        ]
