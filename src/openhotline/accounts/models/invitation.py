"""How somebody comes to have a sign-in: a link that works once."""

from hashlib import sha256

from django.db import models

from openhotline.accounts.models.person import Person
from openhotline.core.ids import public_id


def _new_id() -> str:
    return public_id("inv")


def hash_of(token: str) -> str:
    """Return what is kept of the token in a link: it cannot be turned back into the link."""
    return sha256(token.encode()).hexdigest()


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

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(ended_at__isnull=True), name="one_open_invitation_a_person"
            ),
        ]
