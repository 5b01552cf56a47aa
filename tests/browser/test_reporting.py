"""The public door in a browser: every path of somebody who found something, with scripts on and off."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from browser.axe_found import found_by_axe, found_in_every_sight, over_the_side
from openhotline.accounts.models import Person
from openhotline.core.clock import now
from openhotline.intake.models import Report
from openhotline.intake.queries import questions_of, report_page
from openhotline.intake.services.ask_reporter import ask_reporter
from openhotline.intake.services.start_report import words_of
from openhotline.intake.states import Lane

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
Open = Callable[..., Page]
ADDRESS = "example.org/a"


class Hand:
    """Types, clicks and counts, as somebody at a keyboard would."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.keys, self.pages = page, 0, 0, 1

    def click(self, name: str) -> None:
        """Click the button or link of this name and wait for the next page."""
        main = self.page.get_by_role("main")
        main.get_by_role("button", name=name, exact=True).or_(main.get_by_role("link", name=name, exact=True)).click()
        self.page.wait_for_load_state()
        self.clicks, self.pages = self.clicks + 1, self.pages + 1

    def type(self, label: str, text: str) -> None:
        """Go into a field and type."""
        self.page.get_by_label(label).fill(text)
        self.clicks, self.keys = self.clicks + 1, self.keys + len(text)


def to_the_receipt(page: Page, address: str = ADDRESS) -> str:
    """Report in the shortest way from the address page; return the words of the receipt."""
    page.get_by_label("What is the address of the page?").fill(address)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Skip the rest").click()
    page.get_by_role("button", name="Send your report").click()
    return page.locator(".receipt-code").inner_text()


def look_up(page: Page, words: str) -> None:
    """Look at a receipt by its words."""
    page.goto("/receipt/")
    page.get_by_label("The six words of your receipt").fill(words)
    page.get_by_role("button", name="Look", exact=True).click()


def test_steps_and_keystrokes_of_a_first_report(practice: str, open_page: Open) -> None:
    """From the first page to the receipt; the keys of the address itself apart."""
    page = open_page("/")
    hand = Hand(page)
    hand.click("Report an address")
    hand.type("What is the address of the page?", ADDRESS)
    hand.click("Continue")
    saved = hand.clicks
    assert Report.objects.count() == 1
    hand.click("Skip the rest")
    hand.click("Send your report")
    expect(page.locator(".receipt-code")).to_be_visible()
    figures = f"saved after {saved} clicks; receipt after {hand.clicks} clicks on {hand.pages} pages"
    print(f"first report: {figures}; {hand.keys - len(ADDRESS)} keys beside the address")  # noqa: T201 - the figure
    assert (saved, hand.clicks, hand.pages, hand.keys) == (3, 5, 5, len(ADDRESS))


@SCRIPTS
def test_found_something_from_the_first_page_to_the_receipt_and_its_three_words(
    practice: str, open_page: Open, *, scripts: bool
) -> None:
    page = open_page("/", scripts=scripts)
    page.get_by_role("link", name="Report an address").click()
    expect(page.get_by_text("Do not go back, search, save").first).to_be_visible()
    page.get_by_label("What is the address of the page?").fill("example.org/a\nexample.org/b")
    page.get_by_role("button", name="Continue").click()
    assert Report.objects.get().state == "started"
    expect(page.get_by_text("Your 2 addresses are saved.")).to_be_visible()
    page.get_by_label("What is it?").select_option("An AI model or tool that makes it")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What else helps us find it?").fill("thrid picture")
    page.get_by_label("A phone number or e-mail").fill("01632 960001")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Change What else helps us find it?").click()
    page.get_by_label("What else helps us find it?").fill("third picture")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("third picture")).to_be_visible()
    page.get_by_role("button", name="Send your report").click()
    words = page.locator(".receipt-code").inner_text()
    look_up(page, words)
    expect(page.locator('[aria-current="step"]')).to_have_text("Received")
    page.get_by_role("button", name="Take back my contact details").click()
    expect(page.get_by_text("We no longer have your contact details.")).to_be_visible()
    facts = report_page(Report.objects.get().public_id)
    assert facts is not None
    assert (facts.details, facts.contact) == ({"what": "model", "more": "third picture"}, "")


@SCRIPTS
def test_a_live_link_says_whom_to_call_first_and_goes_first(practice: str, open_page: Open, *, scripts: bool) -> None:
    page = open_page("/report/", scripts=scripts)
    main = page.get_by_role("main")
    expect(main.get_by_text("If a child is in danger now, call 999.")).to_be_visible()
    page.get_by_label("What is the address of the page?").fill(ADDRESS)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What is it?").select_option("A live stream, on now")
    page.get_by_role("button", name="Skip the rest").click()
    expect(main.get_by_text("If a child is in danger now, call 999.")).to_be_visible()
    assert Report.objects.get().lane == Lane.URGENT


