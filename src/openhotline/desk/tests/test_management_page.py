"""How work goes: of nobody alone, as pictures with their tables and as CSV."""

import csv
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.assessment.models import Decision, Turn
from openhotline.assessment.services.publish_decisions import publish_decisions
from openhotline.core.clock import now
from openhotline.desk.tests.conftest import SignIn
from openhotline.desk.tests.test_assess_page import LETTER_A, NOT_CRIMINAL, decide, open_page
from openhotline.evidence.models import Item

pytestmark = pytest.mark.django_db


def test_a_manager_sees_queues_and_weeks_and_nobody_s_name(
    at_desk: Client, analyst: Person, manager: Person, sign_in: SignIn, queued: list[Item]
) -> None:
    decide(at_desk, open_page(at_desk), NOT_CRIMINAL)
    publish_decisions(actor="test", now=now() + timedelta(minutes=1))
    Decision.objects.update(made_at=now() - timedelta(days=1))
    lead = sign_in(manager)
    page = lead.get(reverse("desk_management")).content.decode()
    assert "How much waits" in page
    assert "How long the oldest has waited" in page
    assert analyst.name not in page.split("<main")[1]
    rows = list(csv.DictReader(lead.get(reverse("desk_management_csv")).content.decode().splitlines()))
    assert len(rows) == 8
    assert rows[-1]["decided"] == "1"


def test_the_queues_are_a_table_for_other_programs_too(manager: Person, sign_in: SignIn, queued: list[Item]) -> None:
    answer = sign_in(manager).get(reverse("desk_management_csv"), {"of": "queues"}).content.decode()
    rows = {row["queue"]: row for row in csv.DictReader(answer.splitlines())}
    assert rows["Pictures to assess"]["waiting"] == "3"
    assert rows["Pictures to assess"]["oldest_since"].endswith("+00:00")
    assert rows["Stacks for a sorting sheet"]["waiting"] == "3"
    assert rows["Stacks for a sorting sheet"]["oldest_since"].endswith("+00:00")
    assert rows["Reports for a person"] == {"queue": "Reports for a person", "waiting": "0", "oldest_since": ""}


def test_a_manager_appoints_who_settles_what_nobody_is_left_to_settle(
    at_desk: Client, senior: Person, other_analyst: Person, manager: Person, sign_in: SignIn, queued: list[Item]
) -> None:
    decide(at_desk, open_page(at_desk), LETTER_A)
    Turn.objects.filter(opinion="first").delete()
    decide(sign_in(senior), open_page(sign_in(senior)), NOT_CRIMINAL)
    turn, lead = Turn.objects.get(opinion="third"), sign_in(manager)
    page = lead.get(reverse("desk_management")).content.decode()
    assert "Nobody is left to settle it" in page
    assert f'value="{other_analyst.public_id}"' in page
    assert f'value="{senior.public_id}"' not in page
    lead.post(reverse("desk_appoint"), {"turn": turn.pk, "person": other_analyst.public_id})
    assert "Nobody is left to settle it" not in lead.get(reverse("desk_management")).content.decode()
    assert "Your opinion settles it" in sign_in(other_analyst).post(reverse("desk_next"), follow=True).content.decode()
