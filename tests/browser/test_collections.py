"""A found collection comes in whole, and its page is accessible in every sight."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.axe_found import found_in_every_sight
from openhotline.core.clock import now
from openhotline.core.jobs import drain
from openhotline.intake.models import Collection
from openhotline.intake.models.manifest import open_source
from openhotline.intake.services.open_collection import open_collection
from openhotline.intake.services.register_finds import register_finds

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def imported(practice: str, collection: Path, tmp_path: Path) -> Collection:
    """Some of the practice pictures, one of them twice, a text and a link, in a folder without a manifest."""
    pictures = sorted(path for path in collection.rglob("*") if path.suffix in {".jpg", ".png"})[:8]
    for number, picture in enumerate([*pictures, pictures[0]]):
        (tmp_path / f"{number}{picture.suffix}").write_bytes(picture.read_bytes())
    (tmp_path / "notes.txt").write_text("A text.")
    (tmp_path / "a-link.jpg").symlink_to("/nowhere")
    source = open_source(tmp_path)
    opened = open_collection(source=source, name="A folder " + "with a long name " * 4, actor="test", now=now())
    for lines in source.batches():
        register_finds(collection=opened, lines=lines, now=now())
    drain()
    return opened


def test_a_collection_s_page_says_what_became_of_it(imported: Collection, open_page: Callable[..., Page]) -> None:
    page = open_page("/practice/")
    page.get_by_role("button", name="Sign in as Analyst", exact=True).click()
    page.get_by_role("link", name="Collections").click()
    found = found_in_every_sight(page)
    page.get_by_role("link", name="A folder").click()
    expect(page.get_by_text("11 of 11 files registered: 9 taken, 1 folded")).to_be_visible()
    expect(page.locator("svg.bar-funnel")).to_have_count(5)
    page.locator("summary").click()
    expect(page.get_by_text("links are not followed")).to_be_visible()
    assert [*found, *found_in_every_sight(page)] == []
