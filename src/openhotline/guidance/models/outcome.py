"""What an outcome says: numbered steps of sentences, each with its sources, and who can help."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from openhotline.guidance.models.condition import Condition
from openhotline.guidance.models.table import Table
from openhotline.guidance.states import LINKS, Person


@dataclass(frozen=True)
class Names:
    """What files may refer to: nations, sources and entries of the directory, by id."""

    nations: tuple[str, ...]
    sources: tuple[str, ...]
    entries: tuple[str, ...]


@dataclass(frozen=True)
class Sentence:
    """One statement. `nations` empty: for everybody; otherwise for readers who work there, because a source says so."""

    text: str
    sources: tuple[str, ...]
    nations: tuple[str, ...]
    when: Condition | None

    @classmethod
    def read(cls, table: Table, names: Names) -> Self:
        """Read one out of a file. Raises GuidanceInvalid."""
        found = cls(
            text=table.text("text"),
            sources=table.some_of("from", names.sources),
            nations=table.some_of("nations", names.nations) if table.has("nations") else (),
            when=read_when(table),
        )
        table.end()
        return found


@dataclass(frozen=True)
class Step:
    """One numbered step. `link`: a name of `states.LINKS`, or empty; `words`: what else people call it, for search."""

    title: str
    sentences: tuple[Sentence, ...]
    link: str
    words: str
    when: Condition | None

    @classmethod
    def read(cls, table: Table, names: Names) -> Self:
        """Read one out of a file. Raises GuidanceInvalid."""
        found = cls(
            title=table.text("title"),
            sentences=tuple(Sentence.read(one, names) for one in table.tables("say")),
            link=table.one_of("link", LINKS) if table.has("link") else "",
            words=table.optional_text("words"),
            when=read_when(table),
        )
        if not found.sentences:
            table.refuse("say", "a step says one sentence or more.")
        table.end()
        return found

    def under(self, when: Condition | None) -> "Step":
        """This step under a further condition."""
        if when is None or self.when is None:
            return replace(self, when=when or self.when)
        return replace(self, when=Condition("all", parts=(when, self.when)))


@dataclass(frozen=True)
class Offer:
    """A service that an outcome names, and for whom."""

    entry: str
    to: Person
    when: Condition | None

    @classmethod
    def read(cls, table: Table, names: Names) -> Self:
        """Read one out of a file. Raises GuidanceInvalid."""
        found = cls(table.one_of("entry", names.entries), table.choice("to", Person), read_when(table))
        table.end()
        return found


@dataclass(frozen=True)
class Outcome:
    """Where a path ends. `checked`: the day its sentences were held against their sources."""

    id: str
    title: str
    nations: tuple[str, ...]
    checked: date
    next_review: date
    steps: tuple[Step, ...]
    offers: tuple[Offer, ...]

    @classmethod
    def read(cls, table: Table, names: Names, blocks: Mapping[str, tuple[Step, ...]]) -> Self:
        """Read one out of a file; a step may `use` a block by its id. Raises GuidanceInvalid."""
        found = cls(
            id=table.text("id"),
            title=table.text("title"),
            nations=table.some_of("nations", names.nations),
            checked=table.day("checked"),
            next_review=table.day("next_review"),
            steps=tuple(step for one in table.tables("step") for step in _steps(one, names, blocks)),
            offers=tuple(Offer.read(one, names) for one in table.tables("offer")),
        )
        if not found.steps:
            table.refuse("step", "an outcome has one step or more.")
        if found.next_review <= found.checked:
            table.refuse("next_review", "the next review lies after the day of checking.")
        table.end()
        return found

    def sources(self) -> list[str]:
        """The sources of all sentences, each once, in the order of their first use."""
        return list(dict.fromkeys(name for step in self.steps for one in step.sentences for name in one.sources))


def _steps(table: Table, names: Names, blocks: Mapping[str, tuple[Step, ...]]) -> tuple[Step, ...]:
    if not table.has("use"):
        return (Step.read(table, names),)
    used = blocks[table.one_of("use", blocks)]
    when = read_when(table)
    table.end()
    return tuple(step.under(when) for step in used)


def read_when(table: Table) -> Condition | None:
    """The condition of a table, or None where it has none. Raises GuidanceInvalid."""
    return Condition.read(table.take("when"), f"{table.place}, when") if table.has("when") else None
