"""Tables of triage."""

from openhotline.triage.models.match import Match
from openhotline.triage.models.selection import Selection
from openhotline.triage.models.sheet import SheetTile, SortingSheet
from openhotline.triage.models.stack import Stack, StackMember

__all__ = ["Match", "Selection", "SheetTile", "SortingSheet", "Stack", "StackMember"]
