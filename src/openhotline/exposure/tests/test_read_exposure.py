"""The welfare lead reads one person's figures: with that person's consent only."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from openhotline.accounts.models import Person
from openhotline.accounts.services.add_person import add_person
from openhotline.accounts.states import Role
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed
from openhotline.exposure.models import View
from openhotline.exposure.queries import exposure_of, looks_of, medians_of
from openhotline.exposure.services import read_exposure as reading
from openhotline.exposure.services.read_exposure import read_exposure
from openhotline.exposure.services.set_wellbeing import set_wellbeing

pytestmark = pytest.mark.django_db


def nothing_settled(*_of: Any) -> int:
    return 0


@pytest.fixture
def welfare(now: datetime) -> Person:
    """Who looks after the people who look."""
    return add_person(
        username="welfare", name="Welfare", role=Role.WELFARE, password="p", practice=True, actor="test", now=now
    )


@pytest.fixture
def consent(analyst: Person, now: datetime) -> Callable[..., None]:
    """Let the analyst consent, or take it back."""

    def say(*, yes: bool) -> None:
        set_wellbeing(shift_ends_at=None, takes_heavy=False, consents=yes, actor=analyst, now=now)

    return say


def test_with_consent_it_is_read_and_recorded(
    welfare: Person, analyst: Person, consent: Callable[..., None], looked: Callable[..., View], now: datetime
) -> None:
    looked(10, 60)
    consent(yes=True)
    days = read_exposure(person=analyst, settled=nothing_settled, actor=welfare, now=now)
    assert (days[0].on, days[0].seconds) == (now.date(), 60)
    row = Record.objects.get(action="exposure_read")
    assert (row.actor, row.subject) == (welfare.public_id, analyst.public_id)


def test_without_consent_or_once_it_is_taken_back_nothing_is_read(
    welfare: Person, analyst: Person, consent: Callable[..., None], now: datetime
) -> None:
    with pytest.raises(NotAllowed, match="has not consented"):
        read_exposure(person=analyst, settled=nothing_settled, actor=welfare, now=now)
    consent(yes=True)
    consent(yes=False)
    with pytest.raises(NotAllowed):
        read_exposure(person=analyst, settled=nothing_settled, actor=welfare, now=now)
    assert not Record.objects.filter(action="exposure_read").exists()


def test_a_manager_does_not_even_with_consent(
    manager: Person, analyst: Person, consent: Callable[..., None], now: datetime
) -> None:
    consent(yes=True)
    with pytest.raises(NotAllowed, match="manager"):
        read_exposure(person=analyst, settled=nothing_settled, actor=manager, now=now)


def test_planted_without_the_rule_a_manager_would_read_it(
    manager: Person, analyst: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "check_may_read", lambda *_args, **_named: None)
    assert read_exposure(person=analyst, settled=nothing_settled, actor=manager, now=now)


def test_a_team_of_four_has_no_median_and_a_team_of_five_has(looked: Callable[..., View], now: datetime) -> None:
    for one in range(4):
        looked(5, 10 * (one + 1), person=f"per_{one}")
    assert medians_of(now)[0].seconds is None
    looked(5, 50, person="per_5")
    assert (medians_of(now)[0].people, medians_of(now)[0].seconds) == (5, 30)


def test_what_is_heavy_counts_double(analyst: Person, looked: Callable[..., View], now: datetime) -> None:
    looked(5, 30, weight=2.0)
    assert exposure_of(analyst, now, settled=nothing_settled).seconds == 60
    assert looks_of(analyst.public_id, now)[-1].seconds == 60
