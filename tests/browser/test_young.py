"""A young person at the browser: every way through the pages, and codes of pictures that never leave the device."""

import base64
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, Request, Route, expect
from pytest_django.live_server_helper import LiveServer

from browser.axe_found import found_in_every_sight
from hashmatch import pdq
from hashmatch.benchmarks.formats import stored
from hashmatch.benchmarks.pictures import encoded, picture
from openhotline.core.jobs import drain
from openhotline.hashlists.queries import self_reported
from openhotline.intake.models import DeviceHash, Report
from openhotline.intake.models.device_hash import LEAST_QUALITY, MOST
from openhotline.intake.states import DeviceHashState

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]
WAYS: dict[str, tuple[tuple[str, ...], str]] = {
    "under 13": (("Me", "Under 13"), "Two ways to get help"),
    "13 to 15": (("Me", "13 to 15"), "Two ways to get help"),
    "16 or 17": (("Me", "16 or 17"), "Two ways to get help"),
    "adult now, child then": (("Me", "18 or over", "I was under 18"), "Two ways to get help"),
    "adult now, not sure": (("Me", "18 or over", "I am not sure"), "Two ways to get help"),
    "age not said": (("Me", "I would rather not say", "I was under 18"), "Two ways to get help"),
    "adult then": (("Me", "18 or over", "I was 18 or over"), "Help with a picture from when you were 18 or over"),
    "someone": (("Someone I know: a friend, a brother or a sister",), "Help for someone you know"),
}
MOST_BITS = 2
PLAIN = ("Me", "13 to 15")
STRIP_PIXELS, TELEPHONE_PIXELS = 1 << 20, 16_777_216
CANVASES = """
globalThis.canvases = [];
globalThis.OffscreenCanvas = class extends OffscreenCanvas {
  constructor(width, height) { super(width, height); canvases.push(width * height); }
};
"""
# What some browsers and add-ons do: the last bit of a few values is another.
NOISE = """
for (const kind of ["CanvasRenderingContext2D", "OffscreenCanvasRenderingContext2D"]) {
  const context = globalThis[kind];
  if (!context) continue;
  const honest = context.prototype.getImageData;
  context.prototype.getImageData = function (...place) {
    const read = honest.apply(this, place);
    for (let at = 0; at < read.data.length; at += 997) read.data[at] ^= 1;
    return read;
  };
}
"""


def file(name: str, data: bytes, kind: str = "") -> FilePayload:
    """Return a file as a person chooses it."""
    return {"name": name, "mimeType": kind, "buffer": data}


def jpeg(seed: int = 5) -> bytes:
    """Return a generated picture that is not plain."""
    return encoded(picture(seed, 640, 480), "JPEG", quality=88)


def walk(page: Page, answers: tuple[str, ...]) -> Page:
    """Answer a question a page from the first page on."""
    for answer in answers:
        page.get_by_label(answer, exact=True).check()
        page.get_by_role("button", name="Continue").click()
    return page


def code_page(open_page: Open, **how: object) -> Page:
    """Return the page that makes codes, ready to."""
    page = walk(open_page("/young/", **how), PLAIN)
    page.get_by_role("button", name="Make a code on my device").click()
    expect(page.locator("#pictures")).to_be_visible()
    return page


def choose(page: Page, *files: FilePayload) -> list[str]:
    """Choose files and return the codes that the page shows once it is done."""
    page.locator("#pictures").set_input_files(list(files))
    expect(page.locator('[data-part="status"]')).to_contain_text("Codes ready", timeout=60_000)
    return page.locator("#id_hashes").input_value().split("\n")


def code_of(data: bytes) -> str:
    """Return the server's code of a file."""
    made = pdq.from_bytes(data)
    return f"{made.hash.hex()} {made.quality}"


def bits_apart(one: str, other: str) -> int:
    """Return how many bits of two codes differ."""
    return (int(one.split(maxsplit=1)[0], 16) ^ int(other.split(maxsplit=1)[0], 16)).bit_count()


@pytest.fixture
def door(live_server: LiveServer, log_for_one_test: None) -> str:
    """The live site, without the practice people."""
    return live_server.url


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_every_way_with_scripts_and_without(door: str, open_page: Open, *, scripts: bool) -> None:
    page = open_page("/young/", scripts=scripts)
    for answers, heading in WAYS.values():
        page.goto("/young/")
        walk(page, answers)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert page.url == f"{door}/young/"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_answers_can_be_changed(door: str, open_page: Open, *, scripts: bool) -> None:
    page = walk(open_page("/young/", scripts=scripts), WAYS["adult then"][0])
    page.get_by_role("button", name="Change my answers").click()
    walk(page, ("I was under 18",))
    expect(page.get_by_role("heading", level=1)).to_have_text("Two ways to get help")


def test_without_scripts_the_page_says_so_and_shows_the_other_way(door: str, open_page: Open) -> None:
    page = walk(open_page("/young/", scripts=False), PLAIN)
    page.get_by_role("button", name="Make a code on my device").click()
    expect(page.get_by_text("your browser does not let it run")).to_be_visible()
    expect(page.locator("#pictures")).to_be_hidden()
    page.get_by_role("button", name="Ask a person instead").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two ways to get help")


