"""What triage announces."""

from dataclasses import dataclass

from openhotline.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ItemsTriaged(Event):
    """Items have matches, a stack, a place in the order and, where a machine rule spoke, a selection. Ids of Item."""


@dataclass(frozen=True, kw_only=True)
class ItemsSelected(Event):
    """Items go to assessment. Ids of Item."""


@dataclass(frozen=True, kw_only=True)
class ItemsSetAside(Event):
    """Items do not go to assessment. Ids of Item."""


@dataclass(frozen=True, kw_only=True)
class ItemsCalledUp(Event):
    """What is known of triaged items has changed: they are judged again. Ids of Item."""


@dataclass(frozen=True, kw_only=True)
class PrioritiesChanged(Event):
    """Stacks have another place in the order. Ids of Stack."""


@dataclass(frozen=True, kw_only=True)
class HeldEntriesChanged(Event):
    """Entries are held as a flood, or somebody decided on them. Ids of HeldEntry."""
