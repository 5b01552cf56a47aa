"""What hashlists announces."""

from dataclasses import dataclass

from openhotline.core.events import Event


@dataclass(frozen=True, kw_only=True)
class EntriesListed(Event):
    """Confirmed items became entries. Ids of Entry."""


@dataclass(frozen=True, kw_only=True)
class ReleasePublished(Event):
    """A signed release is out. Ids of Release."""
