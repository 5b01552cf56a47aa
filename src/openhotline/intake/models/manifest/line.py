"""One find as a manifest names it, checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from openhotline.intake.models.collection import Find
from openhotline.intake.models.containers.container import FindRefused, storable
from openhotline.intake.states import WhyRefused

DIGESTS = {"sha256": 64, "sha1": 40, "md5": 32}
"""Digests that a manifest may give, with their hexadecimal digits."""
TOLD = ("place", "found_by", "found_at", "category")
"""What a manifest may tell of a file beside what it is: kept as it is told, and never acted on."""
LONGEST_TOLD = 1_000
_HEX = re.compile(r"[0-9a-f]+")
Claims = Mapping[str, str | int | bool]


@dataclass(frozen=True)
class ManifestLine:
    """One find. ``number`` None: it is known by its file. ``refusal`` is a sentence when it cannot be taken.

    ``claims`` is what the file has to be (``bytes``, digests; ``listed`` when no manifest says so), ``told`` where, by
    whom and when it was found as far as the manifest says.
    """

    number: int | None
    file: str
    page: str = ""
    claims: Claims = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    why: WhyRefused | None = None

    def refused(self, why: WhyRefused, sentence: str) -> "ManifestLine":
        """Return it as one that cannot be taken."""
        return replace(self, why=why, refusal=sentence)


def by_place(place: int, file: str, why: WhyRefused, sentence: str) -> ManifestLine:
    """Return a refused line that has nothing to be known by but where it stands."""
    return ManifestLine(Find.NO_NUMBER + place, file if storable(file) else "", why=why, refusal=sentence)


def checked(row: Mapping[str, object] | FindRefused, place: int) -> ManifestLine:
    """Return what a row says; one that cannot be right carries a sentence."""
    if isinstance(row, FindRefused):
        return by_place(place, "", row.why, str(row))
    file, number = row.get("file"), row.get("number")
    if not isinstance(file, str) or not storable(file):
        sentence = f"Line {place} of the manifest names no file: it has to be a path as text."
        return by_place(place, "", WhyRefused.LINE, sentence)
    if number is not None and not (whole(number) and number < Find.NO_NUMBER):
        sentence = f"Line {place} of the manifest has no number: it has to be a whole number."
        return by_place(place, file, WhyRefused.LINE, sentence)
    line = ManifestLine(number, file)
    try:
        return replace(line, page=_page(row), claims=_claims(row), told=_told(row))
    except FindRefused as refused:
        return line.refused(refused.why, str(refused))


def whole(value: object) -> TypeGuard[int]:
    """Say whether this is a whole number that is not negative."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _page(row: Mapping[str, object]) -> str:
    page = row.get("page")
    if page is None or page == "":
        return ""
    if not isinstance(page, str) or not storable(page):
        raise FindRefused(WhyRefused.LINE, "The manifest's page of this file is no text.")
    return page


def _claims(row: Mapping[str, object]) -> Claims:
    claims: dict[str, str | int | bool] = {}
    size = row.get("bytes")
    if size is not None:
        if not whole(size):
            raise FindRefused(WhyRefused.LINE, "The manifest's bytes of this file is no whole number.")
        claims["bytes"] = size
    for name, digits in DIGESTS.items():
        digest = row.get(name)
        if digest is None or digest == "":
            continue
        if not isinstance(digest, str) or len(digest) != digits or not _HEX.fullmatch(digest.lower()):
            sentence = f"The manifest's {name} of this file is not {digits} hexadecimal digits."
            raise FindRefused(WhyRefused.LINE, sentence)
        claims[name] = digest.lower()
    return claims


def _told(row: Mapping[str, object]) -> dict[str, str]:
    told = {}
    for name in TOLD:
        value = row.get(name)
        if value is None or value == "":
            continue
        text = str(value) if whole(value) else value
        if not isinstance(text, str) or len(text) > LONGEST_TOLD or not storable(text):
            sentence = f"The manifest's {name} of this file is no text of at most {LONGEST_TOLD} letters."
            raise FindRefused(WhyRefused.LINE, sentence)
        told[name] = text
    return told
