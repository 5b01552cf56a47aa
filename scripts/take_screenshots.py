"""Make docs/images from a running practice instance: ``scripts/screenshots http://localhost:8000``.

Uses Debian's Chromium. Every picture in them is a generated shape. Takes a turn and a sheet as the analyst, swaps
some, and decides nothing.
"""

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

from hashmatch.benchmarks.pictures import encoded, picture

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
SIZE = {"width": 1280, "height": 860}
CAPTURE_MS = 20_000
SWAPS = 12
SCROLL = 400
# How the answers of a teacher begin to whom a child told of a picture.
TEACHER = ("England", "A child is shown in it", "No", "Yes, a child", "The child told me", "On a web site")
# A study is made by the worker.
MAKING_MS, MAKING_TRIES = 5_000, 40


def practice(page: Page) -> None:
    """The practice page, with a report on its way."""
    page.goto("/practice/")
    page.get_by_role("button", name="Report this").click()
    page.get_by_role("button", name="Work on it").wait_for(timeout=CAPTURE_MS)
    page.goto("/practice/")


def report(page: Page) -> None:
    """The first page of the public form."""
    page.goto("/report/")


def door(page: Page) -> None:
    """The first page of the public door."""
    page.goto("/")


def check(page: Page) -> None:
    """What was answered, shown before it is sent."""
    page.goto("/report/")
    page.get_by_label("What is the address of the page?").fill("https://page.example/board")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("No", exact=True).check()
    page.get_by_label("What is it?").select_option("A picture")
    page.get_by_label("Where is it?").select_option("On a web site")
    for _ in range(2):
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Check your report").wait_for()


def receipt(page: Page) -> None:
    """A report from its address to its receipt."""
    check(page)
    page.get_by_role("button", name="Send your report").click()
    page.locator(".receipt-code").wait_for()


def parents(page: Page) -> None:
    """What a parent or carer can do now."""
    page.goto("/parents/")


def worried(page: Page) -> None:
    """Help for who worries about their own thoughts or behaviour."""
    page.goto("/worried/")


def safety(page: Page) -> None:
    """How to stay safe on this site."""
    page.goto("/safety/")


def privacy(page: Page) -> None:
    """What is kept, of whom, and for how long."""
    page.goto("/privacy/")


def young(page: Page) -> None:
    """The choice that a young person has, side by side."""
    page.goto("/young/")
    for answer in ("Me", "13 to 15"):
        page.get_by_label(answer, exact=True).check()
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Two ways to get help").wait_for()


def codes(page: Page) -> None:
    """The code of a generated picture, as it will be sent."""
    young(page)
    page.get_by_role("button", name="Make a code on my device").click()
    page.locator("#pictures").wait_for()
    shape = encoded(picture(5, 640, 480), "JPEG", quality=88)
    page.locator("#pictures").set_input_files({"name": "shape.jpg", "mimeType": "image/jpeg", "buffer": shape})
    page.get_by_text("Codes ready").wait_for()
    page.get_by_label("Choose pictures of you").scroll_into_view_if_needed()
    page.mouse.wheel(0, SCROLL)
    page.wait_for_timeout(500)


def answer_guide(page: Page, *answers: str) -> None:
    """Answer the guidance, a question a page, each by how its answer begins."""
    page.goto("/guidance/")
    for answer in answers:
        page.locator("label", has_text=re.compile(rf"^\s*{re.escape(answer)}")).first.click()
        page.get_by_role("button", name="Continue").click()


def question(page: Page) -> None:
    """A question of the guidance."""
    answer_guide(page, *TEACHER[:2])
    page.get_by_role("heading", name="Is a child in danger right now?").wait_for()


def guidance(page: Page) -> None:
    """What a teacher does now: the outcome of a few answers."""
    answer_guide(page, *TEACHER)
    page.locator(".guide-step").first.wait_for()


def facts(page: Page) -> None:
    """The same outcome for who checks its facts: the path to it, and what each sentence rests on."""
    guidance(page)
    page.get_by_role("button", name="Check the facts").click()
    page.locator(".guide-check").first.wait_for()


def search(page: Page) -> None:
    """What a search of the guidance finds."""
    page.goto("/guidance/search/")
    page.locator("#typed input[type=text], #typed input[type=search]").first.fill("screenshot")
    page.get_by_role("button", name="Search", exact=True).click()
    page.locator(".guide-found").wait_for()


def sign_in(page: Page, who: str = "Analyst") -> None:
    """Somebody who works here, by the practice page's button."""
    page.goto("/practice/")
    page.get_by_role("button", name=f"Sign in as {who}", exact=True).click()
    page.wait_for_url("**/desk/")


def sheet(page: Page) -> None:
    """A sorting sheet."""
    sign_in(page)
    page.goto("/desk/sheet/")
    offer = page.get_by_role("button", name="Take a sheet")
    if offer.count():
        offer.click()
    page.wait_for_load_state("networkidle")


def queue(page: Page) -> None:
    """What waits."""
    sign_in(page)


def take(page: Page, with_a: str = "") -> None:
    """One picture in hand; swapped for another, a few times, until its page has a link of this name."""
    sign_in(page)
    page.goto("/desk/queue/")
    page.get_by_role("button", name="Next").or_(page.get_by_role("link", name="Go on")).first.click()
    page.wait_for_url("**/desk/assess/")
    for _ in range(SWAPS):
        page.wait_for_load_state("networkidle")
        if not with_a or page.get_by_role("link", name=with_a).count():
            page.goto("/desk/assess/")
            page.wait_for_load_state("networkidle")
            return
        page.keyboard.press("s")
        page.get_by_text("Swapped.").wait_for()