@SCRIPTS
def test_without_an_address_one_is_led_to_who_can_act_and_can_still_tell(
    practice: str, open_page: Open, *, scripts: bool
) -> None:
    page = open_page("/report/", scripts=scripts)
    page.get_by_role("link", name="It has no address").click()
    expect(page.get_by_role("heading", name="It is on a phone, a computer or a disk")).to_be_visible()
    page.get_by_role("button", name="Tell us in words").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What else helps us find it?").fill("a chat of the game")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send your report").click()
    assert len(page.locator(".receipt-code").inner_text().split()) == 6


@SCRIPTS
def test_a_question_is_asked_at_the_desk_and_answered_with_the_words(
    practice: str, open_page: Open, work: Callable[[], None], *, scripts: bool
) -> None:
    reporter = open_page("/report/", scripts=scripts)
    words = to_the_receipt(reporter, "the page with the blue bird")
    work()
    desk = open_page("/practice/")
    desk.get_by_role("button", name="Sign in as Analyst", exact=True).click()
    report = Report.objects.get()
    desk.goto(f"/desk/reports/{report.public_id}/")
    desk.get_by_label("Ask the reporter").fill("Which game was it?")
    desk.get_by_role("button", name="Ask the reporter").click()
    expect(desk.get_by_text("No answer yet")).to_be_visible()
    assert found_by_axe(desk) == []
    report.questions.update(asked_at=now() - timedelta(hours=1))
    look_up(reporter, words)
    expect(reporter.get_by_role("heading", name="Which game was it?")).to_be_visible()
    reporter.get_by_label("Your answer").fill("The blue one")
    reporter.get_by_role("button", name="Send your answer").click()
    expect(reporter.get_by_text("Your answer was sent.")).to_be_visible()
    assert [one.answers for one in questions_of(report, words=words_of(report))] == [("The blue one",)]
    desk.reload()
    expect(desk.get_by_text("The blue one")).to_be_visible()


@SCRIPTS
def test_parents_have_a_path_of_their_own(practice: str, open_page: Open, *, scripts: bool) -> None:
    page = open_page("/", scripts=scripts)
    page.get_by_role("link", name="What a parent can do").click()
    expect(page.get_by_role("heading", name="For parents and carers")).to_be_visible()
    page.get_by_role("link", name="Report an address").click()
    expect(page.get_by_label("What is the address of the page?")).to_be_visible()


@SCRIPTS
def test_who_worries_about_their_own_thoughts_finds_who_helps_and_is_asked_nothing(
    practice: str, open_page: Open, *, scripts: bool
) -> None:
    page = open_page("/", scripts=scripts)
    page.get_by_role("link", name="Find help", exact=True).click()
    main = page.get_by_role("main")
    for age, service in (("I am under 18", "Shore"), ("I am 18 or over", "Stop It Now")):
        card = main.get_by_role("listitem").filter(has=page.get_by_role("heading", name=age, exact=True))
        expect(card).to_contain_text(service)
    expect(main.locator("form")).to_have_count(0)
    expect(page.get_by_role("link", name="116 123")).to_be_visible()


@SCRIPTS
def test_who_works_with_children_is_led_to_the_guidance(practice: str, open_page: Open, *, scripts: bool) -> None:
    page = open_page("/", scripts=scripts)
    page.get_by_role("link", name="What to do, step by step").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where do you work?")


# ---- The way out ----------------------------------------------------------------------------------------------------

AWAY = "https://weather.example/"


@pytest.fixture
def leave_page(browser: Browser, live_server: LiveServer, settings: Settings, practice: str) -> Open:
    """Open a page, with the neutral page answered here and a cookie and something stored to be forgotten."""
    settings.EXIT_URL = AWAY

    def open_(path: str, *, scripts: bool = True) -> Page:
        context = browser.new_context(java_script_enabled=scripts, base_url=live_server.url)
        context.route(f"{AWAY}**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html"))
        context.add_cookies([{"name": "left", "value": "x", "url": live_server.url}])
        page = context.new_page()
        page.goto(path)
        return page

    return open_


@SCRIPTS
@pytest.mark.parametrize("path", ["/", "/report/", "/receipt/", "/parents/", "/safety/"])
def test_the_button_leads_away_and_the_browser_forgets(leave_page: Open, path: str, *, scripts: bool) -> None:
    page = leave_page(path, scripts=scripts)
    if scripts:
        page.evaluate("localStorage.setItem('left', 'x')")
    page.locator("[data-leave]").click()
    expect(page.get_by_role("heading", name="Weather")).to_be_visible()
    assert page.context.cookies() == []
    page.goto(path)
    assert not scripts or page.evaluate("localStorage.getItem('left')") is None
    page.context.close()


def test_shift_three_times_leads_away_also_from_inside_a_field(leave_page: Open) -> None:
    page = leave_page("/report/")
    page.get_by_label("What is the address of the page?").fill("half an addr")
    for _ in range(3):
        page.keyboard.press("Shift")
    expect(page.get_by_role("heading", name="Weather")).to_be_visible()
    page.go_back()
    assert page.url == "about:blank"  # it took the place of the page that was left
    page.context.close()


def test_capital_letters_lead_nowhere(leave_page: Open) -> None:
    page = leave_page("/report/")
    page.get_by_label("What is the address of the page?").press_sequentially("ABCD")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.keyboard.press("a")
    page.keyboard.press("Shift")
    expect(page.get_by_label("What is the address of the page?")).to_have_value("ABCDa")
    page.context.close()


