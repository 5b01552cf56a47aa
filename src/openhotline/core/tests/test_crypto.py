"""Small values open only where they belong."""

import pytest

from openhotline.core import crypto


def test_a_column_opens_only_in_its_own_column() -> None:
    locked = crypto.lock_column("http://localhost/", column="intake_address.raw")
    with pytest.raises(crypto.DoesNotOpen):
        crypto.open_column(locked, column="intake_address.canonical")


def test_the_door_seals_what_only_the_worker_opens() -> None:
    assert crypto.open_from_the_door(crypto.seal_at_the_door("an address")) == "an address"


def test_the_same_address_has_the_same_lookup_and_another_kind_another() -> None:
    assert crypto.lookup("address", "x") == crypto.lookup("address", "x") != crypto.lookup("file", "x")


def test_what_a_name_draws_is_its_own_even_and_the_same_each_time() -> None:
    draws = [crypto.draw("look", f"itm_{number}") for number in range(2_000)]
    assert draws == [crypto.draw("look", f"itm_{number}") for number in range(2_000)]
    assert 0 <= min(draws) < max(draws) < 1
    assert sum(one < 0.05 for one in draws) == pytest.approx(100, abs=50)
    assert crypto.draw("other", "itm_0") != draws[0]


def test_planted_bug_without_its_binding_a_column_would_open_in_another() -> None:
    locked = crypto.lock(b"k" * 32, b"http://localhost/", b"")
    assert crypto.unlock(b"k" * 32, locked, b"") == b"http://localhost/"
