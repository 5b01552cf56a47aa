"""What a figure is."""

from dataclasses import dataclass
from datetime import datetime

SMALLEST = 5
"""Counts from 1 to 4 are not published: they could point at somebody."""


@dataclass(frozen=True)
class Figure:
    """One count, with what it counts, of what, and what it takes for a duplicate."""

    name: str
    value: int
    unit: str
    of: str = ""
    denominator: int | None = None
    duplicates: str = ""
    partition: str = ""
    """Parts with the same word here add up to one whole."""


@dataclass(frozen=True)
class Table:
    """Figures that belong together."""

    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Figures:
    """Tables of figures, and the funnel from found to confirmed, at ``at``."""

    at: datetime
    tables: tuple[Table, ...]
    funnel: tuple[Figure, ...]


EVERY_FILE = "A file found twice counts twice."
UNIQUE = "The same bytes count once."
ALIKE = "Pictures at most 31 of 256 bits from the first of their stack count as one stack."
ADDRESS = "The same canonical address counts once."
