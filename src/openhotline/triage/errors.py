"""What can go wrong in triage."""

from openhotline.core.errors import Missing, NotNow


class SheetMissing(Missing):
    """There is no such sheet, or it is another person's."""


class SheetDone(NotNow):
    """The sheet was finished before."""
