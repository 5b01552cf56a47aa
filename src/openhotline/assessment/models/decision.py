"""The resolved outcome of a part of a stack."""

from typing import Self

from django.db import models

from openhotline.assessment.states import LIVE_DECISIONS, DecisionState
from openhotline.core.ids import public_id
from openhotline.evidence.models import Item
from openhotline.law.models import Outcome as LawOutcome


def _new_id() -> str:
    return public_id("dec")


class Decision(models.Model):
    """Made of agreeing assessments, or of the third's; provisional until ``publish_after``."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="decisions")
    facts = models.JSONField()
    consensus = models.PositiveSmallIntegerField(help_text="how many people decided alike")
    disagreed = models.BooleanField(default=False)
    state = models.CharField(max_length=16, default=DecisionState.PROVISIONAL)
    made_at = models.DateTimeField()
    publish_after = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(
        null=True, help_text="when its time was over: of its facts those are left that are counted"
    )

    class Meta:
        constraints = [
            # A correction is provisional beside the published decision that it will replace.
            models.UniqueConstraint(
                fields=["item", "state"], condition=models.Q(state__in=LIVE_DECISIONS), name="one_live_decision"
            )
        ]
        indexes = [
            models.Index(fields=["state", "publish_after"]),
            models.Index(fields=["made_at", "state"], name="decisions_by_moment"),
        ]


class Decided(models.Model):
    """An item that a decision covers, from the moment it is published: the item itself and those it spread to."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="covers")
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="decided")
    distance = models.PositiveSmallIntegerField()


class Outcome(models.Model):
    """What one jurisdiction's law says of a decision's facts, with the trace."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="outcomes")
    jurisdiction = models.CharField(max_length=16)
    as_of = models.DateField()
    kind = models.CharField(max_length=32)
    category = models.CharField(max_length=1, blank=True)
    criminal = models.BooleanField(null=True, help_text="null: not determined")
    provision = models.CharField(max_length=64, blank=True)
    # db_default: an older version of this software, still running beside, writes no version.
    law_version = models.CharField(
        max_length=16, blank=True, db_default="", help_text="empty: versions were not kept yet"
    )
    trace = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "jurisdiction"], name="one_outcome_a_jurisdiction")]
        indexes = [models.Index(fields=["jurisdiction", "kind"])]

    @classmethod
    def of(cls, decision_id: int, outcome: LawOutcome) -> Self:
        """The row, not yet saved, of what the law says of a decision's facts."""
        return cls(
            decision_id=decision_id,
            jurisdiction=outcome.jurisdiction,
            as_of=outcome.as_of,
            kind=outcome.kind,
            category=outcome.category or "",
            criminal=outcome.criminal,
            provision=cls.cited(outcome),
            law_version=outcome.law_version,
            trace=[step.to_dict() for step in outcome.trace],
        )

    @staticmethod
    def cited(outcome: LawOutcome) -> str:
        """The provisions that were met, as the row holds them."""
        return "; ".join(outcome.provisions)[:64]

    def says(self) -> tuple[str, str, bool | None, str]:
        """Kind, letter, criminal and provision: two rows that say the same differ in nothing anybody acts on."""
        return (str(self.kind), self.category, self.criminal, self.provision)
