"""Tables of triage."""

from openhotline.triage.models.match import Match
from openhotline.triage.models.selection import Selection
from openhotline.triage.models.sheet import SheetTile, SortingSheet
from openhotline.triage.models.stack import Stack, StackMember
from openhotline.triage.models.video_match import VideoMatch

__all__ = ["Match", "Selection", "SheetTile", "SortingSheet", "Stack", "StackMember", "VideoMatch"]
