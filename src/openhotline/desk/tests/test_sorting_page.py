"""Everything found, seen whole."""

import pytest
from django.test import Client
from django.urls import reverse

from cast import MakeItem
from openhotline.core.clock import now
from openhotline.core.net.addresses import parse
from openhotline.evidence.models import Item, Sighting
from openhotline.intake.models import Address
from openhotline.triage.models import SecondLook
from openhotline.triage.services.triage_items import triage_items

pytestmark = pytest.mark.django_db


def page(client: Client) -> str:
    """Return the page's text, spaces made one."""
    return " ".join(client.get(reverse("desk_sorting")).content.decode().split())


def at(item: Item, address: str) -> None:
    """See an item at an address."""
    kept = Address.objects.keep([parse(address)], now=now())
    Sighting.objects.create(item=item, address=next(iter(kept.values())), seen_at=now())


def test_nothing_found_is_a_page_too(at_desk: Client) -> None:
    assert "0 files found" in page(at_desk)


def test_files_are_counted_by_reason_day_and_host(at_desk: Client, make_item: MakeItem) -> None:
    plain, small = make_item(), make_item(seed=1, width=40)
    triage_items(ids=[plain.pk, small.pk], actor="test", now=now())
    for path in ("a", "b"):
        at(plain, f"http://one.example/{path}")
    at(small, "http://two.example/")
    text = page(at_desk)
    assert "5 files found: 2 different ones, in 2 stacks" in text
    assert (
        '<th scope="row">Set aside</th><td>The picture is an icon, too small to assess.</td><td>2</td><td>40.0 %</td>'
        in text
    )
    assert text.count('<ul class="bars"') == 3
    assert '<th scope="row">one.example</th><td>2</td><td>2</td><td>0</td><td>0</td>' in text
    assert '<th scope="row">two.example</th><td>1</td><td>0</td><td>0</td><td>1</td>' in text
    assert "2 files came without an address" in text


def test_no_host_is_a_link_or_in_the_title(at_desk: Client, make_item: MakeItem) -> None:
    at(make_item(), "http://one.example/")
    text = page(at_desk)
    assert "one.example" not in text.split("</title>")[0]
    assert 'href="http://one' not in text


def test_second_looks_are_told_with_their_interval(at_desk: Client, make_item: MakeItem) -> None:
    for seed in range(10):
        SecondLook.objects.create(
            item=make_item(seed=seed), was_kept=False, reason="sorted_out", by="per_x", drawn_at=now(), kept=seed == 0
        )
    text = page(at_desk)
    assert "<td>10</td><td>1</td><td>10.0 %</td><td>1.8 % to 40.4 %</td>" in text
    assert "Two people sorted alike: 9 of 10" in text
