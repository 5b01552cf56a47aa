"""What a removal passes through, as data."""

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
