"""What can go wrong in triage."""

from openhotline.core.errors import Missing, NotNow, Refusal


class SheetMissing(Missing):
    """There is no such sheet, or it is another person's."""


class SheetDone(NotNow):
    """The sheet was finished before, or can no longer be taken back."""


class SheetUnseen(NotNow):
    """A tile would be set aside of a sheet that this person was not shown."""


class ReasonRefused(Refusal):
    """A reason that a person cannot give at a sorting sheet."""


class HeldMissing(Missing):
    """There is no such held entry."""


class HeldDecided(NotNow):
    """Somebody has decided on the held entry before."""


class StackMissing(Missing):
    """There is no such stack."""
