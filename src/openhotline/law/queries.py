"""What the shipped law is: rules, jurisdictions and the cross-walk, read once a process."""

from collections.abc import Mapping
from functools import cache
from importlib import resources

from openhotline.law.models import Crosswalk, CrosswalkCell, Rule, RuleBook
from openhotline.law.states import AiInvolvement

GROUPS: Mapping[str, tuple[str, ...]] = {"GB": ("GB-EAW", "GB-NIR", "GB-SCT")}
"""Codes that stand for several jurisdictions, each derived apart."""


@cache
def rules() -> RuleBook:
    """The shipped rules. Raises RulesInvalid when a file is broken: nothing is derived from half a law."""
    folder = resources.files("openhotline.law") / "rules"
    files = {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".toml")}
    return RuleBook.from_toml(files)


def rule(rule_id: str) -> Rule | None:
    """The shipped rule of that id, or None."""
    return next((found for found in rules().rules if found.id == rule_id), None)


def jurisdictions(code: str | None = None) -> tuple[str, ...]:
    """The jurisdictions behind a code: ``GB`` is three, ``GB-EAW`` itself, None all.

    Raises UnknownJurisdiction.
    """
    book = rules()
    if code is None:
        return book.jurisdictions
    wanted = GROUPS.get(code, (code,))
    for one in wanted:
        book.of(one)
    return wanted


@cache
def crosswalk_table() -> Crosswalk:
    """The whole cross-walk. Raises RulesInvalid when its file is broken."""
    return Crosswalk.from_toml((resources.files("openhotline.law") / "crosswalk.toml").read_text("utf-8"))


def crosswalk(ai_involvement: AiInvolvement | str) -> Mapping[str, CrosswalkCell]:
    """What each partner's field receives for one AI involvement, by target.

    What was not determined, or merely not seen, is left out everywhere: it is never exported as "no".
    """
    return crosswalk_table().of(AiInvolvement(ai_involvement))
