"""What can go wrong with a backup."""

from openhotline.core.errors import Refusal


class ArchiveRefused(Refusal):
    """A backup that is not whole, not ours, or does not fit here; the sentence says which and what to do."""
