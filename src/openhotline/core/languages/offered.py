"""Which languages pages may be shown in: English, and what a compiled catalogue says of itself."""

import gettext
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.conf.locale import LANG_INFO

from openhotline.core.languages.places import LOCALE, code_of, places
from openhotline.core.languages.states import ENGLISH, PSEUDO, Review

PSEUDO_NAME = "Right-to-left test"


@dataclass(frozen=True)
class Language:
    """A language: its code as in addresses, its name in itself, and how far its least reviewed text was looked at."""

    code: str
    name: str
    review: Review
    rtl: bool = False

    @property
    def lang(self) -> str:
        """What a page says it is written in. Of the made-up language: English, in which its name stands."""
        return ENGLISH if self.code == PSEUDO else self.code

    @property
    def draft(self) -> bool:
        """Whether something in it was not safeguarding-checked; the made-up language never is."""
        return self.review is not Review.CHECKED or self.code == PSEUDO


SOURCE = Language(ENGLISH, "English", Review.CHECKED)


@cache
def compiled_languages(locale: Path = LOCALE) -> tuple[Language, ...]:
    """Return the languages with a compiled catalogue, by name. Read once: who compiles starts the door again."""
    found = (_read(path) for path in places(locale, "mo"))
    return tuple(sorted(found, key=lambda one: one.name))


def offered(locale: Path = LOCALE) -> tuple[Language, ...]:
    """Return English and the languages that this installation shows.

    In production those in which every text is safeguarding-checked, of the ones the operator named if any were named;
    in practice all of them.
    """
    return (SOURCE, *(one for one in compiled_languages(locale) if _shown(one)))


def _shown(one: Language) -> bool:
    return settings.PRACTICE or (
        not one.draft and (not settings.SHOWN_LANGUAGES or one.code in settings.SHOWN_LANGUAGES)
    )


def by_code(code: str) -> Language | None:
    """Return a language that this installation shows; None for any other code."""
    return next((one for one in offered() if one.code == code), None)


def faults(named: Collection[str], locale: Path = LOCALE) -> list[str]:
    """Return why languages that the operator named are not shown, a sentence each."""
    there = {one.code: one for one in compiled_languages(locale)}
    found = []
    for code in named:
        if code not in there:
            known = ", ".join(sorted(there)) or "none"
            found.append(
                f"OPENHOTLINE_LANGUAGES names {code!r}, of which there is no compiled catalogue. There: {known}."
            )
        elif there[code].draft:
            found.append(
                f"OPENHOTLINE_LANGUAGES names {code!r}, which is a draft: not all of it is safeguarding-checked, so it "
                "is not shown. See: openhotline languages status."
            )
    return found


def _read(path: Path) -> Language:
    with path.open("rb") as file:
        said = gettext.GNUTranslations(file).info().get("x-review", "")
    code = code_of(path)
    known = LANG_INFO.get(code) or LANG_INFO.get(code.partition("-")[0]) or {}
    name = PSEUDO_NAME if code == PSEUDO else known.get("name_local", code)
    return Language(code, name, Review(said) if said in set(Review) else Review.MISSING, bool(known.get("bidi")))
