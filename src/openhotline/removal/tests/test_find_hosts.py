"""Who hosts an address is asked of a registry, over RDAP, on this machine."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from openhotline.core import models as core
from openhotline.intake.models import Address
from openhotline.removal.models import Hosting, Removal
from openhotline.removal.queries import hosts_due
from openhotline.removal.services import find_hosts as operation
from openhotline.removal.services.find_hosts import find_hosts
from openhotline.removal.services.open_removals import open_removals
from openhotline.removal.states import RemovalState

pytestmark = pytest.mark.django_db
Make = Callable[[str], Address]
Open = Callable[..., list[int]]


@pytest.fixture
def opened(make_address: Make, now: datetime) -> Open:
    def make(*urls: str) -> list[int]:
        open_removals(address_ids=[make_address(url).pk for url in urls], actor="step:x", now=now)
        return list(Removal.objects.order_by("pk").values_list("pk", flat=True))

    return make


def test_a_site_is_asked_about_once_for_all_its_addresses(site: Any, opened: Open, now: datetime) -> None:
    ids = opened(*(f"http://127.0.0.1:{site.port}/{n}" for n in range(20)))
    assert find_hosts(ids=ids, actor="step:x", now=now) == 20
    assert site.asked == ["GET /ip/127.0.0.1"]
    hosting = Hosting.objects.get()
    assert (hosting.provider, hosting.country, hosting.contact) == ("Practice Hosting", "GB", "abuse@host.example")
    assert core.Event.objects.get(kind="HostsFound").ids == ids


def test_what_is_known_is_asked_again_after_a_week(site: Any, opened: Open, now: datetime) -> None:
    for day, asked in ((0, 1), (6, 1), (8, 2)):
        ids = opened(f"http://127.0.0.1:{site.port}/{day}")
        assert find_hosts(ids=ids, actor="step:x", now=now + timedelta(days=day)) == 1
        assert len(site.asked) == asked
    assert Hosting.objects.count() == 1


def test_twice_is_once(site: Any, opened: Open, now: datetime) -> None:
    ids = opened(f"http://127.0.0.1:{site.port}/")
    assert [find_hosts(ids=ids, actor="step:x", now=now) for _ in range(2)] == [1, 0]


def test_without_a_contact_a_sentence_says_so_and_it_is_asked_again_tomorrow(
    site: Any, opened: Open, now: datetime
) -> None:
    record = {"objectClassName": "ip network", "name": "PRACTICE-NET"}
    site.pages["/ip/127.0.0.1"] = (200, "application/rdap+json", json.dumps(record).encode())
    ids = opened(f"http://127.0.0.1:{site.port}/")
    assert find_hosts(ids=ids, actor="step:x", now=now) == 0
    removal = Removal.objects.get()
    assert (removal.state, removal.sentence) == (RemovalState.HOST_UNKNOWN, operation.NO_CONTACT)
    assert (hosts_due(now), hosts_due(now + timedelta(days=1))) == ([], ids)


def test_a_registry_that_does_not_know_is_a_sentence_without_the_address(
    site: Any, opened: Open, now: datetime
) -> None:
    del site.pages["/ip/127.0.0.1"]
    find_hosts(ids=opened(f"http://127.0.0.1:{site.port}/secret"), actor="step:x", now=now)
    said = Removal.objects.get().sentence
    assert "The registry answered 404" in said
    assert "secret" not in said
    assert not Hosting.objects.exists()


def test_practice_looks_up_nothing_but_the_practice_site(site: Any, opened: Open, now: datetime) -> None:
    find_hosts(ids=opened("https://elsewhere.example/"), actor="step:x", now=now)
    assert (site.asked, Removal.objects.get().sentence) == ([], "Practice looks up only the practice site.")


def test_a_contact_found_later_makes_the_notice_due(site: Any, opened: Open, now: datetime) -> None:
    known = site.pages.pop("/ip/127.0.0.1")
    ids = opened(f"http://127.0.0.1:{site.port}/")
    find_hosts(ids=ids, actor="step:x", now=now)
    site.pages["/ip/127.0.0.1"] = known
    assert find_hosts(ids=ids, actor="step:x", now=now + timedelta(days=1)) == 1
    removal = Removal.objects.get()
    assert (removal.state, removal.sentence) == (RemovalState.NOTICE_DUE, "")