def test_the_cover_comes_before_the_answer_does(leave_page: Open) -> None:
    page = leave_page("/report/")
    page.route("**/leave/", lambda route: route.fulfill(status=204))  # an answer that leads nowhere
    page.locator("[data-leave]").click()
    expect(page.locator(".leaving")).to_be_visible()
    expect(page).to_have_title("Loading")
    page.context.close()


# ---- Pictures -------------------------------------------------------------------------------------------------------

HAND_OVER = """kind => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array([137, 80, 78, 71])], "a.png", { type: "image/png" }));
  const at = document.querySelector("textarea, form");
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
  at.dispatchEvent(event);
  return event.defaultPrevented;
}"""


@pytest.mark.parametrize("kind", ["paste", "drop"])
@pytest.mark.parametrize("path", ["/report/", "/report/no-address/"])
def test_a_picture_that_is_pasted_or_dropped_is_refused_with_the_reason(
    practice: str, open_page: Open, path: str, kind: str
) -> None:
    page = open_page(path)
    page.wait_for_load_state()
    said = page.get_by_text("We did not take that picture.")
    expect(said).to_be_hidden()
    assert page.evaluate(HAND_OVER, kind) is True
    expect(said).to_be_visible()


def test_text_that_is_pasted_goes_into_the_form(practice: str, open_page: Open) -> None:
    page = open_page("/report/")
    page.wait_for_load_state()
    taken = page.evaluate("""() => {
      const transfer = new DataTransfer();
      transfer.setData("text/plain", "example.org");
      const event = new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true });
      document.querySelector("textarea").dispatchEvent(event);
      return event.defaultPrevented;
    }""")
    assert taken is False


# ---- Cookies off ----------------------------------------------------------------------------------------------------


def test_without_cookies_a_report_is_sent_and_looked_up(practice: str, open_page: Open) -> None:
    """Every cookie that any answer would set is taken out on the way; there is none to take out."""
    page = open_page("/")
    set_by: list[str] = []
    page.on("response", lambda one: set_by.append(one.url) if "set-cookie" in one.headers else None)
    page.goto("/report/")
    look_up(page, to_the_receipt(page))
    expect(page.locator('[aria-current="step"]')).to_have_text("Received")
    assert set_by == []
    assert page.context.cookies() == []


# ---- To be seen, read and used by everybody -------------------------------------------------------------------------


def every_page(page: Page) -> list[str]:
    """Walk through all pages of the report; return what is wrong with each, however it is seen."""
    found: list[str] = []

    def look() -> None:
        found.extend(found_in_every_sight(page))

    for path in ("/", "/parents/", "/safety/", "/privacy/", "/report/no-address/", "/receipt/", "/report/"):
        page.goto(path)
        look()
    page.get_by_role("button", name="Continue").click()
    look()
    page.get_by_label("What is the address of the page?").fill("the blue page\nme@host.example")
    for button in ("Continue", "Continue", "Continue", "Send your report"):
        if page.get_by_label("Yes", exact=True).count():
            page.get_by_label("Yes", exact=True).check()
        page.get_by_role("button", name=button).click()
        look()
    words = page.locator(".receipt-code").inner_text()
    report = Report.objects.latest("pk")
    ask_reporter(
        report=report.public_id, text="Which game?", actor=Person.objects.get(username="analyst"),
        now=now() - timedelta(hours=1),
    )  # fmt: skip
    look_up(page, words)
    look()
    page.get_by_role("button", name="Send your answer").click()
    look()
    page.goto("/report/details/?report=old")
    look()
    return found


def test_every_page_is_accessible_in_every_sight(practice: str, open_page: Open) -> None:
    assert every_page(open_page("/")) == []


def test_what_has_the_focus_is_never_behind_the_way_out(practice: str, open_page: Open) -> None:
    """WCAG 2.4.11, on a small window, where the button lies along the foot."""
    page = open_page("/report/")
    page.set_viewport_size({"width": 320, "height": 480})
    hidden = """() => {
      const at = document.activeElement.getBoundingClientRect();
      const out = document.querySelector(".leave").getBoundingClientRect();
      return !document.activeElement.closest(".leave") && at.top >= out.top && at.bottom <= out.bottom;
    }"""
    for _ in range(15):
        page.keyboard.press("Tab")
        assert not page.evaluate(hidden)


def test_planted_a_page_wider_than_the_window_is_seen(practice: str, open_page: Open) -> None:
    page = open_page("/report/")
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("document.querySelector('main').innerHTML += '<p>' + 'a'.repeat(900) + '</p>'")
    assert over_the_side(page) != []


def test_the_receipt_prints_its_words_and_not_the_way_out(practice: str, open_page: Open) -> None:
    page = open_page("/report/")
    to_the_receipt(page)
    page.emulate_media(media="print")
    expect(page.locator(".receipt-code")).to_be_visible()
    expect(page.locator(".leave")).to_be_hidden()
    assert re.search(r"share this device", page.get_by_role("main").inner_text())
