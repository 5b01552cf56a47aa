"""What a page may say and hold: no older or blaming word, no style or script between the lines.

The words stand in one place, the table "Words we do not use" of GLOSSARY.md.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from source_tree import ROOT, SOURCE, must_be_empty

NOT_USED_HEADING = "## Words we do not use"
INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script without src": re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.IGNORECASE),
    "an event handler in an attribute": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:a-z-]*)\s*=", re.IGNORECASE),
}


def words_not_used(glossary: str) -> list[str]:
    """Return the words in backticks in the first column of the glossary's table of words we do not use."""
    section = glossary.partition(NOT_USED_HEADING)[2].partition("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]


def wrong_words(texts: Mapping[str, str], words: list[str]) -> Iterator[str]:
    """Yield where a text holds one of these words, or a word that begins with one."""
    patterns = {word: re.compile(r"\b" + re.escape(word).replace(r"\ ", r"[\s-]+"), re.IGNORECASE) for word in words}
    for name, text in texts.items():
        for word, pattern in patterns.items():
            for found in pattern.finditer(text):
                yield f"{name}:{text.count(chr(10), 0, found.start()) + 1} says {word!r}"


def inline_code(texts: Mapping[str, str]) -> Iterator[str]:
    """Yield where a template holds style or script that the content policy would refuse."""
    for name, text in texts.items():
        for what, pattern in INLINE.items():
            for found in pattern.finditer(text):
                yield f"{name}:{text.count(chr(10), 0, found.start()) + 1} holds {what}"


def read_texts(*folders_and_patterns: tuple[Path, str]) -> dict[str, str]:
    """Return {path from the root: text} of every matching file."""
    paths = {path for folder, pattern in folders_and_patterns for path in folder.rglob(pattern)}
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in sorted(paths)}


def templates() -> dict[str, str]:
    """Return every template, of pages and of mail."""
    return read_texts(*((SOURCE, f"templates/**/*.{kind}") for kind in ("html", "txt", "xml", "svg")))


def pages() -> dict[str, str]:
    """Return every text that people read: templates and documents. The glossary must name what it forbids."""
    root = {p.name: p.read_text(encoding="utf-8") for p in ROOT.glob("*.md") if p.name != "GLOSSARY.md"}
    return templates() | read_texts((ROOT / "docs", "*.md"), (SOURCE, "*.md")) | root


def glossary_words() -> list[str]:
    """Return the words of our own glossary."""
    return words_not_used((ROOT / "GLOSSARY.md").read_text(encoding="utf-8"))


def test_no_page_says_an_older_or_blaming_word() -> None:
    assert len(glossary_words()) >= 5
    must_be_empty(wrong_words(pages(), glossary_words()))


def test_an_older_word_is_seen_however_it_is_written() -> None:
    text = "<p>fine</p>\n<p>Old\n  Words here</p>\n<p>an old-word</p>"
    assert list(wrong_words({"a.html": text}, ["old word"])) == [
        "a.html:2 says 'old word'",
        "a.html:4 says 'old word'",
    ]


def test_no_template_holds_style_or_script() -> None:
    """The content policy of every door refuses them, so they would not work either."""
    must_be_empty(inline_code(templates()))


def test_style_and_script_between_the_lines_are_seen() -> None:
    text = '<p style="x"></p>\n<style></style>\n<script>x</script>\n<a\n onclick="x">\n<b hx-on:click="x">'
    assert len(list(inline_code({"a.html": text}))) == 5


def test_a_script_of_its_own_is_allowed() -> None:
    text = '<script type="module" src="{% static \'a.js\' %}"></script><p data-style="x" class="once"></p>'
    assert list(inline_code({"a.html": text})) == []