def test_a_code_is_made_shown_sent_and_taken_back(door: str, open_page: Open) -> None:
    """What is shown before is what stands on the list after."""
    page = code_page(open_page)
    shown = choose(page, file("a.jpg", jpeg()))
    assert shown == [code_of(jpeg())]
    page.get_by_role("button", name="Send the codes").click()
    words = page.locator(".receipt-code").inner_text()
    drain()
    assert [f"{line.pdq} {line.quality}" for line in self_reported()] == shown
    page.get_by_role("link", name="Take the codes back").click()
    page.get_by_label("The six words of your receipt").fill(words)
    page.get_by_role("button", name="Take the codes back").click()
    expect(page.get_by_text("The codes are taken back.")).to_be_visible()
    drain()
    assert self_reported() == []


def test_the_words_take_codes_back_without_scripts(door: str, open_page: Open) -> None:
    page = code_page(open_page)
    choose(page, file("a.jpg", jpeg()))
    page.get_by_role("button", name="Send the codes").click()
    words = page.locator(".receipt-code").inner_text()
    page = open_page("/young/undo/", scripts=False)
    page.get_by_label("The six words of your receipt").fill(words)
    page.get_by_role("button", name="Take the codes back").click()
    expect(page.get_by_text("The codes are taken back.")).to_be_visible()
    assert {row.state for row in DeviceHash.objects.all()} == {DeviceHashState.WITHDRAWN}


def test_however_a_picture_is_stored_the_code_is_the_server_s(door: str, open_page: Open) -> None:
    """The bench's measure in short, through the page and its worker: at most 2 bits, and no point of quality apart."""
    page = code_page(open_page)
    files = [(name, data) for name, data in stored(1, longest=900) if not name.startswith("avif")]
    for start in range(0, len(files), MOST):
        some = files[start : start + MOST]
        wanted = [code for _, data in some if int((code := code_of(data)).split()[1]) >= LEAST_QUALITY]
        made = choose(page, *(file(name, data) for name, data in some))
        assert [code.split()[1] for code in made] == [code.split()[1] for code in wanted]
        assert max(bits_apart(*pair) for pair in zip(made, wanted, strict=True)) <= MOST_BITS
        for _ in some:
            page.get_by_role("button", name="Remove").first.click()


def test_no_canvas_is_larger_than_a_telephone_gives(door: str, open_page: Open) -> None:
    """A panorama of 18 million pixels is read in strips, and its code is still the server's."""
    wide = encoded(picture(5, 9000, 2000), "JPEG", quality=85)
    page = open_page("/young/")
    page.add_init_script(CANVASES)
    page.goto("/young/")
    made = page.evaluate(
        "async ({script, data}) => (await import(script)).measure("
        "new Blob([Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0))]))",
        {"script": f"{settings.STATIC_URL}intake/picture.js", "data": base64.b64encode(wide).decode()},
    )
    canvases = page.evaluate("canvases")
    assert len(canvases) == 1
    assert max(canvases) <= STRIP_PIXELS < TELEPHONE_PIXELS
    assert bits_apart(made["hash"], code_of(wide)) <= MOST_BITS


def test_a_picture_never_leaves_and_nothing_is_sent_before_the_button(door: str, open_page: Open) -> None:
    page = code_page(open_page)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - Playwright wants a function
    (code,) = choose(page, file("a.jpg", jpeg()))
    page.wait_for_timeout(500)
    assert asked == []
    page.get_by_role("button", name="Send the codes").click()
    expect(page.locator(".receipt-code")).to_be_visible()
    (sent,) = [request for request in asked if request.method == "POST"]
    assert sent.url.endswith("/young/keep/send/")
    assert set(sent.post_data_json) == {"own", "hashes", "sending"}
    assert sent.post_data_json["hashes"] == code
    assert len(sent.post_data or "") < 600
    assert all(len(request.post_data or "") < 600 for request in asked)


def test_a_page_that_sends_the_picture_would_be_seen(door: str, open_page: Open) -> None:
    """Planted: a script of the page posts the file as soon as it is chosen."""
    page = code_page(open_page)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - Playwright wants a function
    page.evaluate(
        "document.querySelector('#pictures').addEventListener('change', ({target}) =>"
        " fetch('/young/', {method: 'POST', body: target.files[0]}), {capture: true})"
    )
    choose(page, file("a.jpg", jpeg()))
    page.wait_for_timeout(500)
    assert [request for request in asked if request.method == "POST"]


def test_in_flight_mode_codes_are_made_and_sending_waits(door: str, open_page: Open) -> None:
    page = code_page(open_page)
    page.context.set_offline(True)
    assert choose(page, file("a.jpg", jpeg())) == [code_of(jpeg())]
    page.get_by_role("button", name="Send the codes").click()
    expect(page.get_by_text("Switch off flight mode, then press Send again.")).to_be_visible()
    assert not Report.objects.exists()
    page.context.set_offline(False)
    page.get_by_role("button", name="Send the codes").click()
    expect(page.locator(".receipt-code")).to_be_visible()
    assert DeviceHash.objects.count() == 1


