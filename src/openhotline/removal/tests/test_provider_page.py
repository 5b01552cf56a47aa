"""The page on which receivers of notices answer, at the public door."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.removal.models import Notice, ProviderAnswer, Removal, code_of

pytestmark = pytest.mark.django_db
SENT = "Your answer was sent"
CANNOT = "This code cannot be used"


def post(stranger: Client, **typed: str) -> str:
    return stranger.post(reverse("provider"), {"said": "removed", "text": "", **typed}).content.decode()


def test_a_code_answers_once_and_then_looks_like_any_other(
    noticed: Callable[[int], list[Removal]], stranger: Client, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    noticed(1)
    monkeypatch.setattr("openhotline.removal.views.provider.now", lambda: now)
    code = code_of(Notice.objects.get().public_id)
    assert SENT in post(stranger, code=code)
    again, never = (post(stranger, code=one) for one in (code, "AAAAA-AAAAA-AAAAA-AAAAA"))
    assert CANNOT in again
    assert again.replace(code, "") == never.replace("AAAAA-AAAAA-AAAAA-AAAAA", "")
    assert ProviderAnswer.objects.count() == 1


def test_the_page_says_nothing_of_any_notice(
    noticed: Callable[[int], list[Removal]], stranger: Client, now: datetime
) -> None:
    before = stranger.get(reverse("provider")).content
    noticed(1)
    assert stranger.get(reverse("provider")).content == before


def test_what_is_missing_is_said_and_a_picture_is_not_taken(stranger: Client) -> None:
    assert "Write the code" in post(stranger)
    page = post(stranger, code="AAAAA", text=f"data:image/png;base64,{'iVBORw0KGgo' * 20}")
    assert "A picture was left out" in page
    assert "iVBOR" not in page
