"""Search: what is found, in which order, and that the words go nowhere."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse  # noqa: TID251 - the answer a reader gets
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from openhotline.guidance.models.guidance import Guidance
from openhotline.guidance.policies.moves import Place
from openhotline.guidance.queries.search import MOST, Found, Index, index_of, words_of
from openhotline.guidance.views import carried as carrying

pytestmark = pytest.mark.django_db
FILL = {"emergency": "999", "hotline": "the hotline", "hours": ""}
Text = Callable[[HttpResponse], str]


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("screenshot", "What you must never do"),
        ("LADO", "there is a further route"),
        ("siblings", "It shows a child in their home"),
        ("suicide", "may take their own life"),
        ("Report Remove", "Report Remove"),
        ("is it legal?", "Is it illegal?"),
        ("deepfake", "A child is shown in it"),
    ],
)
def test_what_people_look_for_comes_among_the_first(shipped: Guidance, asked: str, place: str) -> None:
    found = index_of(shipped, "england", FILL).find(asked)
    assert any(place in one.place for one in found[:4]), [one.place for one in found]


def test_a_place_is_found_once_by_the_text_that_fits_best() -> None:
    """A step of many sentences is one place: a reader does not open the same guide again and again."""
    index = Index([Found("A", "school"), Found("A", "school church"), Found("B", "church")])
    assert [(one.place, one.text) for one in index.find("school church")] == [("A", "school church"), ("B", "church")]


def test_of_the_shipped_guidance_no_place_is_found_twice(shipped: Guidance) -> None:
    places = [one.place for one in index_of(shipped, "england", FILL).find("screenshot")]
    assert len(places) == len(set(places)) > 1


def test_a_nation_finds_its_own_route_and_no_other(shipped: Guidance) -> None:
    texts = [one.text for one in index_of(shipped, "wales", FILL).find("designated officer")]
    assert any("In Wales" in text for text in texts)
    assert not any("In England" in text for text in texts)


def test_accents_capitals_and_endings_make_no_difference() -> None:
    assert words_of("Pictures, PICTURE; pícture") == ["pictur", "picture", "picture"] or len(set(words_of("É é"))) == 1
    index = Index([Found("A", "Reports of addresses.")])
    assert index.find("réport address")


def test_small_words_alone_are_looked_for_and_beside_others_are_not() -> None:
    index = Index([Found("A", "the"), Found("B", "school")])
    assert [one.place for one in index.find("the school")] == ["B"]
    assert [one.place for one in index.find("the")] == ["A"]


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    index = Index([Found("A", "school school"), Found("B", "school church"), Found("C", "school")])
    assert index.find("school church")[0].place == "B"


@given(st.text(max_size=300))
def test_whatever_is_asked_there_are_never_too_many_answers(asked: str) -> None:
    index = Index([Found(str(number), "word other") for number in range(MOST * 2)])
    assert len(index.find(asked)) <= MOST


def test_the_page_shows_what_was_found_and_opens_the_guide(
    stranger: Client, text_of: Text, carried: Callable[[HttpResponse], str]
) -> None:
    held = carrying.give(Place("wales"), "")
    page = stranger.post("/guidance/search/", {"words": "screenshot", "carried": held})
    assert "What you must never do" in text_of(page)
    opened = page.content.decode().partition('<ol class="guide-found"')[2].partition('name="carried" value="')[2]
    guide = stranger.post("/guidance/", {"carried": opened.partition('"')[0], "do": "stay"})
    assert "Is a child in danger right now?" in text_of(guide)
    assert "You work in: Wales" in text_of(guide)


def test_a_search_before_the_nation_is_known_opens_the_guide_after_it(stranger: Client, text_of: Text) -> None:
    page = stranger.post("/guidance/search/", {"words": "screenshot"})
    opened = page.content.decode().partition('<ol class="guide-found"')[2].partition('name="carried" value="')[2]
    held = opened.partition('"')[0]
    assert "Where do you work?" in text_of(stranger.post("/guidance/", {"carried": held, "do": "stay"}))
    assert "Is a child in danger" in text_of(stranger.post("/guidance/", {"carried": held, "answer": "wales"}))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Write one word or more."),
        ("x" * 201, "Write fewer words"),
        ("zebra", "Nothing here has these words."),
        ("<script>x</script>", "Nothing here has these words."),
        ("\u202e", "Nothing here has these words."),
        ("a\x00b", "Null characters are not allowed."),
    ],
)
def test_what_finds_nothing_is_told_and_stays_in_the_box(
    stranger: Client, text_of: Text, words: str, sentence: str
) -> None:
    page = stranger.post("/guidance/search/", {"words": words})
    assert page.status_code == 200
    assert sentence in text_of(page)
    assert b"<script" not in page.content


def test_the_words_stay_out_of_addresses(stranger: Client, text_of: Text) -> None:
    assert "places found" not in text_of(stranger.get("/guidance/search/?words=screenshot"))
    assert b'method="get"' not in stranger.get("/guidance/search/").content
