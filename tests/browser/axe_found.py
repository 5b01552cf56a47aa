"""What axe finds on an open page (WCAG 2.2 A and AA)."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def found_by_axe(page: Page) -> list[str]:
    """Return what axe says is wrong with the open page, a line an element."""
    page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate("options => axe.run(document, options)", RULES)
    return [
        f"{page.url}: {rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]
