"""The media door under an origin of its own: the desk's page shows its pictures, and no cookie goes there."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.db import connection
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from journeys.ports_apart import ports_apart
from openhotline.assessment.models import Assessment
from openhotline.practice.site.ports import answers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.sandbox]
UP_SECONDS = 120.0


class Apart(NamedTuple):
    """The origins of two doors, and how to stop the one for pictures."""

    desk: str
    media: str
    stop: Callable[[], None]


@pytest.fixture
def apart(practice: str, settings: LazySettings, live_server: LiveServer, tmp_path: Path) -> Iterator[Apart]:
    """The desk as this process and the media door as another, two hosts of one site."""
    (port,) = ports_apart(1)
    desk = f"http://desk.hotline.localhost:{urlsplit(live_server.url).port}"
    media = f"http://media.hotline.localhost:{port}"
    settings.DOOR = "desk"
    settings.ALLOWED_HOSTS = ["desk.hotline.localhost"]
    settings.ORIGINS = settings.ORIGINS | {"desk": desk, "media": media}
    env = os.environ | {
        "OPENHOTLINE_VAR": str(settings.VAR),
        "OPENHOTLINE_DOOR": "media",
        "OPENHOTLINE_DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "OPENHOTLINE_HOSTS": "media.hotline.localhost",
        "OPENHOTLINE_ORIGIN_DESK": desk,
        "OPENHOTLINE_ORIGIN_MEDIA": media,
        "DJANGO_SETTINGS_MODULE": "openhotline.config.settings",
    }
    command = [sys.executable, "-m", "openhotline.config.cli", "serve", "--port", str(port)]
    with (tmp_path / "media.log").open("wb") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        until = time.monotonic() + UP_SECONDS
        while not answers(port, within=0.5):
            assert time.monotonic() < until, (tmp_path / "media.log").read_text()[-800:]
        # The port is open before the door is: its processes first open their sandboxes, which takes compiled code.
        asked = HTTPConnection("127.0.0.1", port, timeout=UP_SECONDS)
        asked.request("GET", "/", headers={"Host": "media.hotline.localhost"})
        assert asked.getresponse().status == HTTPStatus.NOT_FOUND
        asked.close()

        def stop() -> None:
            process.terminate()
            process.wait(30)

        yield Apart(desk, media, stop)
        stop()


def to_the_sheet(page: Page, work: Callable[[], None]) -> None:
    """Report a page of practice and open its sorting sheet."""
    page.goto("/practice/")
    page.get_by_role("button", name="Report this").click()
    expect(page.get_by_text("Its receipt")).to_be_visible()
    work()
    page.get_by_role("button", name="Work on it as the analyst").click()


def to_the_first_picture(page: Page, work: Callable[[], None]) -> None:
    """Keep the whole sheet, and take the first picture."""
    page.get_by_role("button", name="Finish").click()
    work()
    page.get_by_role("button", name="Next").or_(page.get_by_role("link", name="Next")).first.click()


def test_the_picture_comes_from_the_other_origin_by_a_pass_and_without_a_cookie(
    apart: Apart, browser: Browser, work: Callable[[], None], look: Callable[[Page], Locator]
) -> None:
    desk, media = apart.desk, apart.media
    context = browser.new_context(base_url=desk)
    page = context.new_page()
    asked: list[tuple[str, str]] = []
    context.on(
        "request",
        lambda one: asked.append((one.url, one.all_headers().get("cookie", ""))) if one.url.startswith(media) else None,
    )
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    to_the_sheet(page, work)
    blurred = page.locator("img[src*='/media/tile/']").first
    expect(blurred).to_have_js_property("complete", value=True)
    assert blurred.evaluate("image => image.naturalWidth") > 0
    to_the_first_picture(page, work)
    tile = look(page)
    assert (tile.locator("img").get_attribute("src") or "").startswith("blob:")
    page.keyboard.up("Space")
    expect(tile).to_have_attribute("aria-pressed", "false")
    kinds = {urlsplit(url).path.split("/")[2] for url, _ in asked}
    assert {"tile", "reveal"} <= kinds
    assert all("pass=" in url for url, _ in asked)
    assert {cookie for _, cookie in asked} == {""}
    assert [text for text in said if "Content Security Policy" in text or "CORS" in text] == []
    context.close()


def test_while_the_media_door_is_down_words_are_decided_and_no_picture_is_unseen(
    apart: Apart, browser: Browser, work: Callable[[], None]
) -> None:
    """The desk says so in a sentence, keeps what was filled in, and takes what is decided by its words."""
    context = browser.new_context(base_url=apart.desk)
    page = context.new_page()
    to_the_sheet(page, work)
    apart.stop()
    to_the_first_picture(page, work)
    expect(
        page.get_by_text("The media door does not answer, so no picture can be shown. Nothing is lost.")
    ).to_be_visible()
    page.locator("[data-reveal-url]").focus()
    page.keyboard.down("Space")
    expect(page.get_by_text("The media door does not answer. The picture was not shown.")).to_be_visible()
    page.keyboard.up("Space")
    page.locator('input[name="content_kind"][value="image"]').check()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("You were not shown this picture")).to_be_visible()
    assert not Assessment.objects.exists()
    expect(page.locator('input[name="content_kind"][value="image"]')).to_be_checked()
    page.locator('input[name="content_kind"][value="text"]').check()
    page.get_by_role("button", name="Decide").click()
    expect(
        page.get_by_text("Decided.").or_(page.get_by_text("Another person now gives an opinion.")).first
    ).to_be_attached()
    assert Assessment.objects.get().facts["content_kind"] == "text"
    context.close()
