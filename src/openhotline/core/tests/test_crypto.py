"""What is sealed opens only as what it was sealed as."""

import pytest

from openhotline.core import crypto


@pytest.fixture
def key() -> bytes:
    """A wrapped data key."""
    return crypto.new_data_key()


def test_an_object_opens_as_what_it_was_sealed_as(key: bytes) -> None:
    sealed = crypto.seal(b"shapes" * 1000, key=key, binds="itm_1/original/1")
    assert crypto.unseal(sealed, key=key, binds="itm_1/original/1") == b"shapes" * 1000


def test_an_object_in_another_place_does_not_open(key: bytes) -> None:
    sealed = crypto.seal(b"shapes", key=key, binds="itm_1/original/1")
    with pytest.raises(crypto.DoesNotOpen):
        crypto.unseal(sealed, key=key, binds="itm_2/original/1")


@pytest.mark.parametrize("at", [0, 40, -1])
def test_a_flipped_bit_does_not_open(key: bytes, at: int) -> None:
    sealed = bytearray(crypto.seal(b"shapes" * 100, key=key, binds="x"))
    sealed[at] ^= 1
    with pytest.raises(crypto.DoesNotOpen):
        crypto.unseal(bytes(sealed), key=key, binds="x")


def test_a_cut_object_does_not_open(key: bytes) -> None:
    sealed = crypto.seal(b"shapes" * 400_000, key=key, binds="x")
    with pytest.raises(crypto.DoesNotOpen):
        crypto.unseal(sealed[: 1 << 20], key=key, binds="x")


def test_a_column_opens_only_in_its_own_column() -> None:
    locked = crypto.lock_column("http://localhost/", column="intake_address.raw")
    with pytest.raises(crypto.DoesNotOpen):
        crypto.open_column(locked, column="intake_address.canonical")


def test_the_door_seals_what_only_the_worker_opens() -> None:
    assert crypto.open_from_the_door(crypto.seal_at_the_door("an address")) == "an address"


def test_the_same_address_has_the_same_lookup_and_another_kind_another() -> None:
    assert crypto.lookup("address", "x") == crypto.lookup("address", "x") != crypto.lookup("file", "x")


def test_planted_bug_without_binding_a_swapped_object_would_open(key: bytes) -> None:
    """Bound to nothing, an object opens anywhere: the binding is what the tests above hold."""
    sealed = crypto.seal(b"shapes", key=key, binds="")
    assert crypto.unseal(sealed, key=key, binds="") == b"shapes"
