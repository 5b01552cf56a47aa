"""The shipped guidance, a small one to break, and a reader who walks through the pages."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from django.http import HttpResponse  # noqa: TID251 - the answer a reader gets
from django.test import Client
from pytest_django import Settings

from openhotline.guidance.models.guidance import Guidance
from openhotline.guidance.queries.content import _read_once, load
from openhotline.guidance.views.search import _index

SMALL = {
    "nations.toml": """
[[nation]]
id = "here"
name = "Here"

[[nation]]
id = "there"
name = "There"
""",
    "sources.toml": """
[[source]]
id = "book"
title = "A book"
by = "An office"
nations = ["here", "there"]
read = "whole"
checked = 2026-01-01
next_review = 2027-01-01

[[source]]
id = "leaflet"
title = "A leaflet"
by = "An office"
nations = ["here"]
read = "not_yet"
next_review = 2027-01-01
""",
    "directory.toml": """
[[entry]]
id = "young-line"
name = "Young line"
by = "An office"
for_whom = "Children."
what = "Listens."
ages = "under_18"
nations = ["here", "there"]
from = ["book"]
next_review = 2027-01-01
""",
    "blocks.toml": """
[[block]]
id = "first"

[[block.step]]
title = "Call {emergency}"
say = [{ text = "Call {emergency}.", from = ["book"] }]
""",
    "flows/small.toml": """
id = "small"
order = 1
title = "A small flow"
summary = "Two questions."
nations = ["here", "there"]
start = "one"

[[fact]]
id = "both"
when = { all = [{ answer = "one", in = ["yes"] }, { answer = "two", in = ["yes"] }] }

[[question]]
id = "one"
text = "One?"
answer = [{ id = "yes", text = "Yes" }, { id = "no", text = "No" }]
next = [{ go = "end", when = { answer = "one", in = ["no"] } }, { go = "two" }]

[[question]]
id = "two"
text = "Two?"
answer = [{ id = "yes", text = "Yes" }, { id = "no", text = "No" }]
next = [{ go = "all" }]

[[outcome]]
id = "end"
title = "The end"
nations = ["here", "there"]
checked = 2026-01-01
next_review = 2027-01-01

[[outcome.step]]
use = "first"

[[outcome]]
id = "all"
title = "All of it"
nations = ["here", "there"]
checked = 2026-01-01
next_review = 2027-01-01

[[outcome.step]]
use = "first"

[[outcome.step]]
title = "Go on"
when = { fact = "both" }
say = [
  { text = "Go on here.", from = ["book", "leaflet"], nations = ["here"] },
  { text = "Go on.", from = ["leaflet"] },
]

[[outcome.offer]]
entry = "young-line"
to = "child"
""",
}
Walk = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def read_afresh() -> Iterator[None]:
    """What is read once a process is read again for each test."""
    yield
    _read_once.cache_clear()
    _index.cache_clear()


@pytest.fixture
def small() -> dict[str, str]:
    """The files of a small guidance."""
    return dict(SMALL)


@pytest.fixture(scope="session")
def shipped() -> Guidance:
    """The shipped guidance."""
    return load(None)


@pytest.fixture
def own_folder(tmp_path: Path, settings: Settings) -> Path:
    """A hotline's own folder of guidance, empty."""
    settings.GUIDANCE = tmp_path / "guidance"
    (settings.GUIDANCE / "flows").mkdir(parents=True)
    return settings.GUIDANCE


def carried_by(response: HttpResponse) -> str:
    """Return the signed field that a page carries."""
    found = re.search(r'name="carried" value="([^"]*)"', response.content.decode().partition("<main")[2])
    assert found, response.content.decode()
    return unescape(found[1])


@pytest.fixture
def carried() -> Callable[[HttpResponse], str]:
    """Read the signed field of a page."""
    return carried_by


@pytest.fixture
def walk(stranger: Client) -> Walk:
    """Answer one question after the other, by the ids of the answers, and return the last page."""

    def walk_(*answers: str, at: str = "/guidance/") -> HttpResponse:
        page = stranger.get(at)
        for answer in answers:
            page = stranger.post(at, {"carried": carried_by(page), "answer": answer, "do": "next"})
            assert page.status_code == 200
        return page

    return walk_


def words_on(page: HttpResponse) -> str:
    """Return the text of the main part of a page, blanks made one."""
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", "<main" + main)).split())


@pytest.fixture
def text_of() -> Callable[[HttpResponse], str]:
    """Read the text of the main part of a page."""
    return words_on
