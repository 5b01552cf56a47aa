"""Debian's Chromium, a live site on a database file, and the practice site beside it."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test import TransactionTestCase
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from cast import empty_with_the_log
from openhotline.assessment.services.queue_items import queue_items
from openhotline.core import jobs
from openhotline.core.clock import now
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.start_report import start_report
from openhotline.intake.states import Source
from openhotline.practice.collection import generate
from openhotline.practice.seeding import seed
from openhotline.practice.site.serving import Site
from openhotline.triage.models import Selection
from openhotline.triage.states import Reason, SelectionState

# Playwright's sync interface keeps an event loop in this thread; the tests use the ORM beside it, never inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# Until a test gives up on a page: long, since a machine that has just started reads everything from its disk first.
PATIENCE_MS = 20_000
FILES = 60
SEED = 3
BOARD = "/boards/1/threads/0001.html"


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A file, as in practice: the threads of the live site must not share one connection."""
    database = connections["default"].settings_dict
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(Path(django_settings.VAR) / "db" / "browser.sqlite3")


def _empty(*_: object) -> None:
    # What a page had asked for can be written when the page is gone, and after the story's own emptying.
    empty_with_the_log()


@pytest.fixture(scope="session", autouse=True)
def emptied_quickly() -> Iterator[None]:
    """Empty the database after each test, and do nothing more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _empty)
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def collection() -> Path:
    """A small practice collection in the data folder, where the practice page looks for it."""
    folder = Path(django_settings.VAR) / "practice" / "collection"
    return generate(folder, items=FILES, seed=SEED, workers=1)


@pytest.fixture
def practice(
    collection: Path, tmp_path: Path, settings: Settings, live_server: LiveServer, log_for_one_test: None
) -> Iterator[str]:
    """The practice people, the practice site on free ports, and the origin of the live site."""
    seed(collection=collection, analysts=1, now=now())
    # In a thread of its own, since Playwright's event loop already runs in this one.
    with ThreadPoolExecutor(1) as apart:
        made = apart.submit(Site, collection, tmp_path / "site").result()
    with made as site:
        settings.SITE_PORT = site.ports.web
        settings.FETCH_ONLY = frozenset({("127.0.0.1", site.ports.web), ("localhost", site.ports.web)})
        yield live_server.url


@pytest.fixture
def site_origin(practice: str, settings: Settings) -> str:
    """The origin of the practice site."""
    return f"http://127.0.0.1:{settings.SITE_PORT}"


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[Open]:
    """Open a page of the live site in a fresh context; ``scripts`` and ``colours`` as the visitor has them."""
    contexts: list[BrowserContext] = []

    def open_(path: str, *, scripts: bool = True, colours: str = "light") -> Page:
        context = browser.new_context(java_script_enabled=scripts, color_scheme=colours, base_url=live_server.url)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def at_queue(practice: str, site_origin: str, open_page: Callable[..., Page]) -> Page:
    """The analyst at the queue, with a whole page of the practice site in it."""
    report, _ = start_report(
        addresses=[f"{site_origin}{BOARD}"], source=Source.PUBLIC, idempotency=None, practice=True, now=now()
    )
    complete_report(report=report, details={}, urgent=False, now=now())
    jobs.drain()
    items = list(Selection.objects.values_list("item_id", flat=True))
    Selection.objects.update(state=SelectionState.SELECTED, reason=Reason.KEPT)
    queue_items(item_ids=items, actor="test", now=now())
    page = open_page("/practice/")
    page.get_by_role("button", name="Sign in as Analyst", exact=True).click()
    page.wait_for_url("**/desk/")
    page.goto("/desk/queue/")
    return page


@pytest.fixture
def look() -> Callable[[Page], Locator]:
    """Wait until a page shows its one picture and hears keys, hold Space, and return the picture's button.

    A click starts the next page and does not wait for it, and a key that is pressed once is not pressed again for a
    page that comes later: so the picture has to be there, and the page's scripts with it, before Space goes down.
    """

    def look_(page: Page) -> Locator:
        tile = page.locator("[data-reveal-url]")
        expect(tile).to_be_visible()
        page.wait_for_load_state("load")
        page.keyboard.down("Space")
        expect(tile).to_have_attribute("aria-pressed", "true")
        return tile

    return look_


@pytest.fixture
def work() -> Callable[[], None]:
    """Do what the worker would, until nothing is left."""
    return jobs.drain
