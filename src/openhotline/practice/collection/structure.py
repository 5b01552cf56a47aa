"""The structure of a practice collection, read from `structure.toml` and checked."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("structure.toml")
_TERNARY = ("yes", "no", "not_determined")
FACTS: dict[str, tuple[str, ...]] = {
    "content_kind": ("image",),
    "depicts_child": ("yes", "no", "age_not_clear"),
    "age_band": ("0-2", "3-6", "7-10", "11-13", "14-15", "16-17", "not_determined"),
    "severity": ("A", "B", "C", "none", "not_determined"),
    "looks_like_photograph": _TERNARY,
    "ai_involvement": (
        "none_seen",
        "wholly_synthetic",
        "real_picture_altered",
        "non_photographic_ai",
        "not_determined",
    ),
    "real_child": _TERNARY,
    "indecent": _TERNARY,
    "dominant_impression_child": _TERNARY,
    "limb_62_2_a": _TERNARY,
    "limb_62_2_b": _TERNARY,
    "limb_62_2_c": _TERNARY,
}
"""Every fact of an assessment that a glyph stands for, with the values it may take."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A shape and a letter that stand for one set of facts; `code` is both, as in "triangle-A"."""

    code: str
    group: str
    share: float
    words: str
    facts: Mapping[str, str]
    frame: bool

    @property
    def shape(self) -> str:
        """The outline: "triangle" of "triangle-A"."""
        return self.code.partition("-")[0]

    @property
    def letter(self) -> str:
        """The letter inside: "A" of "triangle-A"."""
        return self.code.partition("-")[2]

    @property
    def altered(self) -> bool:
        """Whether a real picture lies underneath, which a mark in the file then says."""
        return self.facts["ai_involvement"] == "real_picture_altered"


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that a share of the originals in some formats carries."""

    share: float
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A kind of file that cannot be read, and the reason that an examination should give."""

    kind: str
    reason: str
    extension: str
    share: float
    most: int


@dataclass(frozen=True, slots=True)
class Structure:
    """All shares of a collection; `digest` is the SHA-256 of the file they were read from."""

    digest: str
    published: Mapping[str, int]
    not_selected: Mapping[str, Any]
    duplicates: Mapping[str, float]
    changes: Mapping[str, float]
    sizes: Mapping[tuple[int, int], float]
    formats: Mapping[str, float]
    marks: Mapping[str, Mark]
    unreadable: tuple[Unreadable, ...]
    glyphs: Mapping[str, Glyph]

    def glyphs_of(self, group: str) -> dict[str, float]:
        """The glyphs of a group, each with its share of the group's files."""
        return {code: glyph.share for code, glyph in self.glyphs.items() if glyph.group == group}


@cache
def load(path: Path = _FILE) -> Structure:
    """Read the structure.

    Raises:
        ValueError: a glyph leaves a fact out, or gives it a value that an assessment does not know.
    """
    raw = path.read_bytes()
    table = tomllib.loads(raw.decode())
    return Structure(
        digest=hashlib.sha256(raw).hexdigest(),
        published=table["published"],
        not_selected=table["not_selected"],
        duplicates=table["duplicates"],
        changes=table["changes"],
        sizes={(row["width"], row["height"]): row["share"] for row in table["sizes"]},
        formats=table["formats"],
        marks={name: Mark(row["share"], tuple(row["formats"])) for name, row in table["marks"].items()},
        unreadable=tuple(Unreadable(**{"most": 1_000_000} | row) for row in table["unreadable"]),
        glyphs={code: _glyph(code, row, table["groups"]) for code, row in table["glyphs"].items()},
    )


def _glyph(code: str, row: Mapping[str, Any], groups: Mapping[str, Mapping[str, str]]) -> Glyph:
    facts = {**groups[row["group"]], **row["facts"]}
    _check_facts(code, facts)
    ordered = {name: facts[name] for name in FACTS}
    return Glyph(code, row["group"], row["share"], row["words"], ordered, row.get("frame", False))


def _check_facts(code: str, facts: Mapping[str, str]) -> None:
    if odd := FACTS.keys() ^ facts.keys():
        raise ValueError(f"Glyph {code} must give exactly the facts of an assessment; check {sorted(odd)}.")
    for name, value in facts.items():
        if value not in FACTS[name]:
            allowed = ", ".join(FACTS[name])
            raise ValueError(f"Glyph {code} says {name} = {value!r}; allowed are {allowed}.")
