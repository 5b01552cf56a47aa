"""What is wrong with an open page: what axe finds (WCAG 2.2 A and AA), and what lies over the side."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page, ViewportSize

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
WRONG_ONLY: dict[str, Any] = {"resultTypes": ["violations"]}  # What is right is not described, element by element.
EVERY = WRONG_ONLY | {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OF_COLOUR = WRONG_ONLY | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
# What stands beyond the edge, but for what is hidden from the eye on purpose or scrolls in a box of its own.
BEYOND = """() => [...document.querySelectorAll('body *')].filter(one => {
  const box = one.getBoundingClientRect();
  return box.width > 1 && !one.closest('.table-wrap, .unseen, .skip') && (box.left < -1 || box.right > innerWidth + 1);
}).map(one => one.outerHTML.slice(0, 80))"""


@dataclass(frozen=True)
class Sight:
    """How somebody sees a page, and what axe looks for then; None: only at what lies over the side."""

    colours: Literal["light", "dark"]
    size: ViewportSize
    rules: dict[str, Any] | None


WIDE: ViewportSize = {"width": 1280, "height": 900}
# 1280 by 1024 at 400 % are 320 by 256 (WCAG 1.4.10). Between light and dark nothing differs but colours.
SIGHTS = {
    "320 px": Sight("light", {"width": 320, "height": 640}, EVERY),
    "400 %": Sight("light", {"width": 320, "height": 256}, None),
    "dark": Sight("dark", WIDE, OF_COLOUR),
    "light": Sight("light", WIDE, EVERY),
}


def found_by_axe(page: Page, rules: dict[str, Any] = EVERY) -> list[str]:
    """Return what axe says is wrong with the open page as it is seen now, a line an element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate("options => axe.run(document, options)", rules)
    return [
        f"{page.url}: {rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


def over_the_side(page: Page) -> list[str]:
    """Return what does not fit into the width of the window, a line each."""
    wider = page.evaluate(SIDEWAYS)
    found = [f"{page.url}: {wider} pixels wider than the window"] if wider > 0 else []
    return found + [f"{page.url}: beyond the edge: {one}" for one in page.evaluate(BEYOND)]


def found_in_every_sight(page: Page) -> list[str]:
    """Look at the open page in each sight; return what is wrong, and leave it wide and light."""
    found = [] if page.locator("h1").count() == 1 else [f"{page.url}: not one heading of the first level"]
    for name, sight in SIGHTS.items():
        page.emulate_media(color_scheme=sight.colours)
        page.set_viewport_size(sight.size)
        there = over_the_side(page) + (found_by_axe(page, sight.rules) if sight.rules else [])
        found += [f"{name}: {one}" for one in there]
    return found