def assess(page: Page) -> None:
    """One picture, blurred, with quick answers given and what follows."""
    take(page, "The stack in words")
    page.keyboard.press("4")
    page.keyboard.press("w")
    page.get_by_text("Pseudo-photograph, A").first.wait_for()


def provenance(page: Page) -> None:
    """What the file says, and what was looked for in it, beside the question of AI involvement."""
    take(page, "The stack in words")
    page.keyboard.press("r")
    page.get_by_text("What is the AI involvement judged by?").wait_for()
    page.get_by_text("What was looked for").click()
    page.get_by_text("File says").scroll_into_view_if_needed()


def stack(page: Page) -> None:
    """What a decision on the picture in hand can cover, in words."""
    take(page, "The stack in words")
    page.get_by_role("link", name="The stack in words").click()
    page.get_by_role("heading", name="What one decision can cover").wait_for()


def exposure(page: Page) -> None:
    """One's own looking, and what was spared."""
    sign_in(page)
    page.goto("/desk/exposure/")
    page.get_by_role("heading", name="The last two weeks").scroll_into_view_if_needed()
    page.mouse.wheel(0, 600)
    page.wait_for_timeout(500)


def agreement(page: Page) -> None:
    """How far blind opinions agree, by month and by question."""
    sign_in(page, "Manager")
    page.goto("/desk/agreement/")
    page.locator("details.facts summary").first.click()


def management(page: Page) -> None:
    """Load, age of queues, agreement and looking saved."""
    sign_in(page, "Manager")
    page.goto("/desk/management/")


def collection(page: Page) -> None:
    """The practice collection, from found to assessed, with the pictures of its files below."""
    page.set_viewport_size({"width": SIZE["width"], "height": 2_350})
    sign_in(page)
    page.goto("/desk/collections/")
    page.get_by_role("link", name="practice collection").click()
    page.get_by_role("heading", name="What is left to do").wait_for()


def removal(page: Page) -> None:
    """One address on its way to being gone: clocks, contacts, notices."""
    sign_in(page, "Senior analyst")
    page.goto("/desk/removals/")
    page.locator("main a[href*='/desk/removals/adr_']").first.click()
    page.get_by_text("Whom to write to").first.wait_for()


def forecast(page: Page) -> None:
    """How many people the work needs, with what is measured, fitted and assumed."""
    sign_in(page, "Manager")
    page.goto("/desk/forecasts/capacity/")
    chart = page.locator("main svg").first
    if not chart.count():
        page.get_by_role("button", name="Make it from the figures of now").click()
    for _ in range(MAKING_TRIES):
        if chart.count():
            break
        page.wait_for_timeout(MAKING_MS)
        page.reload()
    chart.scroll_into_view_if_needed()


def members(page: Page) -> None:
    """What a member of the hash list would be allowed, as the second person is asked to approve it."""
    sign_in(page, "Manager")
    page.goto("/desk/approvals/")
    page.get_by_text("would use the list for").first.scroll_into_view_if_needed()


def numbers(page: Page) -> None:
    """The public figures."""
    page.goto("/numbers/")


def findings(page: Page) -> None:
    """A public report on the present month, from found to removed."""
    sign_in(page, "Senior analyst")
    page.goto("/desk/numbers/")
    page.get_by_label("Period").fill(page.evaluate("new Date().toISOString().slice(0, 7)"))
    page.get_by_role("button", name="Publish the report").click()
    page.goto("/numbers/")
    page.get_by_role("link", name="Report", exact=False).first.click()
    page.locator("#section-found").evaluate("heading => heading.scrollIntoView()")


SHOTS: dict[str, Callable[[Page], None]] = {
    "door": door,
    "report": report,
    "check": check,
    "receipt": receipt,
    "parents": parents,
    "worried": worried,
    "safety": safety,
    "privacy": privacy,
    "young": young,
    "codes": codes,
    "question": question,
    "guidance": guidance,
    "facts": facts,
    "search": search,
    "practice": practice,
    "queue": queue,
    "assess": assess,
    "provenance": provenance,
    "stack": stack,
    "sheet": sheet,
    "exposure": exposure,
    "agreement": agreement,
    "management": management,
    "collection": collection,
    "removal": removal,
    "forecast": forecast,
    "members": members,
    "numbers": numbers,
    "findings": findings,
}


def main() -> int:
    """Take every picture, and say which could not be taken."""
    parser = argparse.ArgumentParser(prog="scripts/screenshots", description=__doc__)
    parser.add_argument("origin", help="such as http://localhost:8000")
    parser.add_argument("--into", type=Path, default=IMAGES, help="folder of the pictures (default: docs/images)")
    parser.add_argument("--whole", action="store_true", help="from top to end, not only what a window shows")
    parser.add_argument("--only", nargs="+", choices=SHOTS, default=list(SHOTS), help="these pictures alone")
    asked = parser.parse_args()
    asked.into.mkdir(parents=True, exist_ok=True)
    missed = 0
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name in asked.only:
            context = chromium.new_context(base_url=asked.origin, viewport=SIZE, color_scheme="light")
            page = context.new_page()
            try:
                SHOTS[name](page)
                page.screenshot(path=asked.into / f"{name}.png", full_page=asked.whole)
                print(f"{name}.png")
            except Error as error:
                missed += 1
                print(f"{name}.png was not taken: {error.message.splitlines()[0]}", file=sys.stderr)
            context.close()
        chromium.close()
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
