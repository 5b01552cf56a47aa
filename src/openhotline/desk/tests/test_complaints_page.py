"""The log of complaints."""

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.assessment.models import Complaint
from openhotline.desk.tests.conftest import SignIn

pytestmark = pytest.mark.django_db


def test_an_analyst_writes_it_down_and_a_manager_answers(at_desk: Client, manager: Person, sign_in: SignIn) -> None:
    form = {"source": "public", "what": "Nobody answered.", "about": ""}
    assert at_desk.post(reverse("desk_complaints"), form).status_code == 302
    row = Complaint.objects.get()
    assert "Upheld</button>" not in at_desk.get(reverse("desk_complaints")).content.decode()
    told = {"complaint": row.public_id, "finding": "upheld"}
    assert at_desk.post(reverse("desk_complaint_answer"), told).status_code == 403
    sign_in(manager).post(reverse("desk_complaint_answer"), told)
    assert "Upheld" in at_desk.get(reverse("desk_complaints")).content.decode()


def test_an_id_that_names_nothing_is_said_beside_its_field(at_desk: Client) -> None:
    page = at_desk.post(reverse("desk_complaints"), {"source": "site", "what": "x", "about": "dec_none"})
    assert "is no decision and no report" in page.content.decode()
    assert not Complaint.objects.exists()
