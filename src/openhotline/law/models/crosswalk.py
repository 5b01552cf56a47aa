"""How our words on AI involvement go into partners' formats."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from openhotline.law.errors import RulesInvalid
from openhotline.law.states import AiInvolvement, CrosswalkAction

# What was not determined, or merely not seen, may not reach a partner as a statement.
_SILENT = frozenset({AiInvolvement.NOT_DETERMINED, AiInvolvement.NONE_SEEN})
_FIELDS = frozenset({"ai_involvement", "target", "action", "value", "verified", "note"})


@dataclass(frozen=True, slots=True)
class CrosswalkCell:
    """What one field of a partner's format receives.

    ``send``: write `value`. ``omit``: leave the field out. ``ask``: the partner's meaning is not clear; a
    person decides. `value` is None unless ``send``. `verified` is false for our own reading of the field.
    """

    ai_involvement: AiInvolvement
    target: str
    action: CrosswalkAction
    value: str | None
    verified: bool
    note: str


@dataclass(frozen=True, slots=True)
class Target:
    """One field of a partner's format, as of the day of the text or source that was read."""

    name: str
    format: str
    source: str
    as_of: date
    note: str


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Every cell, complete: each AI involvement has one cell for each target."""

    targets: Mapping[str, Target]
    cells: tuple[CrosswalkCell, ...]

    def of(self, ai_involvement: AiInvolvement) -> Mapping[str, CrosswalkCell]:
        """The cells of one AI involvement, by target."""
        return {cell.target: cell for cell in self.cells if cell.ai_involvement is ai_involvement}

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """Read the cross-walk's ``[[target]]`` and ``[[cell]]`` tables.

        Raises RulesInvalid for a broken, double or missing cell, and for one that would turn an involvement
        that was not determined, or not seen, into a statement to a partner.
        """
        try:
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise RulesInvalid(f"The cross-walk is not TOML: {error}. Correct crosswalk.toml.") from error
        targets, cells = content.get("target"), content.get("cell")
        if not isinstance(targets, list) or not isinstance(cells, list) or set(content) != {"target", "cell"}:
            raise RulesInvalid("The cross-walk must hold [[target]] and [[cell]] tables. Correct crosswalk.toml.")
        read = [_target(table) for table in targets]
        walk = cls({target.name: target for target in read}, tuple(_cell(table) for table in cells))
        _check_complete(walk)
        _check_silent(walk)
        return walk


def _target(raw: Mapping[str, object]) -> Target:
    as_of = raw.get("as_of")
    texts = {name: raw.get(name) for name in ("name", "format", "source", "note")}
    said = all(isinstance(text, str) and text for text in texts.values())
    if not said or type(as_of) is not date or set(raw) != {*texts, "as_of"}:
        raise RulesInvalid(
            f"The cross-walk's target {dict(raw)!r} cannot be read. It needs name, format, source and note, "
            "none of them empty, and as_of, a day such as 2026-03-20; nothing else."
        )
    return Target(**{name: str(text) for name, text in texts.items()}, as_of=as_of)


def _cell(raw: Mapping[str, object]) -> CrosswalkCell:
    try:
        cell = CrosswalkCell(
            AiInvolvement(str(raw["ai_involvement"])),
            str(raw["target"]),
            CrosswalkAction(str(raw["action"])),
            str(raw["value"]) if "value" in raw else None,
            raw["verified"] is True,
            str(raw.get("note", "")),
        )
    except (KeyError, ValueError) as error:
        raise RulesInvalid(
            f"The cross-walk's cell {dict(raw)!r} cannot be read: {error}. It needs ai_involvement (one of "
            f"{', '.join(AiInvolvement)}), target, action (one of {', '.join(CrosswalkAction)}) and verified."
        ) from error
    if set(raw) - _FIELDS:
        raise RulesInvalid(
            f"The cross-walk's cell {dict(raw)!r} has unknown fields: "
            f"{', '.join(sorted(set(raw) - _FIELDS))}. Allowed: {', '.join(sorted(_FIELDS))}."
        )
    if (cell.action is CrosswalkAction.SEND) is (cell.value is None):
        raise RulesInvalid(f"The cross-walk's cell {dict(raw)!r}: 'send' needs a value; 'omit' and 'ask' have none.")
    return cell


def _check_complete(walk: Crosswalk) -> None:
    strange = sorted({cell.target for cell in walk.cells} - set(walk.targets))
    if strange:
        raise RulesInvalid(
            f"The cross-walk has cells for {', '.join(strange)}, which no [[target]] names. Allowed: "
            f"{', '.join(walk.targets)}. Correct crosswalk.toml."
        )
    pairs = [(cell.ai_involvement, cell.target) for cell in walk.cells]
    wanted = {(involvement, target) for involvement in AiInvolvement for target in walk.targets}
    double = sorted(f"{i}/{t}" for i, t in set(pairs) if pairs.count((i, t)) > 1)
    missing = sorted(f"{i}/{t}" for i, t in wanted - set(pairs))
    if double or missing:
        raise RulesInvalid(
            f"The cross-walk needs one cell for each AI involvement and target. Missing: "
            f"{', '.join(missing) or 'none'}; double: {', '.join(double) or 'none'}. Correct crosswalk.toml."
        )


def _check_silent(walk: Crosswalk) -> None:
    for cell in walk.cells:
        if cell.ai_involvement in _SILENT and cell.action is not CrosswalkAction.OMIT:
            raise RulesInvalid(
                f"The cross-walk would state {cell.value!r} to {cell.target} for {cell.ai_involvement}. "
                "What was not determined, or not seen, is left out: set action to omit."
            )
