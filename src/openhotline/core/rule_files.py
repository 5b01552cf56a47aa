"""TOML files that an operator copies and changes: read once, asked table by table, refused in sentences.

A sentence names the file, the table and its line, what stands there and what may. What a rule means, its app knows.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openhotline.core.errors import Misconfigured


@dataclass(frozen=True)
class Section:
    """One table of a file, or the whole of it; ``where`` names it in sentences."""

    values: Mapping[str, Any]
    where: str
    text: str
    copy: str = "Copy the shipped file and change that."

    def wrong(self, said: str) -> Misconfigured:
        """Return the error to raise, whose sentence begins with where this stands."""
        return Misconfigured(f"{self.where}: {said}")

    def exactly(self, names: Iterable[str]) -> "Section":
        """Return this table if it has exactly these names. Raises Misconfigured."""
        there, wanted = set(self.values), set(names)
        if there != wanted:
            raise self.wrong(
                f"it has {', '.join(sorted(there)) or 'nothing'}; it needs exactly {', '.join(sorted(wanted))}. "
                f"{self.copy}"
            )
        return self

    def table(self, name: str) -> "Section":
        """Return the table of that name. Raises Misconfigured."""
        value = self.values.get(name)
        if not isinstance(value, dict):
            raise self.wrong(f"{name} is no table. Write it as [{name}].")
        return Section(value, f"{self.where}, [{name}]{self._line(name)}", self.text, self.copy)

    def tables(self, name: str) -> list["Section"]:
        """Return the tables of that name in their order; none where the name does not stand. Raises Misconfigured."""
        rows = self.values.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self.wrong(f"{name} is no list of tables. Write each as [[{name}]].")
        return [
            Section(row, f"{self.where}, [[{name}]] number {place + 1}{self._line(name, place)}", self.text, self.copy)
            for place, row in enumerate(rows)
        ]

    def number(self, name: str, least: float, most: float, *, whole: bool = True) -> Any:
        """Return a number from ``least`` to ``most``. Raises Misconfigured."""
        value = self.values.get(name)
        fits = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if value is None or not fits or not least <= value <= most:
            kind = "a whole number" if whole else "a number"
            raise self.wrong(f"{name} is {value!r}; it is {kind} from {least:,} to {most:,}.")
        return value

    def words(self, name: str, longest: int = 1_000) -> str:
        """Return a text that says something. Raises Misconfigured."""
        value = self.values.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= longest:
            raise self.wrong(f"{name} is {value!r}; it is a text of 1 to {longest:,} characters.")
        return value

    def one_of(self, name: str, allowed: Collection[str]) -> str:
        """Return one of some words. Raises Misconfigured."""
        value = self.values.get(name)
        if not isinstance(value, str) or value not in allowed:
            raise self.wrong(f"{name} is {value!r}; it can be: {', '.join(sorted(allowed))}.")
        return value

    def _line(self, name: str, place: int = 0) -> str:
        """Say on which line the table begins, where it stands as a header; tomllib does not tell."""
        header = re.compile(rf"^[ \t]*\[\[?[ \t]*{re.escape(name)}[ \t]*\]", re.MULTILINE)
        starts = [found.start() for found in header.finditer(self.text)]
        return f" (line {self.text.count(chr(10), 0, starts[place]) + 1})" if place < len(starts) else ""


def read_rule_file(path: Path, what: str, *, copy: str = "Copy the shipped file and change that.") -> Section:
    """Return the whole of a file; ``what`` names it, such as "The rules of triage". Raises Misconfigured."""
    try:
        text = path.read_text(encoding="utf-8")
        return Section(tomllib.loads(text), str(path), text, copy)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Misconfigured(f"{what} {path} cannot be read: {error}.") from error
