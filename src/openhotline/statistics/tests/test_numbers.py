"""The figures, and what of them may leave."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from openhotline.core.clock import now
from openhotline.evidence.models import Item, Sighting
from openhotline.statistics.panels import figures_panel
from openhotline.statistics.policies import FEW, NOT_SHOWN, content_of, hidden_of
from openhotline.statistics.queries import figures
from openhotline.statistics.states import Figure, Figures, Table
from openhotline.triage.services.triage_items import triage_items

pytestmark = pytest.mark.django_db


def part(name: str, value: int) -> Figure:
    """One part of a whole of 100."""
    return Figure(name, value, "files", "files found", 100, partition="files found")


def test_every_figure_says_what_it_counts() -> None:
    every = [figure for table in figures(now()).tables for figure in table.figures]
    assert len({figure.name for figure in every}) > 20
    assert all(figure.unit for figure in every)
    assert all(figure.of for figure in every if figure.denominator is not None)


def test_categories_of_one_outcome_are_counts_of_their_own() -> None:
    """Hiding one of them must not hide, nor show, the other."""
    counts = [replace(part("Photograph", value), letter=letter) for letter, value in (("A", 40), ("B", 3), ("C", 57))]
    assert hidden_of(counts) == {"Photograph, A", "Photograph, B"}


def test_a_file_found_twice_counts_twice_and_its_item_once(make_item: Callable[..., Item]) -> None:
    item = make_item()
    Sighting.objects.create(item=item, seen_at=now())
    triage_items(ids=[item.pk], actor="test", now=now())
    found = {figure.name: figure.value for figure in figures(now()).tables[1].figures}
    assert (found["Found"], found["Different files"], found["Exact duplicates"]) == (2, 1, 1)
    assert found["Not sorted yet"] == 2


def test_a_small_count_is_not_published(make_item: Callable[..., Item]) -> None:
    triage_items(ids=[make_item().pk], actor="test", now=now())
    assert f'"{FEW}"' in json.dumps(content_of(figures(now()), suppress=True))
    assert "fewer than" not in figures_panel(figures(now()))


def test_a_single_small_count_hides_the_next_one_too() -> None:
    """Otherwise it could be worked out from the whole and the others."""
    assert hidden_of([part("a", 3), part("b", 40), part("c", 57)]) == {"a", "b"}


def test_two_small_counts_hide_each_other() -> None:
    assert hidden_of([part("a", 3), part("b", 2), part("c", 95)]) == {"a", "b"}


def test_what_is_hidden_adds_up_to_enough() -> None:
    """One and two make three: that would still be a small count, worked out from the whole."""
    assert hidden_of([part("a", 1), part("b", 2), part("c", 40), part("d", 57)]) == {"a", "b", "c"}


def test_parts_of_different_wholes_do_not_hide_each_other() -> None:
    other = Figure("z", 9, "items", "items", 9, partition="items")
    assert "z" not in hidden_of([part("a", 3), part("b", 97), other])


def test_nothing_and_enough_are_published() -> None:
    assert hidden_of([part("a", 0), part("b", 5), part("c", 95)]) == set()
    assert NOT_SHOWN not in json.dumps(content_of(figures(now()), suppress=True))


def bars_of(*table: Figure, funnel: Figure) -> list[int | str]:
    """What the funnel says outside when this table stands beside it."""
    content = content_of(Figures(now(), (Table("t", table),), (funnel,)), suppress=True)
    return [bar["count"] for bar in content["bars"]]


def test_a_bar_does_not_tell_what_its_table_hides() -> None:
    assert bars_of(part("a", 3), part("b", 40), part("c", 57), funnel=replace(part("b", 40), partition="")) == [
        NOT_SHOWN
    ]
    assert bars_of(part("a", 43), part("c", 57), funnel=replace(part("a", 43), partition="")) == [43]


def test_a_bar_that_is_a_sum_of_parts_is_hidden_with_one_of_them() -> None:
    """Three and forty are forty-three: with forty shown elsewhere, three would be known."""
    assert bars_of(part("a", 3), part("b", 40), part("c", 57), funnel=part("sum", 43)) == [NOT_SHOWN]
    assert bars_of(part("a", 13), part("b", 30), part("c", 57), funnel=part("sum", 43)) == [43]
