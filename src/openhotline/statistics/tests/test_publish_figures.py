"""Figures leave when somebody publishes them, and stay as they are until the next time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed
from openhotline.evidence.models import Item
from openhotline.statistics.errors import PublishedAlready
from openhotline.statistics.models import PublishedFigures
from openhotline.statistics.policies import BETWEEN
from openhotline.statistics.services import publish_figures as module
from openhotline.statistics.services.publish_figures import publish_figures
from openhotline.statistics.views import numbers as view

pytestmark = pytest.mark.django_db


def outside() -> str:
    """The public page as a stranger gets it."""
    return Client().get(reverse("numbers")).content.decode()


def moves(make_item: Callable[..., Item]) -> bool:
    """Say whether the public page changes when six files come in."""
    before = outside()
    for seed in range(6):
        make_item(seed=seed)
    return outside() != before


def test_until_then_the_public_page_says_that_there_are_none() -> None:
    assert "No figures have been published yet." in outside()
    assert "Found" not in outside()


def test_what_was_published_needs_no_sign_in_and_says_practice(senior: Person, now: datetime) -> None:
    publish_figures(actor=senior, now=now)
    assert "NOT FINDINGS" in outside()
    assert "Found" in outside()
    assert "21 November 2026" in outside()


def test_the_public_page_does_not_move_with_what_comes_in(
    senior: Person, make_item: Callable[..., Item], now: datetime
) -> None:
    publish_figures(actor=senior, now=now)
    assert not moves(make_item)


def test_planted_figures_of_the_moment_would_move(
    senior: Person, make_item: Callable[..., Item], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: the page counts when it is asked."""
    monkeypatch.setattr(view, "latest_published", lambda: PublishedFigures(**module._counted(senior, now)))
    assert moves(make_item)


def test_small_counts_are_not_even_kept(senior: Person, make_item: Callable[..., Item], now: datetime) -> None:
    make_item()
    (found, *_) = publish_figures(actor=senior, now=now).content["bars"]
    assert found == {"name": "Found", "value": 0, "count": "few"}
    assert "fewer than 5 files" in outside()


def test_once_a_day_and_not_more(senior: Person, manager: Person, now: datetime) -> None:
    """Past midnight is not a day later: two publications a minute apart would tell what came between."""
    publish_figures(actor=senior, now=now)
    with pytest.raises(PublishedAlready, match=r"again from 22 November 2026, 12:00 UTC"):
        publish_figures(actor=manager, now=now + BETWEEN - timedelta(seconds=1))
    publish_figures(actor=manager, now=now + BETWEEN)
    assert PublishedFigures.objects.count() == 2


def test_two_at_once_are_one(senior: Person, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process published between looking and writing: the database refuses, and the sentence says when."""
    publish_figures(actor=senior, now=now)
    real, asked = module.latest_published, iter([None])
    monkeypatch.setattr(module, "latest_published", lambda: next(asked, real()))
    with pytest.raises(PublishedAlready):
        publish_figures(actor=senior, now=now)
    assert (PublishedFigures.objects.count(), Record.objects.filter(action="figures_published").count()) == (1, 1)


def test_an_analyst_does_not_publish(analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="your role is analyst"):
        publish_figures(actor=analyst, now=now)


def test_it_is_recorded_who_published(manager: Person, now: datetime) -> None:
    published = publish_figures(actor=manager, now=now)
    line = Record.objects.get(action="figures_published")
    assert (line.actor, line.subject) == (manager.public_id, published.public_id)
    assert published.published_by == manager.public_id


def test_production_shows_nothing_that_was_published_in_practice(senior: Person, now: datetime, settings: Any) -> None:
    publish_figures(actor=senior, now=now)
    settings.PRACTICE = False
    assert "No figures have been published yet." in outside()
