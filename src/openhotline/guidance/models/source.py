"""Where a sentence comes from, who can help, and where the reader works."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from openhotline.guidance.models.table import Table
from openhotline.guidance.states import Ages, Reading


@dataclass(frozen=True)
class Nation:
    """A place with law and procedures of its own. `other` is whoever works in none of the others."""

    id: str
    name: str
    other: bool

    @classmethod
    def read(cls, table: Table) -> Self:
        """Read one out of a file. Raises GuidanceInvalid."""
        found = cls(table.text("id"), table.text("name"), table.flag("other"))
        table.end()
        return found


@dataclass(frozen=True)
class Source:
    """What sentences rest on. `checked`: the day it was read, None when nobody has; `nations`: whom it speaks of."""

    id: str
    title: str
    by: str
    published: str
    address: str
    nations: tuple[str, ...]
    read_as: Reading
    checked: date | None
    next_review: date

    @classmethod
    def read(cls, table: Table, nations: tuple[str, ...]) -> Self:
        """Read one out of a file. Raises GuidanceInvalid."""
        read_as = table.choice("read", Reading)
        if (read_as is Reading.NOT_YET) is table.has("checked"):
            table.refuse("checked", "a source has a date of checking if, and only if, it was read.")
        address = table.optional_text("address")
        if address and not address.startswith("https://"):
            table.refuse("address", f"an address begins with https://, not {address!r}.")
        found = cls(
            id=table.text("id"),
            title=table.text("title"),
            by=table.text("by"),
            published=table.optional_text("published"),
            address=address,
            nations=table.some_of("nations", nations),
            read_as=read_as,
            checked=table.day("checked") if table.has("checked") else None,
            next_review=table.day("next_review"),
        )
        table.end()
        return found


@dataclass(frozen=True)
class Entry:
    """A service or a text in the directory: what it is, who it is for and how to reach it."""

    id: str
    name: str
    by: str
    for_whom: str
    what: str
    ages: Ages
    nations: tuple[str, ...]
    phone: str
    address: str
    sources: tuple[str, ...]
    checked: date | None
    next_review: date

    @classmethod
    def read(cls, table: Table, nations: tuple[str, ...], sources: tuple[str, ...]) -> Self:
        """Read one out of a file. `checked` absent: its contact details are not yet checked. Raises GuidanceInvalid."""
        address = table.optional_text("address")
        if address and not address.startswith("https://"):
            table.refuse("address", f"an address begins with https://, not {address!r}.")
        found = cls(
            id=table.text("id"),
            name=table.text("name"),
            by=table.text("by"),
            for_whom=table.text("for_whom"),
            what=table.text("what"),
            ages=table.choice("ages", Ages),
            nations=table.some_of("nations", nations),
            phone=table.optional_text("phone"),
            address=address,
            sources=table.some_of("from", sources),
            checked=table.day("checked") if table.has("checked") else None,
            next_review=table.day("next_review"),
        )
        table.end()
        return found
