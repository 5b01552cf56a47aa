"""Every page of the young people's path reads at the level of a child of eleven: Flesch-Kincaid grade 6 at most.

Grade = 0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid and others, 1975, Navy research report 8-75).
"""

import re
from html.parser import HTMLParser

import pytest
from django.http import HttpResponse  # noqa: TID251 - the answer a stranger gets
from django.test import Client

from journeys.young_walks import all_pages

pytestmark = [pytest.mark.django_db, pytest.mark.urls("openhotline.intake.urls")]

HIGHEST = 6.0
ENDS = {"p", "li", "h1", "h2", "h3", "legend", "label", "dt", "dd", "button", "summary", "title", "div"}
LEFT_OUT = {"footer", "header", "head", "dl", "strong"}  # names of services, digests, what stands around every page


class Sentences(HTMLParser):
    """Collects what a page says, a sentence an entry; what stands in a list or a button is one of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.said = [""]
        self.out = 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        """Begin a sentence, or leave out what follows."""
        self.out += tag in LEFT_OUT
        if tag in ENDS:
            self.said.append("")

    def handle_endtag(self, tag: str) -> None:
        """End a sentence, or listen again."""
        self.out -= tag in LEFT_OUT
        if tag in ENDS:
            self.said.append("")

    def handle_data(self, data: str) -> None:
        """Add to the sentence."""
        if not self.out:
            self.said[-1] += data


def sentences(html: str) -> list[str]:
    """Return the sentences of a page that have at least three words."""
    reader = Sentences()
    reader.feed(html)
    parts = [part for said in reader.said for part in re.split(r"(?<=[.?!:])\s+", " ".join(said.split()))]
    return [part for part in parts if len(words(part)) >= 3]


def words(text: str) -> list[str]:
    """Return the words of a text; numbers are left out."""
    return re.findall(r"[a-z]+(?:[\u2019'][a-z]+)?", text.lower())


def syllables(word: str) -> int:
    """Estimate the syllables of a word: groups of vowels, but for a silent e at the end."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = (word.endswith("e") and not word.endswith(("le", "ee", "ye"))) or (
        word.endswith(("es", "ed")) and not re.search(r"([td]ed|[sxz]es|[cs]hes|ges|ces|ies|ied)$", word)
    )
    return max(1, groups - bool(silent))


def grade(said: list[str]) -> float:
    """Return the Flesch-Kincaid grade of some sentences."""
    all_words = [word for sentence in said for word in words(sentence)]
    return 0.39 * len(all_words) / len(said) + 11.8 * sum(map(syllables, all_words)) / len(all_words) - 15.59


def grades(pages: dict[str, HttpResponse]) -> dict[str, float]:
    """Return the grade of each page."""
    return {name: round(grade(sentences(page.content.decode())), 1) for name, page in pages.items()}


def test_every_page_can_be_read_at_eleven(stranger: Client) -> None:
    found = grades(all_pages(stranger))
    assert {name: value for name, value in found.items() if value > HIGHEST} == {}


def test_a_page_for_lawyers_would_be_seen() -> None:
    said = (
        "Notwithstanding previous notifications, confidentiality considerations necessitate multidisciplinary review."
    )
    assert grade(sentences(f"<p>{said}</p>")) > HIGHEST


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("code", 1),
        ("picture", 2),
        ("taken", 2),
        ("companies", 3),
        ("asked", 1),
        ("people", 2),
        ("sites", 1),
        ("started", 2),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables(word) == count
