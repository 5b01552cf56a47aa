"""Reading assessment: the queue, what was decided, and what later stages need of it."""

from openhotline.assessment.queries.confirmed import (
    addresses_of,
    confirmed_among,
    confirmed_items,
    decided_items,
    decision_names,
    listables,
)
from openhotline.assessment.queries.counts import (
    Opinions,
    assessed_among,
    involvement_counts,
    opinions,
    outcome_counts,
)
from openhotline.assessment.queries.queue import held_turn, queue_length

__all__ = [
    "Opinions",
    "addresses_of",
    "assessed_among",
    "confirmed_among",
    "confirmed_items",
    "decided_items",
    "decision_names",
    "held_turn",
    "involvement_counts",
    "listables",
    "opinions",
    "outcome_counts",
    "queue_length",
]
