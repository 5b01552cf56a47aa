"""What can go wrong in assessment."""

from openhotline.core.errors import Missing, NotNow


class TurnMissing(Missing):
    """There is no such turn, or it is another person's."""


class TurnOver(NotNow):
    """The turn was decided, or its time ran out and it was given to somebody else."""


class NotSeen(NotNow):
    """Facts would rest on a look that this person did not have."""


class TooLateToUndo(NotNow):
    """The undo window has closed, or somebody has already built on it."""


class RederivationOver(NotNow):
    """The pass is finished or superseded, or the rules have changed since it began."""
