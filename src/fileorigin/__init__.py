"""Provenance evidence of a file: what it says of its own origin, and how far that carries."""

from fileorigin.credentials import TrustLists
from fileorigin.evidence import AiInvolvement, Evidence, Finding, RealBasis, Status, Strength
from fileorigin.examination import examine
from fileorigin.sentences import describe
from fileorigin.warming import warm

__all__ = [
    "AiInvolvement",
    "Evidence",
    "Finding",
    "RealBasis",
    "Status",
    "Strength",
    "TrustLists",
    "describe",
    "examine",
    "warm",
]
