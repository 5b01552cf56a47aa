"""Pictures of a study: every label stands whole in its picture, and tables fit on a page."""

import pytest

from openhotline.forecast.panels import LEFT, WIDTH, drawn

WIDE_SIGN = 7


@pytest.mark.parametrize(("most", "log"), [(1e9, True), (9e8, True), (5e7, False), (3, False), (1e-5, True)])
def test_no_label_of_an_axis_leaves_the_picture(most: float, log: bool) -> None:  # noqa: FBT001 - a parameter of the test
    points = [{"x": one, "y": one, "low": None, "high": None} for one in (most / 100, most)]
    axis = {"label": "entries", "log": log}
    chart = drawn({"title": "t", "reading": "r", "x": axis, "y": axis, "lines": [_line(points)]})
    for at, text, anchor in chart["x"]["ticks"]:
        right = float(at) + (0 if anchor == "end" else WIDE_SIGN * len(text) / 2)
        assert right <= WIDTH, text
    assert all(WIDE_SIGN * len(text) <= LEFT - 6 for _, text, _ in chart["y"]["ticks"])


def _line(points: list[dict[str, float | None]]) -> dict[str, object]:
    return {"name": "n", "rests_on": "measured", "points": points}
