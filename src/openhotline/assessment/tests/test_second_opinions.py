"""Which first opinions ask for a second: rules as data, and a random share that nobody can foresee."""

import os
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings

from openhotline.accounts.models import Person
from openhotline.assessment.models import Turn
from openhotline.assessment.models.second_opinion import read_second_opinions
from openhotline.assessment.policies import second_asked_by
from openhotline.assessment.queries.second import second_opinion_rules
from openhotline.assessment.states import Opinion
from openhotline.assessment.tests.conftest import NO_CHILD, OPENED, PHOTOGRAPH_LIKE, Give, Select
from openhotline.core.errors import Misconfigured
from openhotline.law.models import Facts
from openhotline.law.services.derive import derive

SHIPPED = read_second_opinions()
BECAUSE = 'because = "so"\n'
DAY = date(2026, 1, 1)


def asked(facts: dict[str, str], draw: float = 0.9) -> str | None:
    given = Facts.from_dict(facts)
    outcome = derive(given, jurisdiction="GB-EAW", as_of=DAY)
    rule = second_asked_by(SHIPPED, given, outcome, draw)
    return rule.id if rule else None


@pytest.mark.parametrize(("facts", "rule"), [
    (PHOTOGRAPH_LIKE, "criminal"), (OPENED, "age_not_clear"), (NO_CHILD, None),
    (NO_CHILD | {"age_band": "16-17"}, "age_borderline"), ({}, None),
])  # fmt: skip
def test_the_shipped_rules_ask_where_a_mistake_would_weigh(facts: dict[str, str], rule: str | None) -> None:
    assert asked(facts) == rule


def test_a_random_share_is_asked_whatever_was_found() -> None:
    assert asked(NO_CHILD, draw=0.049) == "sample"
    assert asked(NO_CHILD, draw=0.05) is None


@pytest.mark.django_db
def test_a_turn_keeps_why_it_was_asked(
    select: Select, give: Give, analyst: Person, settings: LazySettings, tmp_path: Path
) -> None:
    settings.SECOND_OPINIONS = str(tmp_path / "own.toml")
    (tmp_path / "own.toml").write_text('[[rule]]\nid = "every"\nshare = 1.0\n' + BECAUSE)
    select((1, 0))
    assert give(analyst, NO_CHILD).asks == Opinion.SECOND
    assert Turn.objects.get(opinion=Opinion.SECOND).because == "every"


def test_a_changed_file_counts_from_the_next_opinion(settings: LazySettings, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    settings.SECOND_OPINIONS = str(path)
    path.write_text("")
    assert second_opinion_rules() == ()
    path.write_text('[[rule]]\nid = "every"\nshare = 1.0\n' + BECAUSE)
    os.utime(path, ns=(1, 1))
    assert [one.id for one in second_opinion_rules()] == ["every"]


@pytest.mark.parametrize(("text", "said"), [
    ("[[rule", "cannot be read"),
    ("rules = 1", r"it may have settled_by, and \[\[rule\]\]"),
    ("rule = 1", r"Write each as \[\[rule\]\]"),
    ('[[rule]]\nid = "a"\nshare = 1.0', "because is None; it is a text"),
    ("[[rule]]\nshare = 1.0\n" + BECAUSE, "id is None; it is a text"),
    (f'[[rule]]\nid = "{"a" * 41}"\nshare = 1.0\n' + BECAUSE, "a text of 1 to 40 characters"),
    ('[[rule]]\nid = "a"\n' + BECAUSE, "asks one of"),
    ('[[rule]]\nid = "a"\nshare = 1.1\n' + BECAUSE, "share is 1.1; it is a number from 0 to 1"),
    ('[[rule]]\nid = "a"\nshare = true\n' + BECAUSE, r"\(line 1\): share is True; it is a number"),
    ('[[rule]]\nid = "a"\noutcome = "guilty"\n' + BECAUSE, "outcome is 'guilty'; it can be: criminal"),
    ('[[rule]]\nid = "a"\nfact = "colour"\nin = ["blue"]\n' + BECAUSE, "fact is 'colour'; it can be: age_band"),
    ('[[rule]]\nid = "a"\nfact = "age_band"\nin = ["17-18"]\n' + BECAUSE, "17-18 of age_band, which can be: 0-2"),
    ('[[rule]]\nid = "a"\nfact = "age_band"\nin = []\n' + BECAUSE, "no value of age_band"),
    (('[[rule]]\nid = "a"\nshare = 1.0\n' + BECAUSE) * 2, "two rules have one id"),
])  # fmt: skip
def test_a_broken_file_is_a_sentence(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text)
    with pytest.raises(Misconfigured, match=said):
        read_second_opinions(path)
