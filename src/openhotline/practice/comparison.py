"""The figures of a run held against the truth file: what differs is said in sentences."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from django.conf import settings

from openhotline.law.models import Facts
from openhotline.law.services.derive import derive
from openhotline.practice.analysts.truth import TrueFile
from openhotline.practice.counting import Figures
from openhotline.triage.states import Reason

_REASONS = {
    "unreadable": Reason.UNREADABLE,
    "not_opened": Reason.NOT_OPENED,
    "known_harmless": Reason.KNOWN_HARMLESS,
    "too_small": Reason.TOO_SMALL,
    "no_child": Reason.SORTED_OUT,
}


def differences(figures: Figures, truth: Sequence[TrueFile], as_of: date) -> list[str]:
    """Return a sentence for each figure that is not what the truth file says, and for work that was left undone."""
    return [*_found(figures, truth), *_decided(figures, truth, as_of), *_undone(figures)]


def _found(figures: Figures, truth: Sequence[TrueFile]) -> Iterator[str]:
    aside = Counter(_REASONS[file.set_aside].value for file in truth if file.set_aside)
    yield from _one("files found", figures.found, len(truth))
    yield from _one("exact duplicates", figures.exact_duplicates, len(truth) - len({file.sha256 for file in truth}))
    yield from _each("unreadable files", figures.unreadable, Counter(f.unreadable for f in truth if f.unreadable))
    yield from _each("files set aside", figures.set_aside, aside)
    yield from _one("files selected", figures.selected, sum(file.set_aside is None for file in truth))


def _decided(figures: Figures, truth: Sequence[TrueFile], as_of: date) -> Iterator[str]:
    selected = [file for file in truth if file.set_aside is None]
    outcomes = {file.number: _outcome(file, as_of) for file in selected}
    criminal = [file for file in selected if outcomes[file.number][1]]
    yield from _each("outcomes", figures.outcomes, Counter(words for words, _ in outcomes.values()))
    yield from _each(
        "AI involvement", figures.ai_involvement, Counter(_fact(file, "ai_involvement") for file in selected)
    )
    yield from _one("entries listed", figures.entries, len({file.sha256 for file in criminal}))
    yield from _one("addresses to be taken down", figures.removals, len(criminal))
    yield from _one("addresses gone", figures.gone, len(criminal))


def _undone(figures: Figures) -> Iterator[str]:
    yield from _one("files nobody sorted", figures.unsorted, 0)
    yield from _one("announcements that a step has not taken", figures.not_taken, 0)
    if figures.views != figures.assessed + figures.checks:
        yield (
            f"{figures.views} full looks, but {figures.assessed} opinions and {figures.checks} checks; each takes one."
        )


def _outcome(file: TrueFile, as_of: date) -> tuple[str, bool]:
    outcome = derive(Facts.from_dict(file.facts or {}), jurisdiction=settings.JURISDICTION, as_of=as_of)
    return f"{outcome.kind} {outcome.category or ''}".strip(), outcome.criminal is True


def _fact(file: TrueFile, name: str) -> str:
    return Facts.from_dict(file.facts or {}).to_dict()[name]


def _one(what: str, counted: int, true: int) -> Iterator[str]:
    if counted != true:
        yield f"{what}: {counted} in the database, {true} in the truth file."


def _each(what: str, counted: dict[str, int], true: "Counter[str]") -> Iterator[str]:
    for name in sorted({*counted, *true}):
        yield from _one(f"{what}, {name.replace('_', ' ')}", counted.get(name, 0), true[name])
