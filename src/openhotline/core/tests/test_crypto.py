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


def test_planted_bug_without_its_binding_a_column_would_open_in_another() -> None:
    locked = crypto.lock(b"k" * 32, b"http://localhost/", b"")
    assert crypto.unlock(b"k" * 32, locked, b"") == b"http://localhost/"
