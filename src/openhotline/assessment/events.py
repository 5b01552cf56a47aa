"""What assessment announces."""

from dataclasses import dataclass

from openhotline.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ItemDecided(Event):
    """Decisions were published: the undo window has closed. Ids of Decision."""


@dataclass(frozen=True, kw_only=True)
class OutcomesChanged(Event):
    """Changed law gave published decisions other outcomes, without a view. Ids of Decision."""


@dataclass(frozen=True, kw_only=True)
class BasesDue(Event):
    """Entries of what was decided say nothing yet of other places' law. Ids of Decision."""


@dataclass(frozen=True, kw_only=True)
class DecisionsCorrected(Event):
    """Published decisions took the place of others after a review. Ids of Decision, announced after ItemDecided."""


@dataclass(frozen=True, kw_only=True)
class VictimFlagged(Event):
    """An opinion says that a real child's picture was altered, before any decision. Ids of VictimFlag."""
