"""The guidance in a browser: every situation to its end, with scripts on and off, and nothing for axe to find."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from browser.axe_found import found_in_every_sight
from openhotline.guidance.models.guidance import Guidance
from openhotline.guidance.models.paths import Path, every_path
from openhotline.guidance.queries.content import load

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]
FILL = {"emergency": "999", "hotline": "Practice Hotline", "hours": ""}
# A walk of each situation that comes to each kind of page and branch; test_paths.py has all there are.
WALKS = {
    "a child is shown": (
        "England",
        "A child is shown in it",
        "No",
        "Yes, a child",
        "The child told me",
        "On a web site",
    ),
    "in danger now": ("Wales", "A child is shown in it", "Yes, or I am not sure"),
    "an adult": (
        "Wales",
        "An adult has made",
        "I have called 999",
        "Yes, an adult",
        "Yes",
        "Yes",
        "No, or",
        "On a device",
    ),
    "a child saw it": ("Scotland", "A child has seen", "No", "No, not", "Seen it", "A child nobody", "I do not know"),
    "a child shared it": (
        "England",
        "A child has seen",
        "No",
        "No, not",
        "Shared it",
        "The child themself",
        "On a device",
    ),
    "a child made it": ("Northern Ireland", "A child has seen", "No", "No, not", "Made it", "A brother", "On a web"),
    "among peers": ("England", "A child has seen", "No", "No, not", "Made it", "Another child", "On a web site"),
    "came across": ("Somewhere else", "I came across it", "No", "On a web site"),
    "what it is": ("England", "What is AI-generated"),
    "is it illegal": ("Scotland", "Is it illegal?"),
}
ENDS = {
    "a child is shown": ("Protect and support the child", "Listen to the child"),
    "in danger now": ("Call 999 now", "After the call, come back here"),
    "an adult": ("Protect children, and have the risk assessed", "there is a further route"),
    "a child saw it": ("They are children first", "The child has seen it"),
    "a child shared it": ("They are children first", "The picture shows the child themself"),
    "a child made it": ("They are children first", "It shows a child in their home"),
    "among peers": ("They are children first", "It shows another child they know"),
    "came across": ("What to do in the first minutes", "Look after yourself"),
    "what it is": ("What AI-generated child sexual abuse material is", "What it does to a child"),
    "is it illegal": ("Is it illegal? Yes", "Civic Government (Scotland) Act 1982"),
}


def walk(page: Page, *answers: str) -> None:
    """Choose each answer, by how it begins, and go on."""
    page.goto("/guidance/")
    for answer in answers:
        page.locator("label", has_text=re.compile(rf"^\s*{re.escape(answer)}")).first.click()
        page.get_by_role("button", name="Continue").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_every_situation_is_walked_to_its_end(open_page: Open, scripts: bool) -> None:  # noqa: FBT001 - a table
    page = open_page("/guidance/", scripts=scripts)
    for name, answers in WALKS.items():
        walk(page, *answers)
        title, step = ENDS[name]
        expect(page.locator("h1")).to_have_text(title)
        expect(page.locator(".guide-step").first).to_contain_text("If a child is in danger now, call 999")
        expect(page.locator("main")).to_contain_text(step)
    assert page.context.cookies() == []


def longest(guidance: Guidance) -> Iterator[Path]:
    """Yield the path of each situation on which most questions are asked."""
    for flow in guidance.flows.values():
        yield max(every_path(flow, "england"), key=lambda path: len(path.answers))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_the_longest_path_of_each_flow_asks_what_its_file_says(open_page: Open, scripts: bool) -> None:  # noqa: FBT001
    page = open_page("/guidance/", scripts=scripts)
    for path in longest(load(None)):
        walk(page, "England", path.flow.title)
        for question, answer in path.answers.items():
            expect(page.locator("h1")).to_have_text(path.flow.questions[question].text)
            page.locator(f'input[value="{answer}"]').check()
            page.get_by_role("button", name="Continue").click()
        outcome = path.outcome
        assert outcome is not None
        expect(page.locator("h1")).to_have_text(outcome.title.format_map(FILL))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_back_works_by_the_button_of_the_page_and_of_the_browser(open_page: Open, scripts: bool) -> None:  # noqa: FBT001
    page = open_page("/guidance/", scripts=scripts)
    walk(page, "Wales", "A child is shown in it", "No")
    page.get_by_role("button", name="Back").click()
    expect(page.locator("h1")).to_have_text("Is a child in danger right now?")
    expect(page.locator("input:checked")).to_have_value("no")
    page.get_by_role("button", name="Continue").click()
    # The next page has to be there before it is left: a click does not wait for it.
    expect(page.locator("h1")).to_have_text("Do you fear that someone may take their own life?")
    for title in ("Is a child in danger right now?", "Do you fear that someone may take their own life?"):
        page.go_back()
        expect(page.locator("h1")).to_have_text(title)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_search_opens_the_guide_it_found(open_page: Open, scripts: bool) -> None:  # noqa: FBT001 - a table
    page = open_page("/guidance/", scripts=scripts)
    page.get_by_label("Or search the guidance").fill("siblings")
    page.locator("main").get_by_role("button", name="Search").click()
    assert page.url.endswith("/guidance/search/")
    page.locator(".guide-found > li", has_text="It shows a child in their home").get_by_role("button").first.click()
    walked = page.locator("h1")
    expect(walked).to_have_text("Where do you work?")
    page.get_by_label("Northern Ireland").check()
    page.get_by_role("button", name="Continue").click()
    expect(walked).to_have_text("Is a child in danger right now?")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_the_facts_are_checked_and_the_version_is_found_under_its_hash(open_page: Open, scripts: bool) -> None:  # noqa: FBT001
    """From the steps to the path and the sources of each sentence, back, and to the version as it was kept."""
    page = open_page("/guidance/", scripts=scripts)
    walk(page, *WALKS["a child is shown"])
    page.get_by_role("button", name="Check the facts").click()
    expect(page.locator("dl.answers").first).to_contain_text("where=address")
    for sentence in page.locator(".guide-check > div").all():
        assert sentence.locator("dd").count() > 0
    page.get_by_role("button", name="Back to the steps").click()
    expect(page.locator(".guide-step").first).to_contain_text("call 999")
    page.locator(".guide-trust a").click()
    assert re.search(r"/guidance/versions/[0-9a-f]{64}/$", page.url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_the_sheet_is_made_for_paper(open_page: Open, scripts: bool) -> None:  # noqa: FBT001 - a table
    """On paper: the steps, lines to write on, the sources; nothing to press, nothing to go to."""
    page = open_page("/guidance/", scripts=scripts)
    walk(page, *WALKS["an adult"])
    page.get_by_role("button", name="Sheet to print").click()
    page.emulate_media(media="print")
    expect(page.locator(".guide-lines li")).to_have_count(7)
    for box in page.locator(".guide-lines li").all():
        line = box.evaluate("e => [e.getBoundingClientRect().height, getComputedStyle(e).borderBottomStyle]")
        assert line[0] >= 40
        assert line[1] == "solid"
    assert page.locator("button:visible").count() == 0
    assert page.locator(".help:visible").count() == 0
    assert page.pdf().startswith(b"%PDF")


PAGES = ("/guidance/search/", "/guidance/directory/", "/guidance/versions/")


def every_kind_of_page(page: Page) -> Iterator[str]:
    """Open one page of each kind after the other."""
    page.goto("/guidance/")
    yield "nation"
    page.get_by_role("button", name="Continue").click()
    yield "nothing chosen"
    walk(page, "Scotland")
    yield "flows"
    walk(page, *WALKS["a child saw it"][:4])
    yield "question"
    walk(page, *WALKS["among peers"])
    yield "outcome"
    page.get_by_role("button", name="Check the facts").click()
    yield "facts"
    page.get_by_role("button", name="Back to the steps").click()
    page.get_by_role("button", name="Sheet to print").click()
    yield "sheet"
    for address in PAGES:
        page.goto(address)
        yield address
    page.locator(".guide-found a").first.click()
    yield "a version"
    page.goto("/guidance/search/")
    page.get_by_label("Words to look for").fill("screenshot")
    page.locator("main").get_by_role("button", name="Search").click()
    yield "found"
    page.goto("/guidance/versions/none/")
    yield "no such version"


def test_no_page_has_anything_for_axe_or_runs_over_the_side(open_page: Open) -> None:
    page = open_page("/guidance/")
    found = [f"{kind}: {one}" for kind in every_kind_of_page(page) for one in found_in_every_sight(page)]
    assert found == []
