"""How far blind opinions agree, on a page and as CSV."""

import csv

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.assessment.models import Turn
from openhotline.core.clock import now
from openhotline.desk.tests.conftest import SignIn
from openhotline.desk.tests.test_assess_page import LETTER_A, decide, open_page
from openhotline.evidence.models import Item

pytestmark = pytest.mark.django_db


def test_before_there_are_pairs_the_page_says_so(at_desk: Client) -> None:
    assert "No picture has two opinions yet." in at_desk.get(reverse("desk_agreement")).content.decode()


def test_a_manager_sees_questions_and_months_and_nobody_s_name(
    at_desk: Client, analyst: Person, other_analyst: Person, manager: Person, sign_in: SignIn, queued: list[Item]
) -> None:
    Turn.objects.exclude(item=queued[0]).delete()
    decide(at_desk, open_page(at_desk), LETTER_A)
    other = sign_in(other_analyst)
    decide(other, open_page(other), LETTER_A | {"severity": "C"})
    page = sign_in(manager).get(reverse("desk_agreement")).content.decode()
    assert "Severity letter: 0 % of 1, alpha 0.00" in page
    assert "Is a real child involved" not in page
    assert analyst.name not in page
    assert other_analyst.name not in page
    answer = sign_in(manager).get(reverse("desk_agreement_csv"))
    rows = list(csv.reader(answer.content.decode().splitlines()))
    assert rows[0] == ["question", "pairs", "percent", "alpha", "alpha_low", "alpha_high"]
    assert next(row for row in rows if row[0] == "Severity letter")[:4] == ["Severity letter", "1", "0.000", "0.000"]
    months = sign_in(manager).get(reverse("desk_agreement_csv"), {"of": "months"}).content.decode().splitlines()
    assert months == ["month,pairs,percent,alpha", f"{now():%Y-%m},1,0.000,0.000"]
    assert "By month</caption>" in page
