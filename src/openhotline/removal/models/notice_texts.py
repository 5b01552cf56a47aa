"""The words of notices, a file a language, checked when read: every notice says all that a notice has to say."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Any

from openhotline.core.errors import Misconfigured

SHIPPED = Path(__file__).resolve().parents[1] / "notices"
ENGLISH = "en"
MANDATORY = ("heading", "provider", "office", "mail", "count", "addresses", "reference", "page", "code", "purpose")
PURPOSES = ("host", "cdn", "owner", "registrar")
SINCE = ("flagger",)
_FIELDS = {
    "subject": {"count", "reference"},
    "one": set[str](),
    "many": {"n"},
    "chase": {"n"},
    "flagger": {"name", "reference"},
    "body": {*MANDATORY, "chase"},
}


@dataclass(frozen=True)
class NoticeText:
    """One language. ``checked``: somebody who speaks it has read the whole mail; a draft is never sent."""

    checked: bool
    subject: Template
    body: Template
    purpose: dict[str, str]
    one: str
    many: Template
    chase: Template
    flagger: Template

    def count(self, addresses: int) -> str:
        """Return how many addresses, in words of the language."""
        return self.one if addresses == 1 else self.many.substitute(n=addresses)


def notice_text(language: str, folder: Path | None) -> NoticeText:
    """Return the words of a language: the operator's before the shipped ones, English where none is checked.

    Raises Misconfigured when a file lacks a field that every notice has.
    """
    for place in (folder, SHIPPED):
        path = None if place is None else place / f"{language}.toml"
        if path is not None and path.exists():
            found = _read(path, path.stat().st_mtime_ns)
            if found.checked:
                return found
    if language == ENGLISH:
        raise Misconfigured(f"There is no checked English notice. Put en.toml back into {SHIPPED}, or set `checked`.")
    return notice_text(ENGLISH, folder)


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> NoticeText:
    try:
        table = _shipped_since(path) | tomllib.loads(path.read_text(encoding="utf-8"))
        purposes = {name: str(table["purpose"][name]).strip("\n") for name in PURPOSES}
        texts = {name: _template(table[name], name) for name in _FIELDS}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise Misconfigured(
            f"The notice {path} cannot be used: {error}. Its body has each of "
            f"{', '.join(f'${{{one}}}' for one in MANDATORY)}; copy the shipped en.toml and change its words."
        ) from error
    return NoticeText(
        checked=table.get("checked") is True,
        subject=texts["subject"],
        body=texts["body"],
        purpose=purposes,
        one=texts["one"].template,
        many=texts["many"],
        chase=texts["chase"],
        flagger=texts["flagger"],
    )


def _shipped_since(path: Path) -> dict[str, Any]:
    """Return the shipped words that a copy of an earlier version has not: in its language, else in English."""
    if path.parent == SHIPPED:
        return {}
    shipped = SHIPPED / path.name
    words = tomllib.loads((shipped if shipped.exists() else SHIPPED / f"{ENGLISH}.toml").read_text(encoding="utf-8"))
    return {name: words[name] for name in SINCE}


def _template(text: Any, name: str) -> Template:
    if not isinstance(text, str):
        raise TypeError(f"{name} has to be a text")
    template = Template(text.lstrip("\n"))
    if not template.is_valid():
        raise ValueError(f"{name} has a $ that begins no field; write $$ for the sign")
    there, allowed = set(template.get_identifiers()), _FIELDS[name]
    if strange := there - allowed:
        raise ValueError(f"{name} has ${{{min(strange)}}}, which is no field of it")
    if name == "body" and (missing := set(MANDATORY) - there):
        raise ValueError(f"{name} lacks ${{{min(missing)}}}")
    return template
