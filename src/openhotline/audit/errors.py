"""What the log refuses."""

from openhotline.core.errors import Refusal


class NoteRefused(Refusal):
    """A text is not a checkpoint, a key or a proof of an audit log."""


class NotClosed(Refusal):
    """Something that is no closed value was to be written into the log."""


class ChainRefused(Refusal):
    """The chain of what was taken back has a hole, was cut, or is not ours."""
