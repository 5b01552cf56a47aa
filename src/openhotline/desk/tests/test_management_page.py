"""How work goes: of nobody alone, as pictures with their tables and as CSV."""

import csv
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.assessment.models import Decision
from openhotline.assessment.services.publish_decisions import publish_decisions
from openhotline.core.clock import now
from openhotline.desk.tests.conftest import SignIn
from openhotline.desk.tests.test_assess_page import NOT_CRIMINAL, decide, open_page
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
    assert "How long the oldest has waited" in page
    assert analyst.name not in page.split("<main")[1]
    rows = list(csv.DictReader(lead.get(reverse("desk_management_csv")).content.decode().splitlines()))
    assert len(rows) == 8
    assert rows[-1]["decided"] == "1"
