"""The APIs answer whatever their descriptions allow, and more, without an error; and a planted one is seen."""

from dataclasses import replace

import pytest
from django.conf import LazySettings

from faults.asking import Api, ask
from faults.asking_members import SCOPES as OF_MEMBERS
from faults.asking_members import members
from faults.asking_partners import SCOPES as OF_PARTNERS
from faults.asking_partners import partners
from openhotline.hashlists.api import ncmec
from openhotline.intake.services import take_reports

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CASES = 320


@pytest.fixture(autouse=True)
def all_streams(settings: LazySettings) -> None:
    """The member that is asked for takes the exploitative stream as well; after each test it is off again."""
    settings.EXPLOITATIVE_STREAM = True


def only(api: Api, name: str) -> Api:
    """Return an API of which one operation alone is asked, so that chance has cases enough to find what is planted."""
    paths = {
        place: kept
        for place, operations in api.described["paths"].items()
        if (kept := {verb: one for verb, one in operations.items() if one.get("operationId") == name})
    }
    return replace(api, described=api.described | {"paths": paths})


def test_no_case_of_partners_is_an_error_and_every_operation_is_done() -> None:
    found = ask(partners(1), CASES, seed=1)
    assert found["faults"] == []
    assert found["cases"] >= CASES
    assert {*found["done"]} == {*OF_PARTNERS}


@pytest.mark.sandbox
def test_no_case_of_members_is_an_error_and_every_operation_is_done() -> None:
    found = ask(members(1), CASES, seed=1)
    assert found["faults"] == []
    assert {*found["done"]} == {*OF_MEMBERS}


def test_every_operation_of_members_is_asked() -> None:
    """A route that is added to the members' door is asked too.

    `hma_status` says 503 where no index is fresh, and `hma_other` that there is nothing at any other path.
    """
    from openhotline.hashlists.api import hma, routes

    names = [one.name for module in (routes, hma, ncmec) for one in module.urlpatterns]
    asked = {name if name.partition("_")[0] in {"hma", "ncmec"} else f"members_{name}" for name in OF_MEMBERS}
    assert {*names} - asked == {"members_openapi", "hma_status", "hma_other"}


def test_planted_an_error_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(address: str) -> bool:
        if "site.example" in address:
            return True
        raise RuntimeError

    monkeypatch.setattr(take_reports, "_reads", broken)
    found = ask(only(partners(1), "report"), CASES // 4, seed=1)
    assert any("an error of the server" in one for one in found["faults"])


@pytest.mark.sandbox
def test_planted_a_moment_that_is_not_refused_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ncmec, "NotNow", RuntimeError)
    found = ask(only(members(1), "ncmec_entries"), CASES // 4, seed=1)
    assert any("ncmec_entries by all: 500" in one for one in found["faults"])
