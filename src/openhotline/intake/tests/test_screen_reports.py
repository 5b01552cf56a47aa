"""Addresses are opened, made canonical and folded."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from openhotline.audit.models import Record
from openhotline.core import models as core_models
from openhotline.intake.models import Address, Report, ReportedAddress
from openhotline.intake.queries import report_page, reports_waiting
from openhotline.intake.services.screen_reports import WHAT_THE_DOOR_SEALED, screen_reports
from openhotline.intake.services.set_standing import set_standing
from openhotline.intake.states import ReportState, Standing

pytestmark = pytest.mark.django_db


def _announced() -> list[list[int]]:
    return list(core_models.Event.objects.filter(kind="AddressScreened").values_list("ids", flat=True))


def test_an_address_becomes_canonical_and_is_announced(receive: Callable[..., Report], now: datetime) -> None:
    report = receive(" Example.ORG/a b ")
    screen_reports(ids=[report.pk], now=now)
    address = Address.objects.get()
    assert address.canonical == "https://example.org/a%20b"
    assert _announced() == [[address.pk]]
    report.refresh_from_db()
    assert report.state == ReportState.SCREENED


def test_the_same_address_of_two_reports_is_one(receive: Callable[..., Report], now: datetime) -> None:
    reports = [receive("http://a.example:80/x", "b.example"), receive("hxxp://A.example/x")]
    screen_reports(ids=[report.pk for report in reports], now=now)
    assert Address.objects.count() == 2
    assert len(_announced()[0]) == 2


def test_what_is_no_address_gets_a_sentence_and_the_rest_goes_on(receive: Callable[..., Report], now: datetime) -> None:
    report = receive("ftp://a.example", "b.example")
    screen_reports(ids=[report.pk], now=now)
    facts = report_page(report.public_id)
    assert facts is not None
    assert "only http" in facts.lines[0].refusal
    assert facts.lines[1].canonical == "https://b.example/"
    assert facts.report.state == ReportState.SCREENED


def test_a_refusal_repeats_nothing_of_what_was_typed(receive: Callable[..., Report], now: datetime) -> None:
    """What was typed is sealed; beside it the sentence stands in clear."""
    report = receive("secretname:b", "not an address at all", "https://", "somebody@a.example")
    screen_reports(ids=[report.pk], now=now)
    said = " ".join(ReportedAddress.objects.values_list("refusal", flat=True))
    assert not any(typed in said for typed in ("secretname", "address at all", "somebody", "a.example"))


@pytest.mark.parametrize("addresses", [(), ("not an address at all",)])
def test_a_report_without_a_usable_address_goes_to_a_person(
    receive: Callable[..., Report], now: datetime, addresses: tuple[str, ...]
) -> None:
    report = receive(*addresses)
    screen_reports(ids=[report.pk], now=now)
    assert list(reports_waiting()) == [report]
    assert _announced() == []


def test_an_address_decided_before_is_not_announced_again(receive: Callable[..., Report], now: datetime) -> None:
    screen_reports(ids=[receive("a.example").pk], now=now)
    set_standing(address_ids=[Address.objects.get().pk], standing=Standing.DECIDED, now=now)
    again = receive("a.example")
    screen_reports(ids=[again.pk], now=now)
    assert len(_announced()) == 1
    again.refresh_from_db()
    assert again.state == ReportState.SCREENED


def test_screened_twice_is_screened_once(receive: Callable[..., Report], now: datetime) -> None:
    report = receive("a.example")
    screen_reports(ids=[report.pk], now=now)
    screen_reports(ids=[report.pk], now=now)
    assert len(_announced()) == 1
    assert Record.objects.filter(action="reports_screened").count() == 1


def test_what_does_not_open_is_told_and_the_rest_goes_on(receive: Callable[..., Report], now: datetime) -> None:
    broken, fine = receive("a.example"), receive("b.example")
    ReportedAddress.objects.filter(report=broken).update(sealed=b"changed")
    screen_reports(ids=[broken.pk, fine.pk], now=now)
    assert ReportedAddress.objects.get(report=broken).refusal == WHAT_THE_DOOR_SEALED
    assert ReportedAddress.objects.get(report=fine).address is not None


def test_five_hundred_reports_take_few_queries(
    receive: Callable[..., Report], now: datetime, django_assert_max_num_queries: Any
) -> None:
    ids = [receive(f"a{number}.example").pk for number in range(60)]
    with django_assert_max_num_queries(20):
        screen_reports(ids=ids, now=now)
