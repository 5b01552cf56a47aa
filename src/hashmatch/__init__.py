"""Canonical pixels, PDQ, exact radius search and stacking of near duplicates. See README.md.

Nothing is imported (numba least of all) until a name is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashmatch import pdq
    from hashmatch.errors import HashmatchError, IndexFileError, InvalidHashes, UnreadableImage
    from hashmatch.index import Index
    from hashmatch.matches import Matches
    from hashmatch.stacking import stack
    from hashmatch.turning import turned

_HOME = {
    "HashmatchError": "errors",
    "Index": "index",
    "IndexFileError": "errors",
    "InvalidHashes": "errors",
    "Matches": "matches",
    "UnreadableImage": "errors",
    "stack": "stacking",
    "turned": "turning",
}

__all__ = [
    "HashmatchError",
    "Index",
    "IndexFileError",
    "InvalidHashes",
    "Matches",
    "UnreadableImage",
    "pdq",
    "stack",
    "turned",
]


def __getattr__(name: str) -> Any:
    if name == "pdq":
        return import_module("hashmatch.pdq")
    if name not in _HOME:
        raise AttributeError(f"module 'hashmatch' has no attribute {name!r}")
    return getattr(import_module(f"hashmatch.{_HOME[name]}"), name)
