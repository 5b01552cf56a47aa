"""A partner's exploitative list, as tests let it be given."""

from openhotline.hashlists.models.their_formats import Theirs
from openhotline.hashlists.services.import_theirs import Origin
from openhotline.hashlists.states import HashKind, Sharing, Stream, Verdict

OURS, THEIRS, MD5, SHA1 = "c3" * 32, "5a" * 32, "a" * 32, "b" * 40
ORIGIN = Origin("their exploitative list", Verdict.EXPLOITATIVE, "Example Partner", Sharing.ONWARD)
BOTH = (Stream.ORDINARY, Stream.GENERATIVE_AI, Stream.EXPLOITATIVE)


def entry_of(place: int, name: str = "", **hashes: str) -> list[Theirs]:
    """Return the lines of one entry of a partner's list."""
    return [Theirs(place, HashKind(kind), value, name=name) for kind, value in hashes.items()]
