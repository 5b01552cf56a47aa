"""A study as a fragment of a page: its answer, its pictures with the numbers under each, what it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from openhotline.forecast.policies import number

WIDTH, HEIGHT = 720, 320
LEFT, RIGHT, TOP, BOTTOM = 84, 12, 12, 46
_SIGN = 7.0
"""How wide a sign of the labels is at most, in the units of the box."""
_MOST_ROWS = 14
_TICKS = 6
HEADERS = ("What", "Value", "Unit", "Rests on", "How")


def study_panel(content: Mapping[str, Any]) -> SafeString:
    """Render what a study tells, as ``Content.to_dict`` gives it."""
    context = {
        "answer": content["answer"],
        "charts": [drawn(chart) | {"table": _numbers(chart)} for chart in content["charts"]],
        "tables": [
            {
                "title": f"{table['title']} ({table['rests_on']})",
                "headers": table["headers"],
                "rows": [[_cell(one) for one in row] for row in table["rows"]],
            }
            for table in content["tables"]
        ],
        "headers": HEADERS,
        "quantities": [
            [one["name"], number(one["value"]), one["unit"], one["basis"], one["how"]] for one in content["quantities"]
        ],
        "leaves_out": content["leaves_out"],
        "seed": content["seed"],
    }
    return render_to_string("forecast/_study.html", context)


@dataclass(frozen=True)
class _Scale:
    """Places values between two ends of a picture; a logarithmic one takes values above 0 alone."""

    low: float
    high: float
    log: bool
    start: float
    end: float

    @classmethod
    def over(cls, values: Sequence[float], start: float, end: float, *, log: bool) -> "_Scale":
        if log:
            there = [one for one in values if one > 0] or [1.0]
            low, high = floor(log10(min(there))), ceil(log10(max(there)))
            return cls(low, max(high, low + 1), log, start, end)
        return cls(min(0.0, *values), max([*values, 1e-9]), log, start, end)

    def at(self, value: float) -> float:
        if self.log:
            value = log10(value) if value > 0 else self.low
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self) -> list[tuple[str, str, str]]:
        """Return where each label stands, what it says, and which end of it stands there: none leaves the picture."""
        if self.log:
            step = max(1, ceil((self.high - self.low) / 8))
            values = [10.0**power for power in range(int(self.low), int(self.high) + 1, step)]
        else:
            values = _round_numbers(self.low, self.high)
        return [(f"{at:g}", text, _anchor(at, text)) for at, text in ((self.at(one), _short(one)) for one in values)]


def _anchor(at: float, text: str) -> str:
    return "end" if at + _SIGN * len(text) / 2 > WIDTH else "middle"


def _short(value: float) -> str:
    """Return a number as it stands at an axis, where there is little room: millions with a word, not with noughts."""
    return f"{value / 1e6:,.6g} M" if 1e6 <= abs(value) < 1e9 else number(value)


def _round_numbers(low: float, high: float) -> list[float]:
    rough = (high - low) / _TICKS
    size = 10.0 ** floor(log10(rough))
    step = next(size * times for times in (1, 2, 5, 10) if size * times >= rough)
    return [step * place for place in range(ceil(low / step), floor(high / step) + 1)]


def drawn(chart: Mapping[str, Any]) -> dict[str, Any]:
    """Return a chart as shapes in a box of 720 x 320: ticks, and of each line its path, its band and its dots."""
    points = [point for line in chart["lines"] for point in line["points"]]
    heights = [v for p in points for v in (p["y"], p["low"], p["high"]) if v is not None]
    across = _Scale.over([p["x"] for p in points], LEFT, WIDTH - RIGHT, log=chart["x"]["log"])
    up = _Scale.over(heights or [0.0], HEIGHT - BOTTOM, TOP, log=chart["y"]["log"])
    lines = [_line(number_, line, across, up) for number_, line in enumerate(chart["lines"])]
    return {
        "title": chart["title"],
        "reading": chart["reading"],
        "x": {"label": chart["x"]["label"], "ticks": across.ticks()},
        "y": {"label": chart["y"]["label"], "ticks": up.ticks()},
        "lines": lines,
        "box": {
            "left": LEFT,
            "right": WIDTH - RIGHT,
            "top": TOP,
            "bottom": HEIGHT - BOTTOM,
            "width": WIDTH,
            "height": HEIGHT,
        },
    }


def _line(place: int, line: Mapping[str, Any], across: _Scale, up: _Scale) -> dict[str, Any]:
    there = [(across.at(p["x"]), up.at(p["y"]), p) for p in line["points"] if p["y"] is not None]
    banded = [(x, p) for x, _, p in there if p["low"] is not None and p["high"] is not None]
    band = [(x, up.at(p["high"])) for x, p in banded] + [(x, up.at(p["low"])) for x, p in reversed(banded)]
    return {
        "name": line["name"],
        "rests_on": line["rests_on"],
        "class": f"line-{place % 6}",
        "path": _path([(x, y) for x, y, _ in there]),
        "band": _path(band) if any(p["low"] != p["high"] for _, p in banded) else "",
        "dots": [(f"{x:g}", f"{y:g}") for x, y, _ in there] if len(there) <= _MOST_ROWS else [],
    }


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _numbers(chart: Mapping[str, Any]) -> dict[str, Any]:
    """Return the table under a picture: a row a value of x (fourteen at most, evenly taken), a column a line."""
    lines = chart["lines"]
    values = sorted({point["x"] for line in lines for point in line["points"]})
    step = ceil(len(values) / _MOST_ROWS) or 1
    # The last value is the one that people ask for first.
    shown = sorted({*values[::step], *values[-1:]})
    by_line = [{point["x"]: point for point in line["points"]} for line in lines]
    rows = [[number(x), *(_told(found.get(x)) for found in by_line)] for x in shown]
    headers = [chart["x"]["label"], *(f"{line['name']}: {line['rests_on']}" for line in lines)]
    return {"caption": f"{chart['title']}: {chart['y']['label']}", "headers": headers, "rows": rows}


def _told(point: Mapping[str, Any] | None) -> str:
    if point is None or point["y"] is None:
        return "-"
    low, high = point["low"], point["high"]
    if low is None or high is None or low == high:
        return number(point["y"])
    return f"{number(point['y'])} ({number(low)} to {number(high)})"


def _cell(value: object) -> object:
    return number(value) if isinstance(value, int | float) else value
