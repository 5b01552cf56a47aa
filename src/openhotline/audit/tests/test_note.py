"""Checkpoints as text."""

import base64
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from openhotline.audit.errors import NoteRefused
from openhotline.audit.models.note import Head, holds, key_text, note_of, read_key, read_note, sign

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HEAD = Head(number=7, epoch=2, start=2048, size=2050, previous="ab" * 32, root="cd" * 32, at=AT)
NOTE = note_of(HEAD, sign(HEAD, KEY))


def test_a_note_has_the_form_of_a_tlog_checkpoint() -> None:
    lines = NOTE.split("\n")
    assert lines[:3] == ["openhotline.audit/epoch/2", "3", base64.b64encode(bytes.fromhex("cd" * 32)).decode()]
    assert (lines[-3], lines[-1]) == ("", "")
    assert lines[-2].startswith("— openhotline.audit ")


@given(
    st.integers(1, 10**12),
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.integers(0, 10**6),
    st.binary(min_size=32, max_size=32),
)
def test_what_was_written_is_read(number: int, epoch: int, start: int, more: int, root: bytes) -> None:
    head = Head(number, epoch, start, start + more, "" if epoch == 0 else root.hex(), root.hex(), AT)
    assert read_note(note_of(head, sign(head, KEY))) == (head, sign(head, KEY))


def test_every_flipped_bit_of_a_note_is_refused() -> None:
    data = NOTE.encode()
    for bit in range(8 * len(data)):
        bad = bytearray(data)
        bad[bit // 8] ^= 1 << bit % 8
        try:
            head, signature = read_note(bad.decode())
        except (NoteRefused, UnicodeDecodeError):
            continue
        assert not holds(head, signature, KEY.public_key())


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(NoteRefused):
        read_note(text)


def test_another_key_does_not_hold() -> None:
    other = Ed25519PrivateKey.from_private_bytes(sha256(b"other").digest())
    assert holds(*read_note(NOTE), KEY.public_key())
    assert not holds(*read_note(NOTE), other.public_key())


def test_a_public_key_is_read_as_it_was_written() -> None:
    assert read_key(key_text(KEY.public_key())) == KEY.public_key()


@pytest.mark.parametrize("text", ["", "openhotline.audit", "openhotline.audit+00000000+AQ==", "other+1+2"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused, match="no public key"):
        read_key(text)
