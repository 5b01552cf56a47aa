"""Every text of a public page has a Welsh draft and its counterpart in the right-to-left test language."""

from pathlib import Path

import pytest
from source_tree import must_be_empty

from openhotline.core.languages.catalogues import faults, read, written
from openhotline.core.languages.places import LOCALE, TEMPLATE, codes, place
from openhotline.core.languages.reviews import review_of, texts
from openhotline.core.languages.states import Review

SHIPPED = ("ar-xb", "cy")


def without_translation(code: str, locale: Path = LOCALE) -> list[str]:
    """Return the texts that a language has no translation of."""
    catalogue = read(place(code, locale), code)
    found = ((one, catalogue.get(one.id, one.context)) for one in read(locale / TEMPLATE).messages())
    return [texts(one.id)[0] for one, said in found if said is None or review_of(said) is Review.MISSING]


def test_these_languages_are_shipped() -> None:
    assert tuple(codes()) == SHIPPED


@pytest.mark.parametrize("code", SHIPPED)
def test_every_text_is_translated(code: str) -> None:
    must_be_empty(without_translation(code))


@pytest.mark.parametrize("code", SHIPPED)
def test_no_translation_breaks_a_page(code: str) -> None:
    must_be_empty(faults(code))


@pytest.mark.slow
def test_a_text_that_was_forgotten_is_seen(tmp_path: Path) -> None:
    (tmp_path / TEMPLATE).write_bytes((LOCALE / TEMPLATE).read_bytes())
    half = read(place("cy"), "cy")
    half["Language"].string = ""
    place("cy", tmp_path).parent.mkdir(parents=True)
    place("cy", tmp_path).write_bytes(written(half))
    assert without_translation("cy", tmp_path) == ["Language"]
