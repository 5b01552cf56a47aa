"""The table of record classes: what is kept how long and why, read from TOML and checked."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from openhotline.core.errors import Misconfigured
from openhotline.retention.states import End, Whose

SHIPPED = Path(__file__).resolve().parents[1] / "record_classes.toml"
LONGEST_DAYS = 365 * 100


@dataclass(frozen=True)
class RecordClass:
    """One kind of record. ``holds`` names models (``intake.Report``) or columns of one (``intake.Report.details``)."""

    name: str
    what: str
    holds: tuple[str, ...]
    whose: Whose
    end: End
    days: int | None
    counted_from: str
    why: str
    legal_basis: str

    def before(self, now: datetime) -> datetime | None:
        """Return the moment before which records of this class are due; None when they are kept without an end."""
        return None if self.days is None else now - timedelta(days=self.days)


def read_classes(path: Path = SHIPPED) -> dict[str, RecordClass]:
    """Return the classes of a table by name. Raises Misconfigured with a sentence for whoever edits it."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["class"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        raise Misconfigured(
            f"The retention table {path} cannot be read ({error}). It is TOML with one [[class]] for each kind of "
            "record; copy the shipped one and change its days."
        ) from error
    classes = [_read(row, path) for row in rows]
    doubled = {one.name for one in classes if sum(one.name == other.name for other in classes) > 1}
    if doubled:
        raise Misconfigured(f"{path} has the class {min(doubled)!r} more than once.")
    return {one.name: one for one in classes}


def _read(row: dict[str, object], path: Path) -> RecordClass:
    name = str(row.get("name", "?"))
    days = row.get("days")
    try:
        found = RecordClass(
            name=name,
            what=_text(row, "what"),
            holds=tuple(_texts(row, "holds")),
            whose=Whose(_text(row, "whose")),
            end=End(_text(row, "end")),
            days=None if days is None else _days(days),
            counted_from=_text(row, "counted_from") if days is not None else str(row.get("counted_from", "")),
            why=_text(row, "why"),
            legal_basis=_text(row, "legal_basis"),
        )
    except ValueError as error:
        raise Misconfigured(f"The class {name!r} of {path}: {error}.") from error
    strange = set(row) - set(RecordClass.__dataclass_fields__)
    if strange:
        raise Misconfigured(f"The class {name!r} of {path} has {min(strange)!r}, which no class has.")
    if found.end == End.AUTOMATIC and found.days is None:
        raise Misconfigured(f"The class {name!r} of {path} is deleted by itself, so it needs `days`.")
    return found


def _text(row: dict[str, object], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"`{key}` is missing; write a text")
    return value


def _texts(row: dict[str, object], key: str) -> list[str]:
    value = row.get(key)
    if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
        raise ValueError(f'`{key}` is missing; write the models, such as ["intake.Report"]')
    return value


def _days(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LONGEST_DAYS:
        raise ValueError(f"`days` is {value!r}; it is a whole number from 1 to {LONGEST_DAYS}")
    return value
