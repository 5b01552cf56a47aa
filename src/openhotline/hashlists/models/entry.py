"""One entry of our own list: a confirmed item, or what a partner's exploitative list gave."""

from datetime import datetime

from django.db import models

from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id
from openhotline.evidence.models import Item
from openhotline.hashlists.models.known import KnownList
from openhotline.hashlists.states import NO_LAW, EntryState, ListedState, Provenance, Sharing, Stream, stream_of


def _new_id() -> str:
    return public_id("ent")


class Entry(models.Model):
    """What is published of an item: hashes, AI status, legal basis, consensus, onward-sharing permission.

    An item has one active entry at most. A withdrawn one is never active again: what is decided anew and confirmed
    becomes another entry, with an id of its own. What a partner's exploitative list gave has no item: its hashes are
    its own (`GivenHash`), no law is named of it, and it is on no stream but that one.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    item = models.ForeignKey(
        Item, null=True, on_delete=models.PROTECT, related_name="entries", related_query_name="entry"
    )
    given_by = models.ForeignKey(
        KnownList,
        null=True,
        on_delete=models.PROTECT,
        related_name="entries",
        help_text="the partner's exploitative list that holds it; null: assessed here",
    )
    state = models.CharField(max_length=16, default=EntryState.ACTIVE)
    ai_involvement = models.CharField(max_length=32, help_text="as assessed; not_determined is a value")
    real_child = models.CharField(max_length=16, help_text="as assessed; not_determined is a value")
    jurisdiction = models.CharField(max_length=16)
    outcome = models.CharField(max_length=32)
    category = models.CharField(max_length=1, blank=True)
    provision = models.CharField(max_length=64)
    elsewhere = models.JSONField(
        null=True,
        help_text="the same four of each other jurisdiction whose law calls it criminal, by code; null: not kept",
    )
    consensus = models.PositiveSmallIntegerField(help_text="how many people decided alike")
    sharing = models.CharField(max_length=16, default=Sharing.NOT_DETERMINED)
    address_live = models.BooleanField(null=True, help_text="pushed by the journey; null: not looked at")
    listed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    released_in = models.PositiveIntegerField(null=True, help_text="first published version that held it")
    tombstoned_in = models.PositiveIntegerField(null=True, help_text="first published version that withdrew it")
    # db_default: an older version of this software, still running beside, writes none.
    revision = models.PositiveIntegerField(default=1, db_default=1, help_text="how often its facts were written")
    revised_in = models.PositiveIntegerField(
        null=True,
        help_text="first published version with its facts as they are now; null: as first released, or not out",
    )

    # db_default: as above.
    told_state = models.CharField(
        max_length=16,
        default=ListedState.ACTIVE,
        db_default=ListedState.ACTIVE.value,
        help_text="active or disputed, as the last published version said",
    )
    told_in = models.PositiveIntegerField(null=True, help_text="published version that said another state than before")

    class Meta:
        indexes = [
            models.Index(fields=["state"]),
            models.Index(
                fields=["told_state"],
                condition=models.Q(told_state=ListedState.DISPUTED),
                name="entries_told_disputed",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(state=EntryState.ACTIVE), name="one_active_entry_an_item"
            ),
            models.CheckConstraint(
                condition=models.Q(item__isnull=False, given_by__isnull=True) & ~models.Q(outcome=NO_LAW)
                | models.Q(item__isnull=True, given_by__isnull=False, outcome=NO_LAW, category=""),
                name="no_law_of_what_was_given",
            ),
        ]

    @property
    def stream(self) -> Stream:
        """Return which part of the list it is in."""
        return stream_of(outcome=self.outcome, ai_involvement=self.ai_involvement)

    @property
    def provenance(self) -> Provenance:
        """Return how it came to be listed."""
        return Provenance.ASSESSED if self.given_by_id is None else Provenance.PARTNER

    @property
    def since(self) -> int | None:
        """Return the published version in which it became what it is now; None: none yet."""
        written = self.released_in if self.revision == 1 else self.revised_in
        return None if written is None else max(written, self.told_in or 0)


class GivenHash(models.Model):
    """One hash of an entry that a partner's exploitative list gave; ``named`` is the keyed hash of its owner's name."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="given")
    kind = models.CharField(max_length=8)
    lookup = models.CharField(max_length=64, db_index=True)
    value = SealedText(help_text="hex digits, as the list gives them")
    quality = models.PositiveSmallIntegerField(null=True, help_text="of a picture, 0 to 100; null: not said")
    canonical = models.CharField(max_length=64, blank=True, help_text="of a picture: which form was hashed")
    named = models.CharField(max_length=64, blank=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "kind"], name="one_given_hash_a_kind")]


class EntryRevision(models.Model):
    """What was said of an entry before a later decision said something else: its history, oldest first."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="revisions")
    revision = models.PositiveIntegerField()
    ai_involvement = models.CharField(max_length=32)
    real_child = models.CharField(max_length=16)
    jurisdiction = models.CharField(max_length=16)
    outcome = models.CharField(max_length=32)
    category = models.CharField(max_length=1, blank=True)
    provision = models.CharField(max_length=64)
    elsewhere = models.JSONField(null=True)
    consensus = models.PositiveSmallIntegerField()
    # db_default: as for the entry's revision.
    sharing = models.CharField(max_length=16, default=Sharing.NOT_DETERMINED, db_default=Sharing.NOT_DETERMINED.value)
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "revision"], name="one_row_a_revision")]

    @classmethod
    def of(cls, entry: Entry, *, until: datetime) -> "EntryRevision":
        """Return what an entry says now, to be kept as what it said until then."""
        said = {name: getattr(entry, name) for name in (*REVISED, "sharing")}
        return cls(entry=entry, revision=entry.revision, until=until, **said)


REVISED = (
    "ai_involvement", "real_child", "jurisdiction", "outcome", "category", "provision", "elsewhere", "consensus"
)  # fmt: skip
"""What a later decision may say anew of an entry."""