@pytest.fixture
def falsifying(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """A browser in which an add-on changes what pages read from a canvas."""
    context = browser.new_context(base_url=live_server.url)
    context.add_init_script(NOISE)
    yield context
    context.close()


def test_a_canvas_that_is_falsified_is_refused(door: str, falsifying: BrowserContext) -> None:
    page = falsifying.new_page()
    page.goto("/young/")
    walk(page, PLAIN).get_by_role("button", name="Make a code on my device").click()
    expect(page.get_by_text("We stopped, because the code would be wrong.")).to_be_visible()
    expect(page.locator("#pictures")).to_be_hidden()
    page.get_by_role("button", name="Ask a person instead").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two ways to get help")


def test_a_canvas_that_is_falsified_in_the_worker_alone_is_refused(
    door: str, browser: Browser, live_server: LiveServer
) -> None:
    def with_noise(route: Route) -> None:
        route.fulfill(content_type="text/javascript", body=NOISE + route.fetch().text())

    with browser.new_context(base_url=live_server.url) as context:
        context.route("**/pdq.js", with_noise)
        page = context.new_page()
        page.add_init_script("globalThis.OffscreenCanvasRenderingContext2D = undefined")
        page.goto("/young/")
        walk(page, PLAIN).get_by_role("button", name="Make a code on my device").click()
        expect(page.get_by_text("We stopped, because the code would be wrong.")).to_be_visible()


def test_what_has_no_code_is_told_with_the_reason(door: str, open_page: Open) -> None:
    page = code_page(open_page)
    grey = encoded(picture(1, 300, 200, grain=0).point(lambda value: value // 64 + 90), "PNG")
    codes = choose(
        page,
        file("holiday.mp4", b"\0\0\0\x18ftypmp42", "video/mp4"),
        file("phone.heic", b"\0\0\0\x18ftypheic", "image/heic"),
        file("grey.png", grey, "image/png"),
        file("tiny.png", encoded(picture(1, 4, 400), "PNG"), "image/png"),
        file("good.jpg", jpeg(), "image/jpeg"),
    )
    assert codes == [code_of(jpeg())]
    lines = page.locator('[data-part="pictures"] li')
    for place, reason in enumerate(("This is a film", "cannot open this file", "too plain", "too small", "is ready")):
        expect(lines.nth(place)).to_contain_text(reason)


def test_more_than_ten_pictures_are_told(door: str, open_page: Open) -> None:
    page = code_page(open_page)
    small = [file(f"{seed}.jpg", jpeg(seed)) for seed in range(12)]
    choose(page, *small)
    expect(page.get_by_text("You can choose 10 pictures at once.")).to_be_visible()
    expect(page.locator('[data-part="pictures"] li')).to_have_count(10)


def test_a_picture_can_be_removed_before_sending(door: str, open_page: Open) -> None:
    page = code_page(open_page)
    choose(page, file("a.jpg", jpeg(5)), file("b.jpg", jpeg(10)))
    page.get_by_role("button", name="Remove a.jpg").click()
    assert page.locator("#id_hashes").input_value() == code_of(jpeg(10))
    page.get_by_role("button", name="Remove b.jpg").click()
    expect(page.get_by_role("button", name="Send the codes")).to_be_hidden()


def test_the_digests_shown_are_of_the_files_that_are_served(door: str, open_page: Open) -> None:
    page = code_page(open_page)
    page.get_by_text("How to check what this page does").click()
    shown = page.locator("details dl > div")
    for row in range(shown.count()):
        digest = page.evaluate(
            "async (href) => Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256',"
            " await (await fetch(href)).arrayBuffer())), (byte) => byte.toString(16).padStart(2, '0')).join('')",
            shown.nth(row).locator("a").get_attribute("href"),
        )
        assert shown.nth(row).locator("dd").inner_text() == digest
    assert shown.count() == 4


def pages_of_the_path(page: Page) -> Iterator[str]:
    """Bring the page to each page of the path in turn, and yield its name."""
    for way, (answers, _) in WAYS.items():
        page.goto("/young/")
        for turn, answer in enumerate(answers):
            if way == "adult then":
                yield f"question {turn}"
            walk(page, (answer,))
        yield way
    page.goto("/young/")
    walk(page, PLAIN).get_by_role("button", name="Make a code on my device").click()
    expect(page.locator("#pictures")).to_be_visible()
    yield "codes"
    choose(page, file("a.jpg", jpeg()), file("b.mp4", b"x", "video/mp4"))
    page.get_by_text("How to check what this page does").click()
    yield "codes made"
    page.get_by_role("button", name="Send the codes").click()
    expect(page.locator(".receipt-code")).to_be_visible()
    yield "sent"
    page.get_by_role("link", name="Take the codes back").click()
    page.get_by_role("button", name="Take the codes back").click()
    yield "undo, with an error"
    page.goto("/worried/")
    yield "worried"


def test_every_page_of_the_path_is_accessible(door: str, open_page: Open) -> None:
    page = open_page("/young/")
    found = [f"{name}: {one}" for name in pages_of_the_path(page) for one in found_in_every_sight(page)]
    assert found == []
