"""What every study is told as: sentences, pictures with their numbers, tables, and what each number rests on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from openhotline.forecast.states import Quantity

Cell = str | int | float | None
COLUMNS = ("part", "what", "x", "value", "low", "high", "unit", "rests on")


@dataclass(frozen=True)
class Point:
    """One point of a line; ``low`` and ``high`` enclose it where an interval is known."""

    x: float
    y: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Line:
    """One line of a chart, with what its values rest on."""

    name: str
    rests_on: str
    points: Sequence[Point]


@dataclass(frozen=True)
class Axis:
    """What an axis counts; ``log``: each step is ten times as much."""

    label: str
    log: bool = False


@dataclass(frozen=True)
class Chart:
    """A picture, the table of the same numbers under it, and a sentence that says how to read it."""

    title: str
    reading: str
    x: Axis
    y: Axis
    lines: Sequence[Line]


@dataclass(frozen=True)
class Table:
    """A table of its own; ``rests_on`` says of all its cells what they rest on, or that its rows do."""

    title: str
    rests_on: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Content:
    """A study as it is kept."""

    answer: Sequence[str]
    charts: Sequence[Chart]
    tables: Sequence[Table]
    quantities: Sequence[Quantity]
    leaves_out: Sequence[str]
    seed: int
    more: Mapping[str, object] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return asdict(self)


def as_rows(content: Mapping[str, Any]) -> Iterator[Sequence[Cell]]:
    """Yield a study as rows of ``COLUMNS``: what it rests on, each chart's points, each table's cells."""
    for one in content["quantities"]:
        told = one["name"], "", one["value"], "", "", one["unit"], f"{one['basis']}: {one['how']}"
        yield ("rests on", *told)
    for chart in content["charts"]:
        for line in chart["lines"]:
            for point in line["points"]:
                bounds = point["y"], point["low"], point["high"]
                yield (chart["title"], line["name"], point["x"], *bounds, chart["y"]["label"], line["rests_on"])
    for table in content["tables"]:
        for row in table["rows"]:
            for header, cell in zip(table["headers"][1:], row[1:], strict=True):
                yield (table["title"], row[0], header, cell, "", "", "", table["rests_on"])


def number(value: float | None) -> str:
    """Return a number as a person reads it: three digits that count, powers of ten where it is very small or large."""
    if value is None:
        return "-"
    size = abs(value)
    if value and (size < 1e-3 or size >= 1e9):
        digits, power = f"{value:.1e}".split("e")
        return f"{digits} x 10^{int(power)}"
    return f"{value:,.0f}" if size >= 100 or value == int(value) else f"{value:.3g}"


def about(value: float) -> str:
    """Return a number that was simulated, as it stands in a sentence: no more than two digits count."""
    return number(float(f"{value:.2g}"))


def between(mid: float | None, low: float | None, high: float | None) -> str:
    """Return a number with what encloses it."""
    if low is None or high is None or (low == mid == high):
        return number(mid)
    return f"{number(mid)} ({number(low)} to {number(high)})"
