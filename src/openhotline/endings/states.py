"""What an ending passes through, as data."""

from enum import StrEnum


class EndingState(StrEnum):
    """Where an ending stands. What was begun is brought to its end without a new approval."""

    DRAFTED = "drafted"
    BEGUN = "begun"
    DONE = "done"


TRANSITIONS = {
    EndingState.DRAFTED: {"begin": EndingState.BEGUN},
    EndingState.BEGUN: {"finish": EndingState.DONE},
    EndingState.DONE: {},
}
MOST = 10_000
"""Records that one ending names at most."""
BATCH = 200
"""Records that end in one transaction."""
