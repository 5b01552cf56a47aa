"""When somebody may look, and what a look counts: free of database, HTTP and clock."""

from datetime import datetime

from openhotline.exposure.states import GLIMPSE_SECONDS, SECONDS_A_PICTURE, Look, break_until, check_may_look

__all__ = [
    "GLIMPSE_SECONDS",
    "SECONDS_A_PICTURE",
    "Look",
    "break_until",
    "check_may_look",
    "counted_seconds",
    "seconds_saved",
]


def counted_seconds(*, claimed: float, shown_at: datetime, now: datetime) -> float:
    """Return what a look counts: what the page says, never more than has passed since the bytes were shown."""
    return min(max(0.0, claimed), max(0.0, (now - shown_at).total_seconds()))


def seconds_saved(*, settled_unseen: int, seconds_a_picture: float) -> float:
    """Return the looking that was not needed: pictures settled without a full look, times what one takes."""
    return settled_unseen * seconds_a_picture
