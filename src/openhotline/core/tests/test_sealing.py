"""What is sealed opens only as what it was sealed as."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.core import sealing
from openhotline.core.crypto import DoesNotOpen
from openhotline.core.sealing import Binding, DataKey, seal, unseal

BINDS = Binding("itm_1", "original", "rep_1")
NAMES = st.text("abc123_.-", min_size=1, max_size=8)
BINDINGS = st.builds(Binding, NAMES, NAMES, st.one_of(st.just(""), NAMES), st.integers(1, 9))


@pytest.fixture
def key() -> DataKey:
    """A data key."""
    return sealing.new_data_key()


def test_an_object_opens_as_what_it_was_sealed_as(key: DataKey) -> None:
    sealed = seal(b"shapes" * 1000, key=key, binds=BINDS)
    assert unseal(sealed, key=key, binds=BINDS) == b"shapes" * 1000


@pytest.mark.parametrize(
    "other",
    [
        Binding("itm_2", "original", "rep_1"),
        Binding("itm_1", "tile", "rep_1"),
        Binding("itm_1", "original", "rep_2"),
        Binding("itm_1", "original"),
        Binding("itm_1", "original", "rep_1", 2),
    ],
    ids=["object", "kind", "case", "no case", "version"],
)
def test_an_object_in_another_place_does_not_open(key: DataKey, other: Binding) -> None:
    sealed = seal(b"shapes", key=key, binds=BINDS)
    with pytest.raises(DoesNotOpen):
        unseal(sealed, key=key, binds=other)


@pytest.mark.parametrize("at", [0, 40, -1])
def test_a_flipped_bit_does_not_open(key: DataKey, at: int) -> None:
    sealed = bytearray(seal(b"shapes" * 100, key=key, binds=BINDS))
    sealed[at] ^= 1
    with pytest.raises(DoesNotOpen):
        unseal(bytes(sealed), key=key, binds=BINDS)


@pytest.mark.parametrize("length", [0, 1 << 20, (1 << 20) + 1, -1])
def test_a_cut_object_does_not_open(key: DataKey, length: int) -> None:
    """At an edge between segments and off it."""
    sealed = seal(b"shapes" * 400_000, key=key, binds=BINDS)
    with pytest.raises(DoesNotOpen):
        unseal(sealed[:length], key=key, binds=BINDS)


def test_a_longer_object_does_not_open(key: DataKey) -> None:
    with pytest.raises(DoesNotOpen):
        unseal(seal(b"shapes", key=key, binds=BINDS) + b"\0", key=key, binds=BINDS)


@given(BINDINGS, BINDINGS)
def test_no_two_bindings_read_alike(one: Binding, other: Binding) -> None:
    """Three parts and four parts differ in their slashes, so an empty case is no other's case."""
    assert (one == other) == (one.associated_data == other.associated_data)


@pytest.mark.parametrize("name", ["a/b", "", "a b", "x" * 65])
def test_a_name_that_could_read_as_another_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be a part"):
        Binding(name, "original")


def test_a_key_does_not_show_itself(key: DataKey) -> None:
    assert repr(key) == "DataKey()"


def test_planted_bug_without_binding_a_swapped_object_would_open(key: DataKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bound to nothing, an object opens anywhere: the binding is what the tests above hold."""
    monkeypatch.setattr(Binding, "associated_data", b"")
    sealed = seal(b"shapes", key=key, binds=BINDS)
    assert unseal(sealed, key=key, binds=Binding("itm_2", "original")) == b"shapes"
