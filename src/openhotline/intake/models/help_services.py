"""Who helps a young person, by country: read from TOML and checked."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from openhotline.core.errors import Misconfigured
from openhotline.intake.states import HelpPurpose

SHIPPED = Path(__file__).resolve().parents[1] / "help_services.toml"
EVERY_COUNTRY = "*"
Message = tuple[int, str, str, list[str]]


@dataclass(frozen=True)
class HelpService:
    """One service: for what, in which country, how to reach it, and when somebody last read that, and where."""

    name: str
    country: str
    purposes: frozenset[HelpPurpose]
    about: str
    checked: date
    source: str
    telephone: str = ""
    web: str = ""


def read_services(path: Path = SHIPPED) -> tuple[HelpService, ...]:
    """Return the services of a file. Raises Misconfigured with a sentence for whoever edits it."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["service"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        raise Misconfigured(
            f"The help services {path} cannot be read ({error}). The file is TOML with one [[service]] for each; copy "
            "the shipped one and change it."
        ) from error
    return tuple(_read(row, path) for row in rows)


def services_for(services: Iterable[HelpService], purpose: HelpPurpose, country: str) -> list[HelpService]:
    """Return the services of a country for a purpose, then those of every country, each in the file's order."""
    fit = [one for one in services if purpose in one.purposes and one.country in {country, EVERY_COUNTRY}]
    return sorted(fit, key=lambda one: one.country == EVERY_COUNTRY)


def extract(file: BinaryIO, keywords: object, tags: object, options: object) -> Iterator[Message]:
    """Yield what each service says of itself, for translators, as Babel asks its extractors; `locale/sources.toml`."""
    del keywords, tags, options
    for row in tomllib.loads(file.read().decode("utf-8"))["service"]:
        yield 1, "gettext", row["about"], [row["name"]]


def _read(row: dict[str, object], path: Path) -> HelpService:
    name = str(row.get("name", "?"))
    strange = set(row) - set(HelpService.__dataclass_fields__)
    if strange:
        raise Misconfigured(f"The service {name!r} of {path} has {min(strange)!r}, which no service has.")
    try:
        found = HelpService(
            name=_text(row, "name"),
            country=_text(row, "country"),
            purposes=_purposes(row.get("purposes")),
            about=_text(row, "about"),
            checked=_day(row.get("checked")),
            source=_text(row, "source"),
            telephone=_text(row, "telephone", ""),
            web=_text(row, "web", ""),
        )
    except ValueError as error:
        raise Misconfigured(f"The service {name!r} of {path}: {error}.") from error
    if found.web and not found.web.startswith("https://"):
        raise Misconfigured(f"The service {name!r} of {path}: `web` is {found.web!r}; it has to begin with https://.")
    return found


def _text(row: dict[str, object], key: str, default: str | None = None) -> str:
    value = row.get(key, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise ValueError(f"`{key}` is missing; write a text")
    return value


def _purposes(value: object) -> frozenset[HelpPurpose]:
    if not isinstance(value, list) or not value:
        raise ValueError(f'`purposes` is missing; write a list, such as ["{HelpPurpose.LISTEN}"]')
    return frozenset(HelpPurpose(one) for one in value)


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise ValueError(f"`checked` is {value!r}; write the day on which the source was read, such as 2026-11-27")  # noqa: TRY004 - one kind of error for whoever edits the file
    return value
