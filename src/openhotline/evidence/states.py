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


class PurgeState(StrEnum):
    """Where a purge stands. Begun: the tombstones are written; it is brought to its end whatever happens."""

    DRAFTED = "drafted"
    BEGUN = "begun"
    DONE = "done"


PURGE_TRANSITIONS = {
    PurgeState.DRAFTED: {"begin": PurgeState.BEGUN},
    PurgeState.BEGUN: {"finish": PurgeState.DONE},
    PurgeState.DONE: {},
}


class PurgeReason(StrEnum):
    """Why items are purged: one of these, never free text."""

    RETENTION_ENDED = "retention_ended"
    OUTSIDE_AUTHORITY = "outside_authority"
    COURT_ORDER = "court_order"
    HANDED_OVER = "handed_over"
    RIGHT_TO_ERASURE = "right_to_erasure"


MOST_PURGED = 10_000
"""Items of one purge: its manifest is one row, and a person has to look at it."""


class Work(StrEnum):
    """Work on the keys that needs two people."""

    BEGIN_EPOCH = "begin_epoch"
    RETIRE_EPOCH = "retire_epoch"
    NAME_CUSTODIANS = "name_custodians"
    WRAP_OFFLINE = "wrap_offline"
    COPY_STORE = "copy_store"


MOST_COPY_DAYS = 366
"""How long two people may allow copies of the key store into one folder, so that they can be made by the clock."""


class UnreadableReason(StrEnum):
    """Why a file could not be examined. Each has a sentence in ``UNREADABLE_SENTENCES``."""

    EMPTY = "empty"
    UNKNOWN_FORMAT = "unknown_format"
    OTHER_KIND = "other_kind"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    TOO_MANY_BYTES = "too_many_bytes"
    TOO_MANY_FRAMES = "too_many_frames"
    CORRUPT = "corrupt"
    TIMEOUT = "timeout"
    KILLED = "killed"


UNREADABLE_SENTENCES = {
    UnreadableReason.EMPTY: "The file has no bytes.",
    UnreadableReason.UNKNOWN_FORMAT: "The file is no picture and no video of the kinds that are known here.",
    UnreadableReason.OTHER_KIND: (
        "It is a picture or a video whose pixels are not decoded here: BMP, JPEG XL, the raw file of a camera, a TIFF, "
        "HEIF or AVIF that holds several pictures or is packed in a rare way, or a video of another kind."
    ),
    UnreadableReason.TRUNCATED: "The picture ends before it is complete.",
    UnreadableReason.TOO_MANY_BYTES: "The file has more bytes than are given to the sandbox, so it was not examined.",
    UnreadableReason.TOO_LARGE: "The picture claims more pixels or data than may be decoded.",
    UnreadableReason.TOO_MANY_FRAMES: "The picture has more frames than may be decoded.",
    UnreadableReason.CORRUPT: "The picture's contents contradict its format.",
    UnreadableReason.TIMEOUT: "The examination of the file took longer than is allowed.",
    UnreadableReason.KILLED: "The picture needed more memory than is allowed, or tried what is not allowed.",
}
UNREADABLE_WORDS = {
    UnreadableReason.EMPTY: "empty",
    UnreadableReason.UNKNOWN_FORMAT: "no known kind of file",
    UnreadableReason.OTHER_KIND: "not decoded here",
    UnreadableReason.TRUNCATED: "it breaks off",
    UnreadableReason.TOO_MANY_BYTES: "too many bytes",
    UnreadableReason.TOO_LARGE: "too large",
    UnreadableReason.TOO_MANY_FRAMES: "too many frames",
    UnreadableReason.CORRUPT: "damaged",
    UnreadableReason.TIMEOUT: "it took too long",
    UnreadableReason.KILLED: "stopped when opened",
}
"""The same in as few words as a tile has room for."""
GAVE_UP = frozenset({UnreadableReason.TIMEOUT, UnreadableReason.KILLED})
"""The file was not read to its end: this may lie in the machine, and says nothing of the picture."""
UNSEEN = frozenset(UnreadableReason) - {UnreadableReason.EMPTY}
"""Somebody may see something in it elsewhere, or with another program: a person decides what becomes of it."""

MAX_SIDE = 1024
# The first step of a reveal: enough to tell most pictures apart, and a tenth of the pixels.
SMALL_SIDE = 320
"""Pixels of a reveal's longer side."""
MAX_SEALED = 2 << 20
"""Bytes of sealed file evidence (prompts, thumbnails) kept of one file."""
TILE_SIDE = 160
"""Pixels of the longer side of the small grey picture that stands for a file."""
MOST_FRAMES = 64
"""Frames that are hashed of one video."""
LEAST_FRAME_QUALITY = 50
"""PDQ quality below which a frame says too little to be compared."""
