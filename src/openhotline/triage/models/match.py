"""An item and a list entry, with distance."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from django.db import models

from openhotline.evidence.models import Item

Stretch = tuple[int, int]
"""From the first to the last of frames that follow each other, in milliseconds after the beginning."""


@dataclass(frozen=True)
class SharedFrames:
    """How many frames of a video, of those compared, look like one of an entry's, and when; and the other way round.

    Which part of which it is, a person sees from the two shares. An entry that is a picture is one frame, at no moment.
    """

    frames: int
    of: int
    stretches: tuple[Stretch, ...]
    entry_frames: int = 1
    entry_of: int = 1
    entry_stretches: tuple[Stretch, ...] = ()

    @property
    def share(self) -> float:
        """Return the larger of the two shares: a video may be a part of the entry, and the entry a part of it."""
        return max(self.frames / self.of, self.entry_frames / self.entry_of)

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        """Return what a row keeps."""
        told = kept | {name: tuple((a, b) for a, b in kept[name]) for name in ("stretches", "entry_stretches")}
        return cls(**told)

    def kept(self) -> dict[str, Any]:
        """Return it as a row keeps it: as JSON gives it back, so that two can be compared."""
        told = asdict(self)
        return told | {name: [list(one) for one in told[name]] for name in ("stretches", "entry_stretches")}


def stretches(places: Collection[int], moments: Sequence[int]) -> tuple[Stretch, ...]:
    """Return the stretches of frames by their places among all that were compared, whose moments these are."""
    found: list[list[int]] = []
    for place in sorted(places):
        if found and found[-1][1] == place - 1:
            found[-1][1] = place
        else:
            found.append([place, place])
    return tuple((moments[first], moments[last]) for first, last in found)


class Match(models.Model):
    """What a list says of an item, kept as long as the list says it.

    ``distance`` and ``turn`` are 0 but for near matches: bits apart, and in which of the eight positions of the item's
    picture. ``kind``: by which hash of the file, ``near``, or ``frames`` of a video, with ``distance`` of the nearest
    two and ``frames`` (`SharedFrames`).
    """

    FILE = "file"
    SHA1 = "sha1"
    MD5 = "md5"
    NEAR = "near"
    FRAMES = "frames"
    EXACT = frozenset({FILE, SHA1, MD5})

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="matches")
    list_name = models.CharField(max_length=64)
    entry = models.CharField(max_length=40, blank=True, help_text="which line of the list; empty: by SHA-256")
    kind = models.CharField(max_length=8)
    verdict = models.CharField(max_length=16)
    distance = models.PositiveSmallIntegerField()
    turn = models.PositiveSmallIntegerField(default=0)
    frames = models.JSONField(null=True, help_text="of a video: which frames are shared, and when; null: a whole file")
    found_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["list_name", "entry", "found_at"])]
        constraints = [
            models.UniqueConstraint(fields=["item", "list_name", "entry", "kind"], name="one_match_an_entry")
        ]


class Fingerprint(models.Model):
    """The keyed hash of an item's SHA-1 or MD5, so that a list that grows finds what was triaged before."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="fingerprints")
    kind = models.CharField(max_length=8)
    lookup = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["lookup"])]
        constraints = [models.UniqueConstraint(fields=["item", "kind"], name="one_fingerprint_a_kind")]
