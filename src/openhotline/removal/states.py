"""What a removal passes through, as data."""

from dataclasses import dataclass
from enum import StrEnum


class RemovalState(StrEnum):
    """Where the removal of an address stands."""

    OPENED = "opened"
    HELD = "held"
    HOST_UNKNOWN = "host_unknown"
    NOTICE_DUE = "notice_due"
    NOTICED = "noticed"
    GONE = "gone"


TRANSITIONS = {
    RemovalState.OPENED: {
        "find_host": RemovalState.NOTICE_DUE,
        "host_not_found": RemovalState.HOST_UNKNOWN,
        "hold": RemovalState.HELD,
    },
    RemovalState.HELD: {"release_hold": RemovalState.NOTICE_DUE},
    RemovalState.HOST_UNKNOWN: {"find_host": RemovalState.NOTICE_DUE},
    RemovalState.NOTICE_DUE: {"send_notice": RemovalState.NOTICED, "hold": RemovalState.HELD},
    RemovalState.NOTICED: {"third_miss": RemovalState.GONE},
    RemovalState.GONE: {},
}
MISSES_UNTIL_GONE = 3


class Seen(StrEnum):
    """What a re-check saw. Unclear counts neither way: a person looks."""

    PRESENT = "present"
    MISSED = "missed"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Classification:
    """How an outcome and its letter are classified in XARF; ``verified`` once the format's owner confirmed it."""

    outcome: str
    category: str
    value: str
    verified: bool


BASELINE = "baseline"
# The format wants one of baseline, A1, A2, B1, B2 and does not say how national categories map to them. Until a mapping
# was confirmed, everything is sent as baseline and the legal basis stands beside it in words.
CLASSIFICATIONS = (
    Classification("photograph", "A", BASELINE, verified=False),
    Classification("photograph", "B", BASELINE, verified=False),
    Classification("photograph", "C", BASELINE, verified=False),
    Classification("pseudo_photograph", "A", BASELINE, verified=False),
    Classification("pseudo_photograph", "B", BASELINE, verified=False),
    Classification("pseudo_photograph", "C", BASELINE, verified=False),
    Classification("prohibited_image", "", BASELINE, verified=False),
)
