"""The page of figures in other languages: every word of it, and what was published before there were any."""

import re
from datetime import datetime
from html.parser import HTMLParser

import pytest
from django.test import Client

from openhotline.accounts.models import Person
from openhotline.core.clock import now
from openhotline.core.languages import catalogues
from openhotline.core.languages.places import LOCALE, TEMPLATE, place
from openhotline.core.languages.states import PSEUDO
from openhotline.statistics import panels
from openhotline.statistics.models import PublishedFigures
from openhotline.statistics.queries import figures
from openhotline.statistics.queries.figures import INVOLVEMENT, OUTCOMES
from openhotline.statistics.services.publish_figures import publish_figures
from openhotline.statistics.states import UNITS

pytestmark = pytest.mark.django_db
WORD = re.compile(r"[A-Za-z]{2,}")


class Figures(HTMLParser):
    """Collects the texts of tables and of the funnel."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.within, self.said = 0, list[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        """Notice where a table or the funnel begins."""
        self.within += tag in {"table", "figure"}

    def handle_endtag(self, tag: str) -> None:
        """Notice where it ends."""
        self.within -= tag in {"table", "figure"}

    def handle_data(self, data: str) -> None:
        """Keep what is said in it."""
        if self.within and data.strip():
            self.said.append(data.strip())


def left_in_english() -> list[str]:
    """What the made-up language, which has no plain letters, leaves as it is."""
    page = Client().get(f"/{PSEUDO}/numbers/").content.decode()
    return [text for text in Figures(page).said if WORD.search(text)]


def test_every_word_of_the_page_is_in_the_language_of_the_page(senior: Person, now: datetime) -> None:
    publish_figures(actor=senior, now=now)
    assert left_in_english() == []


def test_planted_a_word_that_is_not_marked_is_seen(
    senior: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_figures(actor=senior, now=now)
    monkeypatch.setitem(panels.UNITS, "reports", "%(count)s statements")
    assert "0 statements" in left_in_english()


def test_every_name_that_a_figure_may_have_can_be_translated() -> None:
    """Those of outcomes too, which an empty database does not count."""
    template = catalogues.read(LOCALE / TEMPLATE)
    named = {figure.name for table in figures(now()).tables for figure in table.figures}
    marked = {*named, *OUTCOMES.values(), *INVOLVEMENT.values(), *UNITS.values()}
    assert {text for text in marked if template.get(text) is None} == set()


def test_every_unit_has_its_text() -> None:
    every = [figure for table in figures(now()).tables for figure in table.figures]
    assert {word for one in every for word in (one.unit, one.of) if word} <= set(UNITS)


def test_welsh_has_a_draft_of_every_word() -> None:
    catalogue, template = (catalogues.read(path) for path in (place("cy"), LOCALE / TEMPLATE))
    ours = [one for one in template.messages() if any("statistics/" in name for name, _ in one.locations)]
    assert len(ours) > 60
    assert [one.id for one in ours if not catalogue[one.id].string] == []


def test_what_was_published_in_words_stays_as_it_was(now: datetime) -> None:
    """Figures of before the page was translated are kept in English."""
    row = ["Reports", "43 reports", "", ""]
    bars = [{"label": "Found", "value": 0, "text": "fewer than 5"}]
    PublishedFigures.objects.create(
        content={"tables": [{"title": "What came in", "rows": [row]}], "bars": bars, "most": 1},
        period_end=now,
        published_at=now,
        published_by="per_1",
        published_on=now.date(),
        practice=True,
    )
    page = Client().get("/numbers/").content.decode()
    assert "43 reports" in page
    assert "fewer than 5" in page
