"""What the law is here: the shipped rules, laid over them the operator's own folder, and the cross-walk."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from django.conf import settings

from openhotline.law.errors import RulesInvalid
from openhotline.law.models import Crosswalk, CrosswalkCell, Rule, RuleBook
from openhotline.law.states import AiInvolvement

GROUPS: Mapping[str, tuple[str, ...]] = {"GB": ("GB-EAW", "GB-NIR", "GB-SCT")}
"""Codes that stand for several jurisdictions, each derived apart."""

Stamp = tuple[tuple[str, int, int], ...]
log = logging.getLogger("openhotline.law")


def load(folder: Path | None) -> RuleBook:
    """Read the shipped rules and, over them, a folder: a file of the same name replaces a shipped one, others add.

    Raises RulesInvalid with file, line, rule and key when a file is broken: nothing is derived from half a law.
    """
    shipped = resources.files("openhotline.law") / "rules"
    files = {file.name: file.read_text("utf-8") for file in shipped.iterdir() if file.name.endswith(".toml")}
    if folder is not None:
        files |= {path.name: _text(path) for path in _own(folder)}
    return RuleBook.from_toml(files)


def rules() -> RuleBook:
    """The rules in force here: the shipped ones under the folder of OPENHOTLINE_LAW, read again when that changes.

    A change with an error is said in the log, and the rules read before stay. Raises RulesInvalid when there are none
    to keep: at the first reading of a process.
    """
    return _shelf(settings.LAW).rules()


def rule(rule_id: str) -> Rule | None:
    """The rule of that id, or None."""
    return next((found for found in rules().rules if found.id == rule_id), None)


def jurisdictions(code: str | None = None) -> tuple[str, ...]:
    """The jurisdictions behind a code: ``GB`` is three, ``GB-EAW`` itself, None all in which a rule can decide.

    Raises UnknownJurisdiction.
    """
    book = rules()
    if code is None:
        return book.deciding
    wanted = GROUPS.get(code, (code,))
    for one in wanted:
        book.of(one)
    return wanted


@dataclass
class _Shelf:
    """One folder's rules as last read without an error."""

    folder: Path | None
    stamp: Stamp | None = None
    book: RuleBook | None = None

    def rules(self) -> RuleBook:
        stamp = _stamp(self.folder)
        if self.book is None:
            self.book, self.stamp = load(self.folder), stamp
        elif stamp != self.stamp:
            self._read_again(self.book, stamp)
        return self.book

    def _read_again(self, before: RuleBook, stamp: Stamp) -> None:
        try:
            self.book = load(self.folder)
        except RulesInvalid as error:
            log.error("%s The rules read before, %s, stay in force.", error, before.version)  # noqa: TRY400 - a sentence
        self.stamp = stamp


@cache
def _shelf(folder: Path | None) -> _Shelf:
    return _Shelf(folder)


def _stamp(folder: Path | None) -> Stamp:
    """What changes when a file of the folder does: names, sizes, moments of change; of nothing for no folder."""
    if folder is None or not folder.is_dir():
        return ()
    stats = ((path.name, path.stat()) for path in sorted(folder.glob("*.toml")))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


def _own(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise RulesInvalid(f"The rules folder {folder} is not there. Make it, or set OPENHOTLINE_LAW to another.")
    return sorted(folder.glob("*.toml"))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RulesInvalid(
            f"Rule file {path.name} cannot be read: {error}. It must be a text file in UTF-8."
        ) from error


@cache
def crosswalk_table() -> Crosswalk:
    """The whole cross-walk. Raises RulesInvalid when its file is broken."""
    return Crosswalk.from_toml((resources.files("openhotline.law") / "crosswalk.toml").read_text("utf-8"))


def crosswalk(ai_involvement: AiInvolvement | str) -> Mapping[str, CrosswalkCell]:
    """What each partner's field receives for one AI involvement, by target.

    What was not determined, or merely not seen, is left out everywhere: it is never exported as "no".
    """
    return crosswalk_table().of(AiInvolvement(ai_involvement))
