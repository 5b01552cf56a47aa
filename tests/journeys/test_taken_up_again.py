"""What could not be done for a while is done later, by the clock, without anybody asking."""

from datetime import timedelta
from typing import Any

import pytest

from journeys.road import PAGE, Road
from openhotline.accounts.models import Authority
from openhotline.evidence.models import Item
from openhotline.practice.site.ports import free_ports
from openhotline.removal.models import Removal

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.slow]


def test_a_notice_that_the_mail_server_did_not_take_goes_out_later(road: Road, settings: Any) -> None:
    there = settings.MAIL
    settings.MAIL = {**there, "port": free_ports(1)[0]}
    road.report(road.site.origin + PAGE)
    road.settle()
    road.decide_all()
    assert set(Removal.objects.values_list("state", flat=True)) == {"notice_due"}
    settings.MAIL = there
    road.wait(timedelta(hours=1))
    assert len(road.site.mailbox.kept()) == 1


def test_a_host_that_the_registry_did_not_tell_is_asked_for_again(road: Road, settings: Any) -> None:
    there = settings.RDAP_SERVERS
    settings.RDAP_SERVERS = (f"http://127.0.0.1:{free_ports(1)[0]}/",)
    road.report(road.site.origin + PAGE)
    road.settle()
    road.decide_all()
    assert set(Removal.objects.values_list("state", flat=True)) == {"host_unknown"}
    settings.RDAP_SERVERS = there
    road.wait(timedelta(hours=25))
    assert set(Removal.objects.values_list("state", flat=True)) == {"noticed"}


def test_what_was_refused_for_want_of_an_authority_is_captured_once_there_is_one(road: Road) -> None:
    until = Authority.objects.get().expires_at
    Authority.objects.update(expires_at=road.now)
    road.report(road.site.origin + PAGE)
    road.settle()
    Authority.objects.update(expires_at=until)
    road.wait(timedelta(hours=2))
    assert Item.objects.count() == 3
