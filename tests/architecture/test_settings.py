"""Every setting is documented, and every documented setting is read."""

import re
from collections.abc import Iterable

from source_tree import ROOT, Module, must_be_empty, read_tree, tree_of

SETTING = re.compile(r"\bOPENHOTLINE_[A-Z][A-Z_]*[A-Z]\b")
PAGE = ROOT / "docs" / "reference" / "settings.md"


def read_by(modules: Iterable[Module]) -> set[str]:
    """Return the names of environment variables that stand anywhere in the code."""
    return {name for module in modules for name in SETTING.findall(module.text)}


def documented(page: str) -> set[str]:
    """Return the names in the first column of the page's table."""
    return {
        name for line in page.splitlines() if line.startswith("| `") for name in SETTING.findall(line.split("|")[1])
    }


def unread(names: Iterable[str], modules: Iterable[Module]) -> list[str]:
    """Return the settings that nothing reads. A name may be put together: `OPENHOTLINE_ORIGIN_{door}`."""
    texts = [module.text for module in modules if module.path.name != "declared.py"]
    whole = {name for text in texts for name in SETTING.findall(text)}
    starts = tuple({start for text in texts for start in re.findall(r"\bOPENHOTLINE_[A-Z_]+_(?={)", text)})
    return sorted(name for name in names if name not in whole and not name.startswith(starts))


def test_every_setting_that_is_read_is_documented() -> None:
    must_be_empty(read_by(read_tree()) - documented(PAGE.read_text()))


def test_every_documented_setting_is_read() -> None:
    """By something besides the list that the page is made from."""
    must_be_empty(unread(documented(PAGE.read_text()), read_tree()))


def test_a_setting_without_a_line_is_seen() -> None:
    tree = tree_of({"openhotline/config/settings.py": 'VAR = env("OPENHOTLINE_VAR")\nX = env("OPENHOTLINE_SECRET")\n'})
    page = "| name | default | meaning |\n| `OPENHOTLINE_VAR` | `./var` | not OPENHOTLINE_SECRET |\n"
    assert read_by(tree) - documented(page) == {"OPENHOTLINE_SECRET"}


def test_a_switch_without_a_wire_is_seen() -> None:
    tree = tree_of(
        {
            "openhotline/config/declared.py": 'Setting("OPENHOTLINE_OLD", "", "")\n',
            "openhotline/config/settings.py": 'f"OPENHOTLINE_ORIGIN_{door}"\n',
        }
    )
    assert unread({"OPENHOTLINE_OLD", "OPENHOTLINE_ORIGIN_DESK"}, tree) == ["OPENHOTLINE_OLD"]
