"""How hard a page is to read: the Flesch-Kincaid grade of its running text.

Grade = 0.39 x words a sentence + 11.8 x syllables a word - 15.59.
Source: J. P. Kincaid, R. P. Fishburne, R. L. Rogers, B. S. Chissom, "Derivation of New Readability Formulas for Navy
Enlisted Personnel", Research Branch Report 8-75, Naval Technical Training Command, 1975. A grade of 6 is what children
of eleven to twelve read at school in the United States.

Running text is paragraphs, list items and the questions of a form; headings, buttons and choices are not counted, since
short lines without a verb would make a page look easier than it is.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

COUNTED = frozenset({"p", "li", "label", "legend"})
SKIPPED = frozenset({"script", "style", "textarea", "select", "button", "h1", "h2", "h3", "dt", "dd"})
UNSEEN = frozenset({"unseen", "receipt-code"})
_WORD = re.compile(r"[A-Za-z]+(?:['\u2019][A-Za-z]+)*|\d[\d,.:]*")
_SENTENCE = re.compile(r"[.!?:]+(?:\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
# Two vowels that are spoken apart, and endings that are written and not spoken.
_APART = re.compile(r"ia|io(?!u)|eo(?!u)|ua|uou|iu|[^q]ui(?=n)|ee[^k]?ing$|ying$|rea$")
_TOGETHER = re.compile(r"[ct]ia|[cstg]io|geo|peo|qua|gua")
_SILENT = re.compile(
    r"(?:[^aeiouytd]ed|[^aeiouylsxzcgh]es|[^aeiouyl]e|[aeiouy]le|[^aeiouy]ely)$|(?<=[^aeiouy])e(?=ful|less|ment)"
)


@dataclass(frozen=True)
class Reading:
    """What a text is made of."""

    words: int
    sentences: int
    syllables: int

    @property
    def grade(self) -> float:
        """Return the Flesch-Kincaid grade."""
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59


def syllables(word: str) -> int:
    """Return how many syllables an English word is spoken with, by its letters; a number counts as one.

    Spelling does not tell all: "quiet" comes out one short, "safeguarding" one long.
    """
    word = re.sub(r"['\u2019]\w*$", "", word.lower())
    spoken = len(_VOWELS.findall(word)) + len(_APART.findall(word)) - len(_TOGETHER.findall(word))
    return max(1, spoken - len(_SILENT.findall(word)))


def measure(blocks: list[str]) -> Reading:
    """Return what these blocks of text are made of; each ends a sentence, also without a full stop."""
    words = sentences = spoken = 0
    for block in blocks:
        found = _WORD.findall(block)
        words += len(found)
        spoken += sum(map(syllables, found))
        sentences += sum(bool(_WORD.search(one)) for one in _SENTENCE.split(block))
    return Reading(words, sentences, spoken)


def running_text(page: str) -> list[str]:
    """Return the blocks of running text in the main part and the help of a page."""
    reader = _Reader()
    reader.feed(page.partition("<main")[2].partition("<footer")[0])
    return [text for text in (" ".join(block.split()) for block in reader.blocks) if text]


class _Reader(HTMLParser):
    VOID = frozenset({"input", "img", "br", "hr", "link", "meta"})

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self._open: list[tuple[str, bool]] = [("main", False)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, or something inside that is not read."""
        if tag in self.VOID:
            return
        classes = set((dict(attrs).get("class") or "").split())
        self._open.append((tag, tag in SKIPPED or bool(classes & UNSEEN)))
        if tag in COUNTED:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        """End what was begun."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Take text that is read."""
        if self.blocks and any(tag in COUNTED for tag, _ in self._open) and not any(off for _, off in self._open):
            self.blocks[-1] += data
