"""Reading assessment: the queue, what was decided, and what later stages need of it."""

from openhotline.assessment.queries.agreement import Agreements, agreements
from openhotline.assessment.queries.confirmed import (
    addresses_of,
    conclusions_of,
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
from openhotline.assessment.queries.queue import Given, at_hand, earlier_opinions, held_turn, queue_length, reserved
from openhotline.assessment.queries.second import second_opinion_rules

__all__ = [
    "Agreements",
    "Given",
    "Opinions",
    "addresses_of",
    "agreements",
    "assessed_among",
    "at_hand",
    "conclusions_of",
    "confirmed_among",
    "confirmed_items",
    "decided_items",
    "decision_names",
    "earlier_opinions",
    "held_turn",
    "involvement_counts",
    "listables",
    "opinions",
    "outcome_counts",
    "queue_length",
    "reserved",
    "second_opinion_rules",
]
