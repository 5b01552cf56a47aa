"""What can go wrong with lists and releases."""

from openhotline.core.errors import NotNow, Refusal


class ReleaseRefused(Refusal):
    """A release file is not what it claims to be, or is not for this installation."""


class NothingToRelease(NotNow):
    """Nothing changed since the last release, or another one is on its way."""


class LineRefused(Refusal):
    """A line of an imported list is not a SHA-256."""
