"""A video that shares frames with what is listed: the analyst reads with what, how many and when, and sees no frame."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Response, expect

from browser.axe_found import found_in_every_sight
from browser.by_keys import press
from hashmatch import pdq
from moving import RATE, moving, scene
from openhotline.assessment.services.queue_items import queue_items
from openhotline.core.clock import now
from openhotline.core.jobs import drain
from openhotline.evidence.models import Item
from openhotline.hashlists.models import Entry
from openhotline.hashlists.services.import_known import import_known
from openhotline.hashlists.states import HashKind, Verdict
from openhotline.intake.models.manifest import open_source
from openhotline.intake.services.open_collection import open_collection
from openhotline.intake.services.register_finds import register_finds
from openhotline.triage.models import Selection
from openhotline.triage.states import Reason, SelectionState

pytestmark = [pytest.mark.browser, pytest.mark.sandbox, pytest.mark.django_db(transaction=True)]
TILE_SIDE = 160


def brought_in(folder: Path, name: str, content: bytes) -> Item:
    """Bring in a folder with one file, as the command does, and work until it is triaged."""
    place = folder / name
    place.mkdir()
    (place / f"{name}.mp4").write_bytes(content)
    source = open_source(place)
    opened = open_collection(source=source, name=name, actor="test", now=now())
    for lines in source.batches():
        register_finds(collection=opened, lines=lines, now=now())
    drain()
    return Item.objects.latest("pk")


@pytest.fixture
def video(practice: str, tmp_path: Path) -> Item:
    """A part of a listed video; one of its frames is on a list of somebody else besides."""
    whole = brought_in(tmp_path, "whole", moving(7, seconds=12))
    Entry.objects.create(
        item=whole, ai_involvement="none_seen", real_child="not_determined", jurisdiction="GB-EAW",
        outcome="photograph", provision="pca1978", consensus=2, listed_at=now() - timedelta(days=1),
    )  # fmt: skip
    line = pdq.from_picture(scene(7, 6 * RATE)).hash.hex()
    import_known(list_name="a partner", verdict=Verdict.KNOWN, lines=[line], kind=HashKind.PDQ, actor="test", now=now())
    part = brought_in(tmp_path, "part", moving(7, seconds=4, first=4 * RATE))
    Selection.objects.filter(item=part).update(state=SelectionState.SELECTED, reason=Reason.KEPT)
    queue_items(item_ids=[part.pk], actor="test", now=now())
    return part


def test_an_analyst_reads_which_frames_are_shared_and_when_and_sees_a_blurred_sheet(
    video: Item, open_page: Callable[..., Page]
) -> None:
    came: list[str] = []
    page = open_page("/practice/")

    def note(response: Response) -> None:
        if response.headers.get("content-type", "").startswith(("image/", "video/")) and "/static/" not in response.url:
            came.append(response.url)

    page.context.on("response", note)
    page.get_by_role("button", name="Sign in as Analyst", exact=True).click()
    page.wait_for_url("**/desk/")
    press(page, "j")
    expect(page.locator("[data-reveal-url]")).to_be_visible()
    expect(page.get_by_text("A video, 0:04 long. 8 frames were taken; the sheet shows up to nine")).to_be_visible()
    expect(page.get_by_text("At 0:00, 0:01, 0:02 and 0:03: 4 of 8 frames look like 4 of 12 of a video")).to_be_visible()
    expect(page.get_by_text("which are at 0:04 to 0:07 there.")).to_be_visible()
    expect(page.get_by_text("At 0:02: 1 of 8 frames looks like a picture listed as known (a partner).")).to_be_visible()
    page.wait_for_load_state("networkidle")
    found = found_in_every_sight(page)
    assert came
    assert {"/media/tile/" in url for url in came} == {True}
    with Image.open(io.BytesIO(page.request.get(came[0]).body())) as tile:
        assert max(tile.size) <= TILE_SIDE
    assert page.locator("video").count() == 0
    page.goto(f"/desk/stacks/{video.stacked.stack.public_id}/")
    expect(page.get_by_role("heading", name="Videos that share frames with what a list holds")).to_be_visible()
    expect(page.get_by_text("4 of 8 frames look like 4 of 12 of a video")).to_be_visible()
    assert page.locator("main img").count() == 0
    assert [*found, *found_in_every_sight(page)] == []
