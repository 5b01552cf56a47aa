"""A made-up language that is written from right to left: English with other letters.

It needs no translator, so every page can be looked at mirrored from the first day, with text a third longer than
English; and whatever still stands there in Latin letters is a text that cannot be translated. It says nothing: practice
mode alone shows it.
"""

import re
from collections.abc import Callable

from openhotline.core.languages.kept import KEPT

_LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", "ابصدهفغحيجكلمنوپقرستعڤطخئز", strict=True))
# Twice as many vowels: translations are longer than English.
_WORD = {letter: (other * 2 if letter in "aeiou" else other) for letter, other in _LETTERS.items()}
_LATIN = re.compile("[A-Za-z]")


def pseudo(text: str) -> str:
    """Return a text in the made-up language. Placeholders, tags, entities, digits and signs stay as they are."""
    return _outside_kept(text, lambda part: _LATIN.sub(lambda found: _WORD[found[0].lower()], part))


def _outside_kept(text: str, change: Callable[[str], str]) -> str:
    parts, at = [], 0
    for found in KEPT.finditer(text):
        parts += [change(text[at : found.start()]), found[0]]
        at = found.end()
    return "".join([*parts, change(text[at:])])
