"""Provenance evidence of a file: what it says of its own origin, and how far that carries.

Reading and describing evidence is light; what examines a file (decoders, the native reader) is imported when
`examine` or `warm` is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from fileorigin.evidence import AiInvolvement, Evidence, Finding, Human, RealBasis, Status, Strength, Tag, moment
from fileorigin.output import written
from fileorigin.sentences import describe
from fileorigin.trust import TrustLists

if TYPE_CHECKING:
    from fileorigin.examination import examine
    from fileorigin.warming import warm

_HOME = {"examine": "examination", "warm": "warming"}

__all__ = [
    "AiInvolvement",
    "Evidence",
    "Finding",
    "Human",
    "RealBasis",
    "Status",
    "Strength",
    "Tag",
    "TrustLists",
    "describe",
    "examine",
    "moment",
    "warm",
    "written",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'fileorigin' has no attribute {name!r}")
    return getattr(import_module(f"fileorigin.{_HOME[name]}"), name)
