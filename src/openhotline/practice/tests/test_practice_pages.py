"""The practice pages: nothing to read first."""

import shutil
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from openhotline.core.clock import now
from openhotline.core.crypto import lookup
from openhotline.intake.models import Report
from openhotline.practice.analysts.offering import _lines, offered
from openhotline.practice.seeding import seed
from openhotline.practice.views.example import example_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def set_up(collection: Path, tmp_path: Path, settings: Settings) -> Path:
    """A data folder with a collection, and the practice people."""
    shutil.copytree(Path(settings.VAR) / "keys", tmp_path / "keys")
    settings.VAR = tmp_path
    folder = tmp_path / "practice" / "collection"
    folder.mkdir(parents=True)
    for name in ("manifest.jsonl", "truth.jsonl", "legend.json", "known.jsonl", "known_harmless.jsonl"):
        shutil.copy(collection / name, folder / name)
    seed(collection=None, analysts=1, now=now())
    return folder


def test_one_button_signs_in(set_up: Path, stranger: Client) -> None:
    answer = stranger.post(reverse("practice_sign_in"), {"role": "analyst"})
    assert answer.headers["Location"] == reverse("desk_home")
    assert stranger.get(reverse("desk_home")).status_code == 200


def test_a_sign_in_goes_where_it_was_wanted_and_never_elsewhere(set_up: Path, stranger: Client) -> None:
    here = {"role": "manager", "next": reverse("desk_numbers")}
    assert stranger.post(reverse("practice_sign_in"), here).headers["Location"] == reverse("desk_numbers")
    there = {"role": "manager", "next": "https://elsewhere.example/"}
    assert stranger.post(reverse("practice_sign_in"), there).headers["Location"] == reverse("desk_home")


def test_only_the_three_people_have_a_button(set_up: Path, stranger: Client) -> None:
    assert stranger.post(reverse("practice_sign_in"), {"role": "scripted-01"}).status_code == 404


def test_production_has_no_practice_pages(set_up: Path, stranger: Client, settings: Settings) -> None:
    settings.PRACTICE = False
    assert stranger.get(reverse("practice_start")).status_code == 403
    assert stranger.post(reverse("practice_sign_in"), {"role": "analyst"}).status_code == 403


def test_report_this_makes_a_report_that_comes_first(set_up: Path, stranger: Client) -> None:
    stranger.post(reverse("practice_report"))
    report = Report.objects.get()
    assert (report.state, report.lane, report.practice) == ("received", "urgent", True)
    page = stranger.get(reverse("practice_start")).content.decode()
    assert page.count('class="step ') == 11


def test_what_was_brought_in_is_not_offered_again(set_up: Path, make_item: object) -> None:
    first = example_picture()
    key = next(key for file, key in offered(set_up) if first.endswith(file))
    make_item(lookup=key)  # type: ignore[operator] # a fixture
    assert example_picture() not in {"", first}


def test_an_offered_picture_is_its_own_and_on_no_list(set_up: Path) -> None:
    """No copy of it exists, so that nobody has decided it already."""
    copied = {row["original"] for row in _lines(set_up / "truth.jsonl") if row["relation"] != "original"}
    known = {lookup("file", row["sha256"]) for row in _lines(set_up / "known.jsonl")}
    numbers = {row["file"]: row["number"] for row in _lines(set_up / "manifest.jsonl")}
    pictures = offered(set_up)
    assert pictures
    assert not {key for _, key in pictures} & known
    assert not {numbers[file] for file, _ in pictures} & copied


def test_without_a_collection_nothing_is_offered(stranger: Client, tmp_path: Path, settings: Settings) -> None:
    settings.VAR = tmp_path
    assert stranger.get(reverse("practice_start")).status_code == 200
    assert stranger.post(reverse("practice_report")).status_code == 404


def test_the_legend_shows_every_glyph(set_up: Path, stranger: Client) -> None:
    page = stranger.get(reverse("practice_legend")).content.decode()
    assert page.count("<polygon") == 10


@pytest.mark.parametrize("query", ["", "?desk"])
def test_the_gallery_shows_the_components(stranger: Client, query: str) -> None:
    assert stranger.get(reverse("practice_gallery") + query).status_code == 200
