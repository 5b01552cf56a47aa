"""Lists beside the hash list: live addresses, and what young people reported themselves.

Both are released by the clock, as two people approved beforehand (`Routine`), numbered and signed like the hash list,
and each member is given them sealed to its own age key. Nothing of either stands in clear in a file here.
"""

from dataclasses import dataclass
from hashlib import sha256

from django.db import models

from openhotline.core.ids import public_id
from openhotline.hashlists.models.member import Member
from openhotline.hashlists.models.release_file import canonical
from openhotline.hashlists.states import RoutineState
from openhotline.intake.models import Address


def _new_routine() -> str:
    return public_id("rtn")


class Routine(models.Model):
    """What two people approved: releases of one list by the clock until a day, each with at most so many new lines."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_routine)
    kind = models.CharField(max_length=16)
    most_new = models.PositiveIntegerField()
    until = models.DateTimeField()
    state = models.CharField(max_length=16, default=RoutineState.DRAFTED)
    drafted_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True, help_text="more was new than was approved, so nothing went out")

    class Meta:
        indexes = [models.Index(fields=["kind", "state"])]

    def manifest_sha256(self) -> str:
        """Return the digest of exactly what the second person signs."""
        said = {"routine": self.public_id, "kind": self.kind, "most_new": self.most_new}
        return sha256(canonical(said | {"until": self.until.isoformat()})).hexdigest()

    @property
    def in_words(self) -> str:
        """Return a sentence for whoever approves it."""
        return (
            f"The list of {self.kind.replace('_', ' ')} is released by the clock until {self.until:%d %B %Y, %H:%M} "
            f"UTC, with at most {self.most_new:,} new lines each time."
        )


def _new_address() -> str:
    return public_id("adl")


class ListedAddress(models.Model):
    """An address where confirmed items were seen. ``live`` is pushed by the journey; the rest is what was released."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_address)
    address = models.OneToOneField(Address, on_delete=models.PROTECT, related_name="listed")
    live = models.BooleanField(default=True)
    streams = models.JSONField(default=list, help_text="as last released; empty: not on the list")
    was_in = models.JSONField(default=list, help_text="every stream in which it was ever released")
    since = models.PositiveIntegerField(null=True, help_text="version in which it became what was last released")


class SealedRelease(models.Model):
    """A numbered, signed version of one of these lists; the file in ``$VAR/releases`` names no address and no hash."""

    kind = models.CharField(max_length=16)
    version = models.PositiveIntegerField()
    routine = models.ForeignKey(Routine, on_delete=models.PROTECT, related_name="releases")
    entries = models.PositiveIntegerField()
    tombstones = models.PositiveIntegerField()
    manifest_sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="one_sealed_release_a_version")]


class SealedEdition(models.Model):
    """A version as one member is given it. ``follows``: from which version its changes lead; null: it has none."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="sealed_editions")
    kind = models.CharField(max_length=16)
    version = models.PositiveIntegerField()
    follows = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=64)
    streams = models.JSONField()
    entries = models.PositiveIntegerField()
    tombstones = models.PositiveIntegerField()
    out_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "version"], name="one_sealed_edition_a_version")
        ]


@dataclass(frozen=True)
class SealedLine:
    """One line as it was released; ``streams`` empty: it is gone. ``was_in`` says whose list may ever have held it."""

    name: str
    since: int
    streams: tuple[str, ...] = ()
    was_in: tuple[str, ...] = ()
