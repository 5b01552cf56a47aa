"""What a figure is."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop

from openhotline.law.states import AiInvolvement

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


@dataclass(frozen=True)
class Series:
    """What is counted of each day: in which unit, by what it is parted, on which day it counts, what a duplicate is."""

    title: str
    unit: str
    parts: str
    day: str
    duplicates: str = ""


SERIES = {
    "reports": Series("Reports received", "reports", "source", "the report was sent", "A form sent twice counts once."),
    "found": Series("Files found", "files", "", "the file was seen", EVERY_FILE),
    "items": Series("Different files", "items", "", "the bytes came in first", UNIQUE),
    "decided": Series("Decided", "items", "outcome here", "the decision was published", UNIQUE),
    "involvement": Series(
        "Decided, by AI involvement", "items", "AI involvement", "the decision was published", UNIQUE
    ),
    "confirmed": Series("Criminal here", "items", "AI involvement", "the decision was published", UNIQUE),
    "commercial": Series("Criminal here", "items", "commercial", "the decision was published", UNIQUE),
    "opinions": Series("Opinions given", "opinions", "opinion", "the opinion was given"),
    "disagreed": Series("Decisions after a disagreement", "decisions", "", "the decision was published"),
    "removals": Series("Addresses to be removed", "addresses", "", "the removal was opened", ADDRESS),
    "notices": Series("Notices sent", "mails", "", "the mail went out"),
    "noticed": Series("Addresses noticed", "addresses", "country of the host", "the first notice was sent", ADDRESS),
    "gone": Series("Addresses gone", "addresses", "time from the first notice", "the third miss was seen", ADDRESS),
    "referred": Series("Referred to police", "items", "", "the package was built", UNIQUE),
    "looks": Series("Looks", "looks", "kind of look", "the look was granted"),
    "seconds": Series("Time of looks", "seconds", "whose time", "the look was granted"),
}
"""What is counted of each day. Names and parts are codes; the words stand in ``policies.words_of``."""

OF_DECISIONS = frozenset({"decided", "involvement", "confirmed", "commercial", "disagreed"})
"""Series that changed law or a later correction may change for a day long gone."""

LASTING = frozenset(SERIES) - {"looks", "seconds"}
"""Series whose rows the retention table does not delete by itself, so that an old month can be counted again."""

UNKNOWN = "not_determined"


@dataclass(frozen=True)
class Line:
    """One figure of a report. ``value`` None: there was nothing to measure. ``basis``: how many were measured."""

    key: str
    name: str
    value: float | None
    basis: int | None = None


@dataclass(frozen=True)
class Section:
    """Figures of one unit that were counted alike, and how, in a sentence for everybody.

    ``whole``: the key of the figure that these lines are parts of, which they add up to.
    """

    key: str
    title: str
    unit: str
    how: str
    lines: tuple[Line, ...]
    whole: str = ""
    duplicates: str = ""


EVERY = "*"
QUARTER_LINES = (
    ("reports", EVERY),
    ("reports", "public"),
    ("found", EVERY),
    ("items", EVERY),
    ("decided", EVERY),
    ("confirmed", EVERY),
    *(("confirmed", one.value) for one in AiInvolvement),
    ("commercial", "yes"),
    ("removals", EVERY),
    ("noticed", EVERY),
    ("gone", EVERY),
    ("gone", "1_day"),
    ("gone", "3_days"),
    ("gone", "7_days"),
    ("referred", EVERY),
)
"""Lines of the quarterly table, as series and part: in the form in which associations of hotlines ask for them."""
