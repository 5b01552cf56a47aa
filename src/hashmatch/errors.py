"""Every error of the library, each raised with a sentence for whoever must act."""

from typing import Literal

Reason = Literal["unknown_format", "truncated", "too_large", "too_many_frames", "corrupt", "missing"]


class HashmatchError(Exception):
    """Root of the library's errors."""


class UnreadableImage(HashmatchError):  # noqa: N818 - as often a result as a failure
    """A file whose pixels cannot be had. `str()` is a sentence, `.reason` a code to count by.

    Reasons: `unknown_format` (not JPEG, PNG, WebP, GIF, or TIFF of one picture), `truncated` (the end is missing),
    `too_large` (more pixels, or text that inflates to more, than allowed), `too_many_frames`, `corrupt` (damaged
    inside), `missing` (a path that cannot be read).
    """

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason: Reason = reason

    def __reduce__(self) -> tuple[type["UnreadableImage"], tuple[Reason, str]]:
        # The default would call the class with the sentence alone when a worker process sends it back.
        return type(self), (self.reason, str(self))


class InvalidHashes(HashmatchError, ValueError):  # noqa: N818 - as above: names what is wrong
    """Hashes, ids, labels or a radius that the index or the stacking cannot work with."""


class IndexFileError(HashmatchError):
    """An index file that is missing, not ours, damaged, or of another version."""


class MissingPeer(HashmatchError):  # noqa: N818 - as above: names what is wrong
    """A package that a bench compares with is not installed."""
