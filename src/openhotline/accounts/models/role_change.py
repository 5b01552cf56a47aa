"""What role somebody is to have in place of theirs."""

import json
from hashlib import sha256

from django.db import models

from openhotline.accounts.models.person import Person
from openhotline.accounts.states import ROLE_NAMES, Role
from openhotline.core.ids import public_id


def _new_id() -> str:
    return public_id("rch")


class RoleChange(models.Model):
    """Another role for one person, asked for by one and approved by another, then given once."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="role_changes")
    before = models.CharField(max_length=32)
    role = models.CharField(max_length=32)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    @property
    def role_name(self) -> str:
        """Return the new role in words."""
        return ROLE_NAMES[Role(self.role)]

    @property
    def manifest_sha256(self) -> str:
        """Return the SHA-256 (hex) of exactly this change, as the person is now: what the approval is bound to."""
        told = {"change": self.public_id, "before": self.before, "role": self.role, "person": self.person.told()}
        return sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
