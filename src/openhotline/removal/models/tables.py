"""What an operator keeps as files: whose police is asked first, which networks hide hosts, which hotlines there are."""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from openhotline.core.errors import Misconfigured

HERE = Path(__file__).resolve().parents[1]
SHIPPED_HOLDS = HERE / "holds.toml"
SHIPPED_CDNS = HERE / "cdns.toml"
MOST_HOURS = 24 * 90

Row = TypeVar("Row")


@dataclass(frozen=True)
class HoldRule:
    """For what is hosted in a country no notice goes out for so many hours, so that its police may act first.

    Applied only where ``in_force``: shipped rules are not, until an operator has an agreement to name.
    """

    name: str
    country: str
    hours: int
    police: str
    source: str
    in_force: bool = False

    def __post_init__(self) -> None:
        """Refuse what no clock can follow."""
        if not 1 <= self.hours <= MOST_HOURS:
            raise ValueError(f"`hours` is {self.hours}; it has to be from 1 to {MOST_HOURS}")
        _check_country(self.country)


@dataclass(frozen=True)
class Cdn:
    """A network that stands in front of sites and hides who hosts them; any one mark is enough."""

    name: str
    source: str
    asns: tuple[int, ...] = ()
    aliases: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()

    def is_in_front(self, *, asn: int, organisation: str, aliases: Iterable[str]) -> bool:
        """Say whether a site with this network and these DNS aliases stands behind it."""
        ends = tuple(f".{end}" for end in self.aliases)
        words = organisation.lower()
        return (
            (asn in self.asns and asn != 0)
            or any(f".{alias}".endswith(ends) for alias in aliases if ends)
            or any(one.lower() in words for one in self.organisations)
        )


@dataclass(frozen=True)
class Hotline:
    """The hotline of another country, and the age key that what is handed to it is sealed to."""

    name: str
    country: str
    age_key: str
    source: str

    def __post_init__(self) -> None:
        """Refuse a key that is none, before anything is sealed to it."""
        _check_country(self.country)
        if not self.age_key.startswith("age1"):
            raise ValueError("`age_key` has to be an age public key, which begins with age1")


def read_holds(path: Path = SHIPPED_HOLDS) -> tuple[HoldRule, ...]:
    """Return the rules of a file, in its order. Raises Misconfigured."""
    return _read(path, "hold", HoldRule, _changed(path))


def read_cdns(path: Path = SHIPPED_CDNS) -> tuple[Cdn, ...]:
    """Return the networks of a file, in its order. Raises Misconfigured."""
    return _read(path, "cdn", Cdn, _changed(path))


def read_hotlines(path: Path) -> tuple[Hotline, ...]:
    """Return the hotlines of a file, in its order. Raises Misconfigured."""
    return _read(path, "hotline", Hotline, _changed(path))


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=16)
def _read(path: Path, table: str, kind: Callable[..., Row], _changed: int) -> tuple[Row, ...]:
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get(table, [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Misconfigured(
            f"The table {path} cannot be read ({error}). It is TOML with one [[{table}]] for each; copy the shipped "
            "one, or the example of docs/operators/removal.md, and change it."
        ) from error
    return tuple(_made(row, kind, path) for row in rows)


def _made(row: dict[str, Any], kind: Callable[..., Row], path: Path) -> Row:
    name = str(row.get("name", "?"))
    known = {field.name: field.type for field in fields(kind)}  # type: ignore[arg-type]
    if strange := set(row) - set(known):
        raise Misconfigured(f"{name!r} of {path} has {min(strange)!r}; allowed are {', '.join(known)}.")
    try:
        return kind(**{key: _typed(value, key) for key, value in row.items()})
    except (TypeError, ValueError) as error:
        raise Misconfigured(f"{name!r} of {path}: {error}.") from error


_LISTS = {"asns": int, "aliases": str, "organisations": str}
_KINDS = {"hours": int, "in_force": bool}


def _typed(value: object, key: str) -> object:
    if key in _LISTS:
        wanted = _LISTS[key]
        if not isinstance(value, list) or not all(type(one) is wanted for one in value):
            raise ValueError(f"`{key}` has to be a list of {'numbers' if wanted is int else 'texts'}")
        return tuple(value)
    wanted_kind = _KINDS.get(key, str)
    if type(value) is not wanted_kind or value == "":
        raise ValueError(f"`{key}` is {value!r}; it has to be {_SAID[wanted_kind]}")
    return value


_SAID: dict[type, str] = {int: "a whole number", bool: "true or false", str: "a text that is not empty"}


def _check_country(code: str) -> None:
    if not (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()):
        raise ValueError(f"`country` is {code!r}; it has to be two capital letters, as GB")
