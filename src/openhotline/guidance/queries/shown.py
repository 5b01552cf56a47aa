"""What a reader sees of an outcome: the sentences that are for them, in their language, each with its sources."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext

from openhotline.guidance.models.guidance import Guidance
from openhotline.guidance.models.outcome import Sentence, Step
from openhotline.guidance.models.paths import Path
from openhotline.guidance.models.source import Entry, Source

Fill = Mapping[str, str]


@dataclass(frozen=True)
class ShownSource:
    """A source with its number on the page."""

    number: int
    source: Source
    nations: str
    overdue: bool


@dataclass(frozen=True)
class ShownSentence:
    """A sentence: `unchecked` when nobody has read any of its sources, `elsewhere` when none speaks of this nation."""

    text: str
    sources: tuple[ShownSource, ...]
    unchecked: bool
    elsewhere: bool
    specific: bool


@dataclass(frozen=True)
class ShownStep:
    """A step with its number on the page. `because`: the condition in words, for whoever checks facts."""

    number: int
    title: str
    sentences: tuple[ShownSentence, ...]
    link: str
    because: str


@dataclass(frozen=True)
class ShownOffer:
    """A service of the directory, in the reader's language."""

    entry: Entry
    what: str
    for_whom: str
    nations: str
    overdue: bool

    @property
    def phone_link(self) -> str:
        """The number as a device dials it."""
        return self.entry.phone.replace(" ", "")


@dataclass
class ShownOutcome:
    """A whole outcome for one reader."""

    title: str
    nation: str
    other: bool
    steps: list[ShownStep] = field(default_factory=list)
    offers: list[ShownOffer] = field(default_factory=list)
    sources: dict[str, ShownSource] = field(default_factory=dict)

    @property
    def specific(self) -> int:
        """How many sentences are for this nation because a source says so."""
        return sum(one.specific for step in self.steps for one in step.sentences)

    @property
    def unchecked(self) -> int:
        """How many sentences rest on sources that nobody has read yet."""
        return sum(one.unchecked for step in self.steps for one in step.sentences)

    @property
    def elsewhere(self) -> int:
        """How many sentences rest on sources that do not speak of this nation."""
        return sum(one.elsewhere for step in self.steps for one in step.sentences)


def say(text: str, fill: Fill) -> str:
    """Return a text of the files in the reader's language, with the hotline's own names and numbers filled in."""
    if not text:
        return ""
    said = gettext(text)
    try:
        return said.format_map(fill)
    except (KeyError, ValueError, IndexError):
        # A translation with a spoilt bracket must not take the sentence away.
        return text.format_map(fill)


def shown_outcome(path: Path, guidance: Guidance, fill: Fill, today: date) -> ShownOutcome:
    """Return the outcome of a path as its reader sees it. The path has to have come to one."""
    outcome = path.outcome
    assert outcome is not None
    nation = guidance.nations[path.nation]
    page = ShownOutcome(say(outcome.title, fill), gettext(nation.name), nation.other)
    for step in outcome.steps:
        if path.flow.holds(step.when, path.known):
            _add_step(page, step, path, guidance, fill, today)
    page.offers = [
        shown_offer(guidance.entries[one.entry], guidance, fill, today)
        for one in outcome.offers
        if path.flow.holds(one.when, path.known) and _for(path.nation, guidance.entries[one.entry], other=nation.other)
    ]
    return page


def _for(nation: str, entry: Entry, *, other: bool) -> bool:
    return other or nation in entry.nations


def _add_step(page: ShownOutcome, step: Step, path: Path, guidance: Guidance, fill: Fill, today: date) -> None:
    sentences = tuple(
        _sentence(page, one, path, guidance, fill, today)
        for one in step.sentences
        if path.flow.holds(one.when, path.known) and (not one.nations or path.nation in one.nations)
    )
    if sentences:
        because = step.when.in_words() if step.when else ""
        page.steps.append(ShownStep(len(page.steps) + 1, say(step.title, fill), sentences, step.link, because))


def _sentence(
    page: ShownOutcome, one: Sentence, path: Path, guidance: Guidance, fill: Fill, today: date
) -> ShownSentence:
    sources = [guidance.sources[name] for name in one.sources]
    for source in sources:
        if source.id not in page.sources:
            page.sources[source.id] = shown_source(len(page.sources) + 1, source, guidance, today)
    return ShownSentence(
        text=say(one.text, fill),
        sources=tuple(page.sources[source.id] for source in sources),
        unchecked=all(source.checked is None for source in sources),
        elsewhere=not page.other and not any(path.nation in source.nations for source in sources),
        specific=bool(one.nations),
    )


def shown_offer(entry: Entry, guidance: Guidance, fill: Fill, today: date) -> ShownOffer:
    """Return an entry of the directory as a reader sees it."""
    nations = ", ".join(gettext(guidance.nations[name].name) for name in entry.nations)
    return ShownOffer(entry, say(entry.what, fill), say(entry.for_whom, fill), nations, entry.next_review < today)


def shown_source(number: int, source: Source, guidance: Guidance, today: date) -> ShownSource:
    """Return a source with its number and the names of its nations."""
    nations = ", ".join(gettext(guidance.nations[name].name) for name in source.nations)
    return ShownSource(number, source, nations, source.next_review < today)
