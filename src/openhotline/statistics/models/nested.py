"""Which counts of a report are not shown because of other reports: a year tells what one of its quarters hides."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from openhotline.statistics.models.suppression import Sum, shown_of_weak_sum, worked_out

MONTH = "months."
NEW = ""


@dataclass(frozen=True)
class Beside:
    """A report that was published: its days, the counts that it shows, those that it hides, and its sums."""

    name: str
    begin: date
    end: date
    shown: Mapping[str, int]
    hidden: frozenset[str]
    sums: Sequence[Sum] = ()

    def has(self, key: str) -> bool:
        """Say whether it has this count, shown or not."""
        return key in self.shown or key in self.hidden

    def within(self, other: "Beside") -> bool:
        """Say whether its days are some of the other's, and not all."""
        return (
            other.begin <= self.begin and self.end <= other.end and (self.begin, self.end) != (other.begin, other.end)
        )


@dataclass(frozen=True)
class _Across:
    """One count of a report, and the same of those that lie in it; ``covered``: they have all of its days."""

    key: str
    whole: Beside
    parts: tuple[Beside, ...]
    covered: bool

    @property
    def names(self) -> Sum:
        return _name(self.whole, self.key), tuple(_name(one, self.key) for one in self.parts)

    @property
    def of_new(self) -> bool:
        """Say whether the new report is one of those that it is about."""
        return NEW in {one.name for one in (self.whole, *self.parts)}

    def gives_away(self, told: AbstractSet[str], smallest: int) -> bool:
        """Say whether it leaves a small count for other days, or is one of the sums by which something is told."""
        if self.covered:
            whole, parts = self.names
            return bool(told & {whole, *parts})
        left = self.left()
        return left is not None and 0 < abs(left) < smallest

    def left(self) -> int | None:
        """Return what remains of the whole without the parts that are shown; None when the whole is hidden."""
        if self.key not in self.whole.shown:
            return None
        return self.whole.shown[self.key] - sum(one.shown.get(self.key, 0) for one in self.parts)


def hidden_beside(new: Beside, earlier: Sequence[Beside], *, smallest: int) -> set[str]:
    """Return the keys of the counts that a new report hides, beside those that were published earlier.

    ``new.hidden`` is what it hides alone. Added is what, taken from the earlier reports or they from it, would give a
    hidden count of any of them, or leave a small one for days on which there is no report. The earlier ones stay as
    they are. Where parts have all days of a whole, a difference says how counts moved since; as when one period is
    published twice, that is let through.
    """
    hidden = set(new.hidden)
    values = {**new.shown}
    while True:
        now = Beside(NEW, new.begin, new.end, _without(values, hidden), frozenset(hidden), new.sums)
        across = list(_across([now, *earlier], sorted(values)))
        weak = _weak(now, earlier, across, values, smallest)
        if not weak:
            return hidden
        hidden.add(min((values[key], key) for key in weak)[1])


def _weak(
    now: Beside, earlier: Sequence[Beside], across: Sequence[_Across], values: Mapping[str, int], smallest: int
) -> list[str]:
    """Return the shown counts of the new report of which one has to go, for the first sum that gives something away."""
    told = _told([now, *earlier], across)
    for one in across:
        if one.of_new and one.key in now.shown and one.gives_away(told, smallest):
            return [one.key]
    mine = {key for key in now.hidden if _name(now, key) in told}
    if found := shown_of_weak_sum(now.hidden, now.sums, values, smallest, mine):
        return found
    # Several reports together tell it, by sums in which no count of this one that is not 0 is left to hide.
    before = _told(earlier, [one for one in across if not one.of_new])
    return sorted({one.key for one in across} & set(now.shown)) if told - before else []


def _told(reports: Sequence[Beside], across: Sequence[_Across]) -> set[str]:
    """Return what somebody works out who has these reports."""
    hidden = {_name(one, key) for one in reports for key in one.hidden}
    inside = [
        (_name(one, whole), tuple(_name(one, key) for key in parts)) for one in reports for whole, parts in one.sums
    ]
    return worked_out(hidden, [*inside, *(one.names for one in across if one.covered)])


def _across(reports: Sequence[Beside], keys: Sequence[str]) -> Iterator[_Across]:
    for whole in reports:
        inside = [one for one in reports if one.within(whole)]
        parts = [one for one in inside if not any(one.within(other) for other in inside)]
        days = sum((one.end - one.begin).days for one in parts) == (whole.end - whole.begin).days
        for key in keys:
            there = tuple(one for one in parts if one.has(key))
            if there and whole.has(key):
                yield _Across(key, whole, there, covered=days or key.startswith(MONTH))


def _without(values: Mapping[str, int], hidden: set[str]) -> dict[str, int]:
    return {key: value for key, value in values.items() if key not in hidden}


def _name(report: Beside, key: str) -> str:
    return f"{report.name} {key}"
