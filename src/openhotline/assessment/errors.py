"""What can go wrong in assessment."""

from openhotline.core.errors import Missing, NotNow


class TurnMissing(Missing):
    """There is no such turn, or it is another person's."""


class TurnOver(NotNow):
    """The turn was decided, or its time ran out and it was given to somebody else."""


class NotSeen(NotNow):
    """A picture would be decided that this person was not shown, not even blurred."""


class TooLateToUndo(NotNow):
    """The undo window has closed, or somebody has already built on it."""


class RederivationOver(NotNow):
    """The pass is finished or superseded, or the rules have changed since it began."""
