"""What removal concludes and how it writes: free of database, HTTP and clock."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import TypeVar

from openhotline.removal.states import Seen

ADDRESSES_A_NOTICE = 50
CHECK_EVERY = timedelta(hours=12)
ASK_HOST_AGAIN = timedelta(hours=24)
HOST_STAYS = timedelta(days=7)
# A step that follows an event gets this long before what it left is taken up again by the clock.
TAKE_UP_AFTER = timedelta(minutes=15)
NOT_THERE = frozenset({404, 410, 451})
# Codes of a failed fetch that mean the site itself does not answer.
DOES_NOT_ANSWER = frozenset({"name", "connection"})

Thing = TypeVar("Thing")


def seen_in(status: int, content_type: str, *, picture: bool) -> Seen:
    """Say what an answer means for an address. ``picture``: the address itself was a picture when it was captured."""
    if status in NOT_THERE:
        return Seen.MISSED
    if not 200 <= status < 300:
        return Seen.UNCLEAR
    # A page in place of the picture may say "removed", or only keep robots out: a person looks.
    return Seen.UNCLEAR if picture and not content_type.lower().startswith("image/") else Seen.PRESENT


def seen_in_failure(code: str) -> Seen:
    """Say what a fetch that did not work means: a site that does not answer is a miss, anything else is unclear."""
    return Seen.MISSED if code in DOES_NOT_ANSWER else Seen.UNCLEAR


def defanged(url: str) -> str:
    """Return an address that no program makes clickable: ``hxxps://host[.]example/path``."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.replace('http', 'hxxp')}://{host.replace('.', '[.]')}{slash}{path}"


def in_lots(things: Sequence[Thing], size: int = ADDRESSES_A_NOTICE) -> Iterator[Sequence[Thing]]:
    """Yield a list in parts of at most ``size``."""
    for start in range(0, len(things), size):
        yield things[start : start + size]


def sentence(text: str) -> str:
    """Return a sentence as long as its column holds."""
    return text if len(text) <= 300 else f"{text[:299]}…"


def counted(seen: Iterable[Seen]) -> dict[Seen, int]:
    """Return how often each was seen, zero included."""
    found = list(seen)
    return {one: found.count(one) for one in Seen}
