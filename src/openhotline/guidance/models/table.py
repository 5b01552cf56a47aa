"""One table of a guidance file, read field by field; what is wrong is refused with the file and the key."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from string import Formatter
from typing import NoReturn, TypeVar

from openhotline.guidance.errors import GuidanceInvalid
from openhotline.guidance.states import PLACEHOLDERS

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass
class Table:
    """A table and where it stands. `end()` refuses what nobody read, so that a misspelt key is seen."""

    raw: Mapping[str, object]
    place: str
    _read: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, raw: object, place: str) -> "Table":
        """Wrap a value that has to be a table. Raises GuidanceInvalid."""
        if not isinstance(raw, dict):
            raise GuidanceInvalid(f"{place}: this must be a table, not {raw!r}. Correct the file.")
        return cls(raw, place)

    def refuse(self, key: str, said: str) -> NoReturn:
        """Raise GuidanceInvalid with the place, the key and what is wrong with it."""
        raise GuidanceInvalid(f"{self.place}: {key}: {said}")

    def take(self, key: str) -> object:
        """The value of a key, or None."""
        self._read.add(key)
        return self.raw.get(key)

    def has(self, key: str) -> bool:
        """Whether the file says anything here."""
        return key in self.raw

    def text(self, key: str) -> str:
        """A text that is not empty and leaves open only what the hotline's settings fill."""
        value = self.take(key)
        if not isinstance(value, str) or not value.strip():
            self.refuse(key, f"this must be a text that is not empty, not {value!r}.")
        _check_placeholders(self, key, value)
        return value

    def optional_text(self, key: str) -> str:
        """A text, or an empty one where the key is absent."""
        return self.text(key) if self.has(key) else ""

    def flag(self, key: str) -> bool:
        """True or false; false where the key is absent."""
        value = self.take(key)
        if value is not None and not isinstance(value, bool):
            self.refuse(key, f"this must be true or false, not {value!r}.")
        return bool(value)

    def number(self, key: str) -> int:
        """A whole number."""
        value = self.take(key)
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(key, f"this must be a whole number, not {value!r}.")
        return value

    def day(self, key: str) -> date:
        """A date."""
        value = self.take(key)
        # A TOML date-time is also a date in Python; a check is of a day.
        if type(value) is not date:
            self.refuse(key, f"this must be a date such as 2026-11-27, not {value!r}.")
        return value

    def choice(self, key: str, choices: type[Choice]) -> Choice:
        """One of a closed list."""
        value = self.take(key)
        if not isinstance(value, str) or value not in set(choices):
            self.refuse(key, f"this cannot be {value!r}. Allowed: {', '.join(choices)}.")
        return choices(value)

    def one_of(self, key: str, allowed: Iterable[str]) -> str:
        """A name out of what there is."""
        value = self.take(key)
        names = sorted(allowed)
        if not isinstance(value, str) or value not in names:
            self.refuse(key, f"there is no {value!r}. There is: {', '.join(names) or 'nothing'}.")
        return value

    def some_of(self, key: str, allowed: Iterable[str]) -> tuple[str, ...]:
        """One or more names out of what there is, none of them twice."""
        value = self.take(key)
        names = sorted(allowed)
        if not isinstance(value, list) or not value:
            self.refuse(key, f"this must be a list of one or more of: {', '.join(names)}.")
        for one in value:
            if one not in names:
                self.refuse(key, f"there is no {one!r}. There is: {', '.join(names) or 'nothing'}.")
        if len(set(value)) != len(value):
            self.refuse(key, f"a name stands twice in {value!r}.")
        return tuple(value)

    def tables(self, key: str) -> list["Table"]:
        """The tables of a list, each with its place; none where the key is absent."""
        value = self.take(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse(key, f"this must be a list of tables, not {value!r}.")
        return [Table.of(one, f"{self.place}, {_name(key, number, one)}") for number, one in enumerate(value, 1)]

    def end(self) -> None:
        """Refuse the keys that nobody read."""
        if strange := sorted(set(self.raw) - self._read):
            self.refuse(strange[0], f"there is no such key here. Known: {', '.join(sorted(self._read))}.")


def _name(key: str, number: int, one: object) -> str:
    known = one.get("id") if isinstance(one, dict) else None
    return f"{key} {known!r}" if known else f"{key} {number}"


def _check_placeholders(table: Table, key: str, value: str) -> None:
    try:
        found = {name for _, name, _, _ in Formatter().parse(value) if name is not None}
    except ValueError:
        table.refuse(key, "a curly bracket is not closed.")
    if strange := sorted(found - PLACEHOLDERS):
        table.refuse(key, f"{{{strange[0]}}} cannot be filled. Allowed: {', '.join(sorted(PLACEHOLDERS))}.")
