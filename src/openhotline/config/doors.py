"""The doors as data: which pages each serves, and which keys its process needs and nobody else should give it."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Door:
    """One door: its root URL configuration, and the names (or patterns) of the keys that its process reads."""

    urlconf: str
    keys: frozenset[str]


SEEING = frozenset({"secret.key", "epoch-*.key"})
WORKING = SEEING | {"columns.key", "lookup.key", "receipt.key", "intake.key", "intake.pub", "release.key", "audit.key"}
DOORS = {
    # The public door seals to a key that it cannot open, and knows receipts by a keyed hash: of what came in before
    # it can read nothing. Its secret.key is one of its own; the desk and the media door share another.
    "public": Door("openhotline.config.urls_public", frozenset({"secret.key", "intake.pub", "receipt.key"})),
    # The desk reads what was typed in, and builds and signs releases and packages. It signs no checkpoint of the log.
    "desk": Door("openhotline.config.urls_desk", WORKING - {"audit.key"}),
    # The media door opens files, and no encrypted column.
    "media": Door("openhotline.config.urls_media", SEEING),
    "members": Door("openhotline.config.urls_members", frozenset({"secret.key", "receipt.key"})),
    # No door: the worker, which screens, captures, examines and seals the log, and the operator's commands.
    "worker": Door("openhotline.config.urls_members", WORKING),
    # One process for everything, for practice on one machine.
    "all": Door("openhotline.config.urls_all", WORKING),
}


def missing_keys(door: str, there: Iterable[str]) -> list[str]:
    """Return the keys that a door needs and that are not among the file names given."""
    names = list(there)
    return sorted(key for key in DOORS[door].keys if not any(fnmatchcase(name, key) for name in names))


def needless_keys(door: str, there: Iterable[str]) -> list[str]:
    """Return the keys among the file names given that a door has no use for: whoever takes the door takes them too."""
    return sorted(
        name
        for name in there
        if name.endswith((".key", ".pub")) and not any(fnmatchcase(name, key) for key in DOORS[door].keys)
    )
