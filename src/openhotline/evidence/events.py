"""What evidence announces."""

from dataclasses import dataclass

from openhotline.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ItemsSealed(Event):
    """New items were sealed and wait to be examined. Ids of Item."""


@dataclass(frozen=True, kw_only=True)
class ItemsSeenAgain(Event):
    """Items that were known already came in with another report. Ids of Item."""


@dataclass(frozen=True, kw_only=True)
class ItemsExamined(Event):
    """Items were examined, or found unreadable. Ids of Item."""


@dataclass(frozen=True, kw_only=True)
class AddressCaptured(Event):
    """The capture of addresses ended, well or not. Ids of Capture."""
