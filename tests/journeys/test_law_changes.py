"""The law changes after something was listed: nothing leaves the list by itself, and a person is asked."""

import re
from datetime import date
from importlib import resources
from pathlib import Path

import pytest
from django.conf import LazySettings

from journeys.road import PAGE, Road
from openhotline.assessment.services.begin_rederivation import begin_rederivation
from openhotline.assessment.services.rederive_outcomes import rederive_outcomes
from openhotline.exposure.models import View
from openhotline.hashlists.models import Dispute, Entry
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import WithdrawalReason

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.slow]

DAY = date(2026, 11, 21)
RULES = Path(str(resources.files("openhotline.law"))) / "rules" / "gb-eaw.toml"


@pytest.fixture
def own_law(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The operator's folder of rules, empty."""
    return tmp_path_factory.mktemp("law")


def photographs_are_law_later(settings: LazySettings, folder: Path) -> None:
    """Lay over the shipped rules of England and Wales a copy that does not hold yet."""
    changed = RULES.read_text("utf-8").replace("valid_from = 2004-05-01", "valid_from = 2099-01-01")
    (folder / RULES.name).write_text(changed)
    settings.LAW = folder


def derive_again(road: Road) -> None:
    """Run a pass over all decisions, and what follows from it."""
    senior = road.cast.seniors[0]
    running = begin_rederivation(as_of=DAY, actor=senior, now=road.now)
    rederive_outcomes(rederivation_id=running.pk, actor=senior, now=road.now)
    road.settle()


def test_what_changed_law_no_longer_calls_criminal_waits_for_a_person(
    road: Road, settings: LazySettings, own_law: Path
) -> None:
    road.report(road.site.origin + PAGE)
    road.settle()
    road.decide_all()
    looks = View.objects.count()
    photographs_are_law_later(settings, own_law)
    derive_again(road)
    assert [(one.entry.state, one.reason) for one in Dispute.objects.all()] == [("active", "law_changed")] * 3
    assert View.objects.count() == looks


def test_what_changed_law_calls_criminal_is_listed(road: Road, settings: LazySettings, own_law: Path) -> None:
    photographs_are_law_later(settings, own_law)
    road.report(road.site.origin + PAGE)
    road.settle()
    road.decide_all()
    assert not Entry.objects.exists()
    settings.LAW = None
    derive_again(road)
    assert Entry.objects.filter(state="active").count() == 3


def test_an_entry_has_the_basis_of_each_place_until_its_law_changes(
    road: Road, settings: LazySettings, own_law: Path
) -> None:
    """What Scotland's law no longer calls criminal stays listed, without that basis; what it said before is kept."""
    road.report(road.site.origin + PAGE)
    road.settle()
    road.decide_all()
    places = [[one["jurisdiction"] for one in entry.elsewhere] for entry in Entry.objects.all()]
    assert places == [["GB-NIR", "GB-SCT"]] * 3
    scotland = (RULES.parent / "gb-sct.toml").read_text("utf-8")
    (own_law / "gb-sct.toml").write_text(re.sub(r"(?m)^valid_from = .*$", "valid_from = 2099-01-01", scotland))
    settings.LAW = own_law
    derive_again(road)
    for entry in Entry.objects.all():
        assert [one["jurisdiction"] for one in entry.elsewhere] == ["GB-NIR"]
        (before,) = entry.revisions.all()
        assert [one["jurisdiction"] for one in before.elsewhere] == ["GB-NIR", "GB-SCT"]
    assert not Dispute.objects.exists()


def test_an_entry_that_was_withdrawn_is_not_asked_about(road: Road, settings: LazySettings, own_law: Path) -> None:
    road.report(road.site.origin + PAGE)
    road.settle()
    road.decide_all()
    for entry in Entry.objects.all():
        reason = WithdrawalReason.LISTED_BY_MISTAKE
        withdraw_entry(entry=entry.public_id, reason=reason, actor=road.cast.seniors[0], now=road.now)
    photographs_are_law_later(settings, own_law)
    derive_again(road)
    assert not Dispute.objects.exists()
