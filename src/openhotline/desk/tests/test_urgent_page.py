"""Telling the police at once from the desk."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.assessment.models import Decision
from openhotline.core import clock
from openhotline.core.jobs import drain
from openhotline.desk.tests.test_assess_page import LETTER_A, decide, open_page
from openhotline.evidence.models import Item
from openhotline.referral.models import UrgentDraft, UrgentReferral

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


@pytest.fixture
def draft(at_desk: Client, queued: list[Item], analyst: Person) -> UrgentDraft:
    """What follows when the analyst finds a real picture altered."""
    decide(at_desk, open_page(at_desk), LETTER_A | {"ai_involvement": "real_picture_altered"})
    drain()
    return UrgentDraft.objects.get()


def test_an_altered_real_picture_has_its_words_ready_before_any_decision(
    draft: UrgentDraft, at_desk: Client, sign_in: SignIn, senior: Person
) -> None:
    assert not Decision.objects.exists()
    page = at_desk.get(reverse("desk_urgent")).content.decode()
    assert "Drafted because a flag was raised" in page
    assert draft.flag.assessment.item.public_id in page
    assert "Do not send it" not in page
    assert "Do not send it" in sign_in(senior).get(reverse("desk_urgent")).content.decode()
    assert "Words for the police lie ready" in at_desk.get(reverse("desk_handover")).content.decode()


def test_a_draft_is_sent_in_the_words_of_who_sends_it(draft: UrgentDraft, at_desk: Client) -> None:
    at_desk.post(reverse("desk_urgent_send"), {"words": WORDS, "key": "k", "draft": draft.public_id})
    assert WORDS in UrgentReferral.objects.get(draft=draft).content
    assert "Drafted because" not in at_desk.get(reverse("desk_urgent")).content.decode()


def test_a_draft_is_left_by_who_handles_referrals(
    draft: UrgentDraft, at_desk: Client, sign_in: SignIn, senior: Person
) -> None:
    assert at_desk.post(reverse("desk_urgent_leave"), {"draft": draft.public_id}).status_code == 403
    page = sign_in(senior).post(reverse("desk_urgent_leave"), {"draft": draft.public_id}, follow=True).content.decode()
    assert "Left unsent." in page
    assert not UrgentReferral.objects.exists()


def test_what_the_police_answer_is_written_down_and_shown(
    at_desk: Client, sign_in: SignIn, senior: Person, manager: Person
) -> None:
    at_desk.post(reverse("desk_urgent_send"), {"words": WORDS, "key": "k"})
    said = {"urgent": UrgentReferral.objects.get().public_id, "says": "have_it", "words": "Their number is 7."}
    assert at_desk.post(reverse("desk_urgent_answer"), said).status_code == 403
    page = sign_in(senior).post(reverse("desk_urgent_answer"), said, follow=True).content.decode()
    assert "Written down." in page
    assert "They have it and see to it." in page
    assert "no decision is put in question by it" in page
    assert "Their number is 7." in page
    assert "Their number is 7." not in at_desk.get(reverse("desk_urgent")).content.decode()
    assert sign_in(manager).post(reverse("desk_urgent_answer"), said | {"says": "no"}).status_code == 404


def test_who_signed_in_long_ago_proves_it_and_finds_their_words_again(analyst: Person) -> None:
    """Nothing is sent before, and nothing of it lies in clear in the session."""
    browser = Client()
    browser.force_login(analyst)
    clock.advance(timedelta(minutes=11))
    place = {"referer": f"http://testserver{reverse('desk_urgent')}"}
    told = browser.post(reverse("desk_urgent_send"), {"words": WORDS, "report": "rep_1", "key": "k"}, headers=place)
    assert told["Location"] == f"{reverse('prove')}?next=%2Fdesk%2Furgent%2F"
    assert not UrgentReferral.objects.exists()
    assert WORDS not in json.dumps(dict(browser.session))
    browser.post(reverse("account_reauthenticate"), {"password": "practice", "next": reverse("desk_urgent")})
    pages = [browser.get(reverse("desk_urgent")).content.decode() for _ in range(2)]
    assert [WORDS in page for page in pages] == [True, False]
    browser.post(reverse("desk_urgent_send"), {"words": WORDS, "key": "k"})
    assert UrgentReferral.objects.count() == 1


def test_of_a_draft_too_the_words_are_there_again(draft: UrgentDraft, analyst: Person) -> None:
    browser = Client()
    browser.force_login(analyst)
    clock.advance(timedelta(minutes=11))
    browser.post(reverse("desk_urgent_send"), {"words": WORDS, "key": "k", "draft": draft.public_id})
    browser.post(reverse("account_reauthenticate"), {"password": "practice"})
    assert browser.get(reverse("desk_urgent")).content.decode().count(WORDS) == 1
