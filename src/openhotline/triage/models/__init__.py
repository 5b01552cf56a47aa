"""Tables of triage, and its rules."""

from openhotline.triage.models.held import HeldEntry
from openhotline.triage.models.match import Fingerprint, Match, SharedFrames, stretches
from openhotline.triage.models.rules import Rules, Seen, read_rules
from openhotline.triage.models.second_look import SecondLook
from openhotline.triage.models.selection import Selection
from openhotline.triage.models.share import Share
from openhotline.triage.models.sheet import SheetTile, SortingSheet
from openhotline.triage.models.stack import Stack, StackMember

__all__ = [
    "Fingerprint",
    "HeldEntry",
    "Match",
    "Rules",
    "SecondLook",
    "Seen",
    "Selection",
    "Share",
    "SharedFrames",
    "SheetTile",
    "SortingSheet",
    "Stack",
    "StackMember",
    "read_rules",
    "stretches",
]
