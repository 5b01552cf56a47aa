"""Any two of three custodians recover the keys; one alone, and a stranger, do not."""

from datetime import datetime
from itertools import combinations, permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import decrypt, encrypt, x25519

from openhotline.core import custodians as module
from openhotline.core import keys, offline
from openhotline.core.custodians import CustodianRefused, Custodians, open_sealed, seal_for_pairs
from openhotline.core.errors import Missing

HELD = {"epoch-1.key": bytes(range(32)), "columns.key": b"c" * 32}
PEOPLE = [x25519.Identity.generate() for _ in range(3)]
THREE = Custodians(tuple(str(person.to_public()) for person in PEOPLE))
PAIRS = list(combinations((1, 2, 3), 2))


def secret(number: int) -> str:
    """Return a custodian's secret key."""
    return str(PEOPLE[number - 1])


@pytest.fixture(scope="module")
def sealed() -> dict[str, bytes]:
    """The three sealed sets."""
    return seal_for_pairs(HELD, THREE)


@pytest.mark.parametrize("pair", [order for pair in PAIRS for order in permutations(pair)])
def test_any_two_open_their_file_in_either_order(sealed: dict[str, bytes], pair: tuple[int, int]) -> None:
    file = sealed[f"{min(pair)}+{max(pair)}"]
    assert open_sealed(file, [secret(pair[0]), secret(pair[1])]) == HELD


@pytest.mark.parametrize("alone", [1, 2, 3])
@pytest.mark.parametrize("pair", PAIRS)
def test_one_alone_opens_no_file(sealed: dict[str, bytes], alone: int, pair: tuple[int, int]) -> None:
    with pytest.raises(CustodianRefused, match="one alone opens nothing"):
        open_sealed(sealed[f"{pair[0]}+{pair[1]}"], [secret(alone)])


def test_the_third_is_no_help_with_the_file_of_the_others(sealed: dict[str, bytes]) -> None:
    with pytest.raises(CustodianRefused):
        open_sealed(sealed["1+2"], [secret(1), secret(3)])


def test_no_layer_that_one_opens_holds_a_key(sealed: dict[str, bytes]) -> None:
    inside = bytes(decrypt(sealed["1+2"], [PEOPLE[1]]))
    assert inside.startswith(b"age-encryption.org/v1")
    assert bytes(range(32)) not in inside


def test_a_stranger_opens_nothing(sealed: dict[str, bytes]) -> None:
    with pytest.raises(CustodianRefused):
        open_sealed(sealed["1+2"], [str(x25519.Identity.generate()) for _ in range(2)])


@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_flipped_bit_is_refused(place: int, bit: int) -> None:
    file = bytearray(FLIPPED)
    file[place % len(file)] ^= 1 << bit
    with pytest.raises(CustodianRefused):
        open_sealed(bytes(file), [secret(1), secret(2)])


FLIPPED = seal_for_pairs(HELD, THREE)["1+2"]


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        b"[]",
        b'{"format": "openhotline-keys/2", "keys": {}}',
        b'{"format": "openhotline-keys/1", "keys": {"../x": ""}}',
    ],
)
def test_what_opens_and_is_no_set_of_keys_is_refused(content: bytes) -> None:
    one, two = (person.to_public() for person in PEOPLE[:2])
    with pytest.raises(CustodianRefused):
        open_sealed(bytes(encrypt(bytes(encrypt(content, [one])), [two])), [secret(1), secret(2)])


def test_an_oversized_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(CustodianRefused, match="at most"):
        open_sealed(b"x" * (module.LARGEST + 1), [])


@pytest.mark.parametrize(
    "recipients", [THREE.recipients[:2], (*THREE.recipients[:2], THREE.recipients[0]), ("a", "b", "c")]
)
def test_three_different_age_keys_are_needed(recipients: tuple[str, ...]) -> None:
    with pytest.raises(CustodianRefused):
        Custodians(recipients)


def test_a_secret_that_is_none_is_not_repeated() -> None:
    with pytest.raises(CustodianRefused) as refusal:
        open_sealed(b"", ["AGE-SECRET-KEY-1TYPED-WRONG"])
    assert "TYPED" not in str(refusal.value)


def test_planted_bug_sealed_to_either_one_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the nesting, whoever opens the only layer has the keys."""
    flat = encrypt(b"keys", [person.to_public() for person in PEOPLE[:2]])
    assert decrypt(bytes(flat), [PEOPLE[0]]) == b"keys"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The keys of a new installation."""
    keys.make_missing(tmp_path)
    return tmp_path


def test_without_custodians_nothing_is_wrapped(folder: Path, now: datetime) -> None:
    with pytest.raises(Missing, match="Name three"):
        offline.wrap(folder, now=now)


def test_what_was_wrapped_is_all_there_is(folder: Path, now: datetime) -> None:
    offline.keep_custodians(folder, THREE)
    assert not offline.is_up_to_date(folder)
    paths = offline.wrap(folder, now=now)
    assert [path.name for path in paths] == [f"openhotline-keys-{pair}.age" for pair in ("1+2", "1+3", "2+3")]
    assert open_sealed(paths[0].read_bytes(), [secret(1), secret(2)]) == keys.Keyring(folder).everything()
    assert offline.is_up_to_date(folder)


@pytest.mark.parametrize("change", ["another key", "other custodians"])
def test_a_set_that_is_behind_is_seen(folder: Path, now: datetime, change: str) -> None:
    offline.keep_custodians(folder, THREE)
    offline.wrap(folder, now=now)
    if change == "another key":
        keys.make_epoch(folder, 2, b"k" * 32)
    else:
        offline.keep_custodians(folder, Custodians(THREE.recipients[::-1]))
    assert not offline.is_up_to_date(folder)


def test_recovered_keys_are_put_back_and_never_over_others(folder: Path, tmp_path: Path) -> None:
    held = keys.Keyring(folder).everything()
    clean = tmp_path / "clean"
    assert sorted(keys.put_back(clean, held)) == sorted(held)
    assert keys.put_back(clean, held) == []
    with pytest.raises(keys.Misconfigured, match="Another secret"):
        keys.put_back(clean, held | {"secret.key": b"x" * 32})
    keys.put_back(clean, {"secret.key": b"x" * 32}, replace=True)
    assert (clean / "secret.key").read_bytes() == b"x" * 32
