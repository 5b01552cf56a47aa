"""A table's hashes, searched in this process."""

import numpy as np
import pytest

from openhotline.core.nearby import OVERLAP, Nearby, Row, hash_of


class Table:
    """Rows as a table would give them, and how often it was asked from where."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.asked: list[int] = []

    def since(self, key: int) -> list[Row]:
        """Give the rows above a key."""
        self.asked.append(key)
        return [row for row in self.rows if row[0] > key]

    def has(self, key: int, name: str) -> bool:
        """Say whether a row is there."""
        return any(row[:2] == (key, name) for row in self.rows)


def _pdq(flip: int) -> str:
    return f"{(1 << flip) - 1:064x}"


def _query(flip: int = 0) -> np.ndarray:
    return hash_of(_pdq(flip))[None, :]


@pytest.fixture
def table() -> Table:
    """Two rows, 0 and 20 bits from nothing."""
    table = Table()
    table.rows = [(1, "a", _pdq(0)), (2, "b", _pdq(20))]
    return table


def test_the_nearest_comes_first(table: Table) -> None:
    assert Nearby(table.since, table.has).search(_query(18)) == [(0, 2, 2), (0, 1, 18)]


def test_an_empty_table_has_nothing_near() -> None:
    table = Table()
    assert Nearby(table.since, table.has).search(_query()) == []


def test_a_new_row_is_found_and_old_ones_are_not_doubled(table: Table) -> None:
    nearby = Nearby(table.since, table.has)
    nearby.search(_query())
    table.rows.append((3, "c", _pdq(1)))
    assert [key for _, key, _ in nearby.search(_query())] == [1, 3, 2]


def test_a_row_committed_late_under_an_earlier_key_is_found(table: Table) -> None:
    table.rows.append((9, "z", _pdq(30)))
    nearby = Nearby(table.since, table.has)
    nearby.search(_query())
    table.rows.append((5, "late", _pdq(2)))
    assert 5 in [key for _, key, _ in nearby.search(_query())]


def test_another_table_in_its_place_is_read_anew(table: Table) -> None:
    nearby = Nearby(table.since, table.has)
    nearby.search(_query())
    table.rows = [(1, "x", _pdq(3))]
    assert nearby.search(_query()) == [(0, 1, 3)]


def test_only_the_tail_is_read_again(table: Table) -> None:
    table.rows.append((5000, "far", _pdq(4)))
    nearby = Nearby(table.since, table.has)
    nearby.search(_query())
    nearby.search(_query())
    assert table.asked == [0, 5000 - OVERLAP]
