"""What hashlists announces."""

from dataclasses import dataclass

from openhotline.core.events import AT_ONCE, Event


@dataclass(frozen=True, kw_only=True)
class EntriesListed(Event):
    """Confirmed items became entries. Ids of Entry."""


@dataclass(frozen=True, kw_only=True)
class ReleasePublished(Event):
    """A signed release is out, to be answered from at once. Ids of Release."""

    queue = AT_ONCE


@dataclass(frozen=True, kw_only=True)
class EditionsDue(Event):
    """A signed release is out, of which each member is given an edition in its turn. Ids of Release."""


@dataclass(frozen=True, kw_only=True)
class SealedReleased(Event):
    """A version of the list of addresses, or of self-reported hashes, is out. Ids of SealedRelease."""


@dataclass(frozen=True, kw_only=True)
class MembersAdmitted(Event):
    """Organisations were admitted as members. Ids of Member, which are those of Partner."""


@dataclass(frozen=True, kw_only=True)
class EntriesQuestioned(Event):
    """A member says that entries may be wrong. Ids of Entry."""


@dataclass(frozen=True, kw_only=True)
class KnownFilesAdded(Event):
    """An imported list has more files. Ids of KnownFile."""


@dataclass(frozen=True, kw_only=True)
class KnownPicturesChanged(Event):
    """Pictures of an imported list are new, or are matched in another way from now on. Ids of KnownPicture."""


@dataclass(frozen=True, kw_only=True)
class EntriesRevised(Event):
    """A later decision says something else of entries than the list did. Ids of Entry."""


@dataclass(frozen=True, kw_only=True)
class EntriesMoved(Event):
    """A later decision put entries into another stream, where they are to be found at once. Ids of Entry."""

    queue = AT_ONCE


@dataclass(frozen=True, kw_only=True)
class EntriesWithdrawn(Event):
    """Entries left our list. Ids of Entry."""
