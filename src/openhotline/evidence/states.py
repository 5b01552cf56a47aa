"""What an item and a capture pass through, as data."""

from enum import StrEnum


class ItemState(StrEnum):
    """Where an item stands."""

    SEALED = "sealed"
    EXAMINED = "examined"
    UNREADABLE = "unreadable"


TRANSITIONS = {
    ItemState.SEALED: {"examine": ItemState.EXAMINED, "refuse": ItemState.UNREADABLE},
    ItemState.EXAMINED: {},
    ItemState.UNREADABLE: {},
}


class CaptureState(StrEnum):
    """How an attempt to capture an address ended."""

    CAPTURED = "captured"
    REFUSED = "refused"
    FAILED = "failed"


class UnreadableReason(StrEnum):
    """Why a file could not be examined. Each has a sentence in ``UNREADABLE_SENTENCES``."""

    EMPTY = "empty"
    UNKNOWN_FORMAT = "unknown_format"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    TOO_MANY_FRAMES = "too_many_frames"
    CORRUPT = "corrupt"
    TIMEOUT = "timeout"
    KILLED = "killed"


UNREADABLE_SENTENCES = {
    UnreadableReason.EMPTY: "The file has no bytes.",
    UnreadableReason.UNKNOWN_FORMAT: "The file is not a JPEG, PNG, WebP or GIF picture.",
    UnreadableReason.TRUNCATED: "The picture ends before it is complete.",
    UnreadableReason.TOO_LARGE: "The picture claims more pixels or data than may be decoded.",
    UnreadableReason.TOO_MANY_FRAMES: "The picture has more frames than may be decoded.",
    UnreadableReason.CORRUPT: "The picture's contents contradict its format.",
    UnreadableReason.TIMEOUT: "The picture took longer to decode than is allowed.",
    UnreadableReason.KILLED: "The picture needed more memory than is allowed, or tried what is not allowed.",
}

MAX_SIDE = 1024
"""Pixels of a reveal's longer side."""
MAX_SEALED = 2 << 20
"""Bytes of sealed file evidence (prompts, thumbnails) kept of one file."""
