"""How hard a text is to read: the Flesch-Kincaid grade.

Source: Kincaid, Fishburne, Rogers and Chissom, "Derivation of new readability formulas for Navy enlisted personnel",
Research Branch Report 8-75, 1975: 0.39 x words a sentence + 11.8 x syllables a word - 15.59. Syllables are counted by
the groups of vowels, as is usual; a silent e at the end counts for none.
"""

import re

WORD = re.compile(r"[A-Za-z]+(?:['\u2019-][A-Za-z]+)*")
VOWELS = re.compile(r"[aeiouy]+")
ENDS = re.compile(r"[.!?:;]+(?:\s|$)|\n")


def syllables(word: str) -> int:
    """Return the syllables of a word."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    count = len(VOWELS.findall(plain))
    if plain.endswith("e") and not plain.endswith(("le", "ee", "ie", "ue")) and count > 1:
        count -= 1
    if plain.endswith("ed") and not plain.endswith(("ted", "ded")) and count > 1:
        count -= 1
    return max(1, count)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of a text. A line, or what ends with a mark, is a sentence; figures are none."""
    sentences = [words for part in ENDS.split(text) if (words := WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
