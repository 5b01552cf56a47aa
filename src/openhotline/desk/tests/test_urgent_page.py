"""Telling the police at once from the desk."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.referral.models import UrgentReferral

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
WORDS = "A child in that flat may be in danger now."


def test_an_analyst_sends_at_once_and_another_signs(sign_in: SignIn, analyst: Person, senior: Person) -> None:
    mine = sign_in(analyst)
    told = mine.post(reverse("desk_urgent_send"), {"words": WORDS, "key": "k"}, follow=True).content.decode()
    assert "Call the police too" in told
    assert "Somebody else has to sign it" in told
    sent = UrgentReferral.objects.get()
    theirs = sign_in(senior)
    page = theirs.get(reverse("desk_urgent")).content.decode()
    assert WORDS in page
    assert "I read it and sign" in page
    asked = {"urgent": sent.public_id, "content": sent.content_sha256}
    assert "You signed it" in theirs.post(reverse("desk_urgent_sign"), asked, follow=True).content.decode()


def test_too_few_words_are_told(at_desk: Client) -> None:
    told = at_desk.post(reverse("desk_urgent_send"), {"words": "help", "key": "k"}).content.decode()
    assert "who is in danger, where, and how you know" in told
