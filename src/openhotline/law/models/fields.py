"""The fields of a rule as TOML gives them, each checked, each refused with a sentence."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from openhotline.law.errors import RulesInvalid

ADULT = 18

_REQUIRED = (
    *("id", "instrument", "provision", "applies_to", "realism_test", "real_person_needed"),
    *("commencement_status", "yields", "when", "source", "verified_on"),
)
_OPTIONAL = ("age", "valid_from", "valid_to", "note")
Choice = TypeVar("Choice", bound=StrEnum)


def fields_known(raw: Mapping[str, object], rule_id: str) -> None:
    """Nothing is missing and nothing is misspelt. Raises RulesInvalid."""
    missing = [name for name in _REQUIRED if name not in raw]
    strange = [name for name in raw if name not in (*_REQUIRED, *_OPTIONAL)]
    if missing or strange:
        raise RulesInvalid(
            f"Rule {rule_id!r}: missing fields: {', '.join(missing) or 'none'}; unknown fields: "
            f"{', '.join(strange) or 'none'}. Needed: {', '.join(_REQUIRED)}; allowed besides: "
            f"{', '.join(_OPTIONAL)}. Correct the rule file.",
            key=strange[0] if strange else None,
        )


def text(raw: Mapping[str, object], name: str, rule_id: str) -> str:
    """A text that is not empty. Raises RulesInvalid."""
    value = raw[name]
    if not isinstance(value, str) or not value.strip():
        raise RulesInvalid(f"Rule {rule_id!r}: {name} must be a text that is not empty, not {value!r}.", key=name)
    return value


def choice(choices: type[Choice], raw: Mapping[str, object], name: str, rule_id: str) -> Choice:
    """One of a closed list. Raises RulesInvalid."""
    value = raw[name]
    if not isinstance(value, str) or value not in set(choices):
        raise RulesInvalid(f"Rule {rule_id!r}: {name} cannot be {value!r}. Allowed: {', '.join(choices)}.", key=name)
    return choices(value)


def age(value: object, rule_id: str) -> int | None:
    """Whole years up to 18, or None where the field is absent. Raises RulesInvalid."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= ADULT:
        raise RulesInvalid(
            f"Rule {rule_id!r}: age cannot be {value!r}. Allowed: whole years from 1 to {ADULT}.", key="age"
        )
    return value


def day(value: object, name: str, rule_id: str) -> date | None:
    """A date, or None where it is absent. Raises RulesInvalid."""
    # A TOML date-time is also a date in Python; law starts on days.
    if value is None or type(value) is date:
        return value
    raise RulesInvalid(f"Rule {rule_id!r}: {name} cannot be {value!r}. Allowed: a date such as 2010-04-06.", key=name)
