"""Facts: what was recorded, and nothing else."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.law.errors import FactsInvalid
from openhotline.law.models import Facts
from openhotline.law.states import FACTS


def test_what_was_not_answered_is_not_determined_everywhere() -> None:
    assert set(Facts.from_dict({}).to_dict().values()) == {"not_determined"}


def test_every_fact_has_a_field_and_a_list_of_values_of_its_own_type() -> None:
    assert [(field.name, field.type) for field in fields(Facts)] == list(FACTS.items())


@given(st.fixed_dictionaries({}, optional={k: st.sampled_from([str(v) for v in vs]) for k, vs in FACTS.items()}))
def test_facts_survive_being_written_down(recorded: dict[str, str]) -> None:
    facts = Facts.from_dict(recorded)
    assert Facts.from_dict(facts.to_dict()) == facts
    assert recorded.items() <= facts.to_dict().items()


def test_an_unknown_fact_is_refused_by_name() -> None:
    with pytest.raises(FactsInvalid, match=r"no fact named 'colour' \(its value was 'red'\)"):
        Facts.from_dict({"colour": "red"})


@pytest.mark.parametrize("value", ["perhaps", "", None, True, 1, ["yes"]])
def test_an_unknown_value_is_refused_with_what_is_allowed(value: object) -> None:
    with pytest.raises(FactsInvalid, match=r"'indecent' cannot be .*Allowed: yes, no, not_determined"):
        Facts.from_dict({"indecent": value})
