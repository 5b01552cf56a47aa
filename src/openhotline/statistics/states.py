"""What a figure is."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop

SMALLEST = 5
"""Counts from 1 to 4 are not published: they could point at somebody."""


@dataclass(frozen=True)
class Figure:
    """One count, with what it counts, of what, and what it takes for a duplicate.

    ``unit`` and ``of`` are keys of ``UNITS``; the other texts are shown in the language of the page.
    """

    name: str
    value: int
    unit: str
    of: str = ""
    denominator: int | None = None
    duplicates: str = ""
    partition: str = ""
    """Parts with the same word here add up to one whole."""
    letter: str = ""
    """The category, where a name is counted by letters."""

    @property
    def key(self) -> str:
        """Tell it from every other figure of its table."""
        return f"{self.name}, {self.letter}" if self.letter else self.name


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


EVERY_FILE = gettext_noop("A file found twice counts twice.")
UNIQUE = gettext_noop("The same bytes count once.")
ALIKE = gettext_noop("Pictures at most 31 of 256 bits from the first of their stack count as one stack.")
ADDRESS = gettext_noop("The same canonical address counts once.")

# Number and word are one text: what the word looks like after a number differs by language.
UNITS = {
    "addresses": gettext_noop("%(count)s addresses"),
    "decisions": gettext_noop("%(count)s decisions"),
    "different files": gettext_noop("%(count)s different files"),
    "entries": gettext_noop("%(count)s entries"),
    "files": gettext_noop("%(count)s files"),
    "files decided": gettext_noop("%(count)s files decided"),
    "files found": gettext_noop("%(count)s files found"),
    "items": gettext_noop("%(count)s items"),
    "looks": gettext_noop("%(count)s looks"),
    "mails": gettext_noop("%(count)s mails"),
    "opinions": gettext_noop("%(count)s opinions"),
    "reports": gettext_noop("%(count)s reports"),
    "seconds": gettext_noop("%(count)s seconds"),
    "stacks": gettext_noop("%(count)s stacks"),
    "tiles": gettext_noop("%(count)s tiles"),
}
