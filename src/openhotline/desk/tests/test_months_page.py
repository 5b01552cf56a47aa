"""Numbers by month at the desk: pictures, tables under them, and CSV; and the button that publishes a report."""

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cast import MakeItem
from openhotline.accounts.models import Person
from openhotline.core.clock import now
from openhotline.statistics.models import PublishedReport
from openhotline.statistics.services.roll_up import roll_up

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]


def test_months_are_shown_with_a_table_under_each_picture(at_desk: Client, make_item: MakeItem) -> None:
    make_item()
    roll_up(actor="step:tick", now=now())
    shown = at_desk.get(reverse("desk_months")).content.decode()
    assert "Files found" in shown
    assert "<svg" in shown
    assert "The same as a table" in shown
    assert f"{now():%Y}-Q" in shown


def test_before_anything_was_counted_the_page_says_so(at_desk: Client) -> None:
    shown = at_desk.get(reverse("desk_months")).content.decode()
    assert "Nothing has been counted by day yet" in shown
    assert "Nothing was counted in these months." in shown


def test_the_same_as_csv(at_desk: Client, make_item: MakeItem) -> None:
    make_item()
    roll_up(actor="step:tick", now=now())
    rows = list(csv.DictReader(io.StringIO(at_desk.get(reverse("desk_months_csv")).content.decode())))
    assert ("found", "files", "1") in {(row["series"], row["unit"], row["count"]) for row in rows}


def test_a_manager_publishes_a_report_and_a_wrong_period_is_a_sentence(sign_in: SignIn, manager: Person) -> None:
    desk = sign_in(manager)
    told = desk.post(reverse("desk_report_publish"), {"period": "2026-10"}, follow=True).content.decode()
    assert "The report on 2026-10 is published." in told
    assert PublishedReport.objects.get().published_by == manager.public_id
    assert "is no period" in desk.post(reverse("desk_report_publish"), {"period": "soon"}).content.decode()
