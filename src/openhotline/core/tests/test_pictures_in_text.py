"""A picture in a text is found in each way of writing one, and no words are lost for it."""

import base64

import pytest

from openhotline.core.open_forms import without_pictures

HEADS = {
    "jpeg": b"\xff\xd8\xff\xe0",
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "gif": b"GIF89a",
    "webp": b"RIFF\x10\x10\0\0WEBP",
    "mp4": b"\0\0\0\x20ftypisom",
}
BODY = bytes(range(256))


@pytest.mark.parametrize("kind", HEADS)
@pytest.mark.parametrize("spell", [base64.b64encode, base64.urlsafe_b64encode, base64.encodebytes])
def test_a_picture_spelt_in_base64_is_taken_out_and_the_words_stay(kind: str, spell: object) -> None:
    assert callable(spell)
    spelt = spell(HEADS[kind] + BODY).decode().strip()
    assert without_pictures(f"It is there: {spelt}, on the first page") == "It is there: , on the first page"


@pytest.mark.parametrize(
    "address",
    [
        "data:image/png;base64,iVBORw0KGgo",
        "DATA:Image/PNG;BASE64,AAAA",
        "data: image/png;base64,AAAA",
        "data:;base64,AAAA",
        "data:text/html,<b>",
        "blob:https://site.example/9115d58c-bcda",
    ],
)
def test_a_picture_as_an_address_is_taken_out(address: str) -> None:
    assert without_pictures(f"see {address} there") == "see  there"


@pytest.mark.parametrize(
    "words",
    [
        "the data: 5,7 and metadata:x",
        "https://site.example/9j/page and then some words of a person who has much to say about what they saw " * 3,
        "R0lGODlhAQ is how it begins",
        "the blob: it was blue",
    ],
)
def test_words_and_addresses_are_no_picture(words: str) -> None:
    assert without_pictures(words) == words


def test_words_behind_a_picture_stay() -> None:
    spelt = base64.b64encode(HEADS["png"] + BODY).decode()
    assert without_pictures(f"{spelt} is what I was sent") == " is what I was sent"


@pytest.mark.parametrize("start", ["data:", "data:a/b;", "data: ", "blob:", "AAAA", "/9j/", "R0lGODd "])
def test_a_text_of_nothing_but_beginnings_is_read_to_its_end(start: str) -> None:
    """Two hundred thousand of them: read again from each, this would take hours."""
    assert len(without_pictures(start * 200_000)) <= len(start) * 200_000
