"""However a picture is looked at, saved or opened again: without a held key there is the small grey tile alone."""

import io
from collections.abc import Callable
from http import HTTPStatus

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Error, Locator, Page, Response, expect

from browser.by_keys import press
from openhotline.assessment.services.queue_items import queue_items
from openhotline.audit.models import Record
from openhotline.core.clock import now
from openhotline.core.jobs import drain
from openhotline.exposure.models import View
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.start_report import start_report
from openhotline.intake.states import Source
from openhotline.triage.models import Selection
from openhotline.triage.states import Reason, SelectionState

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TILE_SIDE = 160


@pytest.fixture
def came() -> list[str]:
    """The address of every answer of the server that was a picture of an item."""
    return []


@pytest.fixture
def at_picture(practice: str, site_origin: str, open_page: Callable[..., Page], came: list[str]) -> Page:
    """The analyst before one picture, with whatever comes from the media door noted."""
    address = f"{site_origin}/boards/1/threads/0001.html"
    report, _ = start_report(addresses=[address], source=Source.PUBLIC, idempotency=None, practice=True, now=now())
    complete_report(report=report, details={}, urgent=False, now=now())
    drain()
    items = list(Selection.objects.values_list("item_id", flat=True))
    Selection.objects.update(state=SelectionState.SELECTED, reason=Reason.KEPT)
    queue_items(item_ids=items, actor="test", now=now())
    page = open_page("/practice/")

    def note(response: Response) -> None:
        if "/media/" in response.url and response.headers.get("content-type", "").startswith("image/"):
            came.append(response.url)

    page.context.on("response", note)
    page.get_by_role("button", name="Sign in as Analyst", exact=True).click()
    page.wait_for_url("**/desk/")
    press(page, "j")
    expect(page.locator("[data-reveal-url]")).to_be_visible()
    page.wait_for_load_state("networkidle")
    return page


def all_blurred(page: Page, came: list[str]) -> bool:
    """Say whether there were pictures, and behind each address lies a small grey tile."""
    return bool(came) and all("/media/tile/" in url and is_tile(page.request.get(url).body()) for url in came)


def is_tile(data: bytes) -> bool:
    """Say whether a picture is no larger than a tile, and grey (within what JPEG leaves of a colour)."""
    with Image.open(io.BytesIO(data)) as picture:
        colours = np.asarray(picture.convert("YCbCr"))[..., 1:]
    return bool(max(picture.size) <= TILE_SIDE and colours.min() >= 126 and colours.max() <= 130)


def shown(page: Page) -> dict[str, object]:
    """What the page shows of the picture now, once the browser has read it."""
    found: dict[str, object] = page.locator("[data-reveal-url] img").evaluate(
        "async image => { await image.decode();"
        " return {wide: image.naturalWidth, high: image.naturalHeight, src: image.getAttribute('src')}; }"
    )
    return found


def test_zoom_and_full_screen_enlarge_the_tile_and_fetch_nothing(at_picture: Page, came: list[str]) -> None:
    page, before = at_picture, shown(at_picture)
    client = page.context.new_cdp_session(page)
    client.send(
        "Emulation.setDeviceMetricsOverride", {"width": 400, "height": 300, "deviceScaleFactor": 4, "mobile": False}
    )
    client.send("Emulation.setPageScaleFactor", {"pageScaleFactor": 4})
    for key in ("Control+Equal", "Control+Equal"):
        page.keyboard.press(key)
    whole = "document.querySelector('[data-reveal-url]').requestFullscreen().then(() => !!document.fullscreenElement)"
    full = client.send("Runtime.evaluate", {"expression": whole, "userGesture": True, "awaitPromise": True})
    assert full["result"]["value"] is True
    page.wait_for_load_state("networkidle")
    assert shown(page) == before
    assert max(int(str(before["wide"])), int(str(before["high"]))) <= TILE_SIDE
    assert all_blurred(page, came)
    assert not View.objects.filter(kind=View.REVEAL).exists()


def test_letting_go_hides_it_in_full_screen_too(at_picture: Page, look: Callable[[Page], Locator]) -> None:
    page, before = at_picture, shown(at_picture)
    client = page.context.new_cdp_session(page)
    whole = "document.documentElement.requestFullscreen()"
    client.send("Runtime.evaluate", {"expression": whole, "userGesture": True, "awaitPromise": True})
    tile = look(page)
    assert shown(page) != before
    page.keyboard.up("Space")
    expect(tile).to_have_attribute("aria-pressed", "false")
    assert shown(page) == before


def test_what_is_printed_is_the_tile_even_while_a_key_is_held(
    at_picture: Page, look: Callable[[Page], Locator]
) -> None:
    page, before = at_picture, shown(at_picture)
    tile = look(page)
    page.evaluate(
        "() => addEventListener('beforeprint', () => {"
        " window.printed = document.querySelector('[data-reveal-url] img').getAttribute('src'); })"
    )
    page.pdf()
    assert page.evaluate("window.printed") == before["src"]
    expect(tile).to_have_attribute("aria-pressed", "false")


def test_a_right_click_opens_no_menu_and_what_could_be_saved_is_the_tile(at_picture: Page, came: list[str]) -> None:
    page = at_picture
    page.evaluate("() => addEventListener('contextmenu', (event) => { window.menu = !event.defaultPrevented; })")
    page.locator("[data-reveal-url]").click(button="right")
    assert page.evaluate("window.menu") is False
    saved = bytes(
        page.locator("[data-reveal-url] img").evaluate(
            "async (image) => [...new Uint8Array(await (await fetch(image.src)).arrayBuffer())]"
        )
    )
    assert is_tile(saved)
    assert all_blurred(page, came)
    assert not Record.objects.filter(action="view_shown").exists()
    assert not View.objects.filter(kind=View.REVEAL).exists()


def test_the_same_addresses_in_a_new_tab_give_the_tile_or_nothing(
    at_picture: Page, came: list[str], look: Callable[[Page], Locator]
) -> None:
    page, before = at_picture, shown(at_picture)
    reveal = page.locator("[data-reveal-url]").get_attribute("data-reveal-url") or ""
    refused_in_a_tab(page, reveal)
    tab = page.context.new_page()
    tab.goto(str(before["src"]))
    sides = tab.locator("img").evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert max(sides) <= TILE_SIDE
    tab.close()
    assert all_blurred(page, came)
    page.bring_to_front()
    tile = look(page)
    page.keyboard.up("Space")
    expect(tile).to_have_attribute("aria-pressed", "false")
    looks = View.objects.filter(kind=View.REVEAL).count()
    refused_in_a_tab(page, reveal)
    assert page.request.post(reveal).status == HTTPStatus.FORBIDDEN, "and not without the page's token"
    assert View.objects.filter(kind=View.REVEAL).count() == looks


def refused_in_a_tab(page: Page, address: str) -> None:
    """Open an address in a new tab: an empty refusal."""
    tab = page.context.new_page()
    with pytest.raises(Error, match="HTTP_RESPONSE_CODE_FAILURE"):
        tab.goto(address)
    tab.close()
    assert page.request.get(address).status == HTTPStatus.METHOD_NOT_ALLOWED
