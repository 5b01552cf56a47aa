"""One's own keys."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import KeyChoice
from openhotline.desk.forms import field_of
from openhotline.desk.states import KEY_NAMES, KEYS, QUESTIONS, QUICK_ANSWERS

pytestmark = pytest.mark.django_db
TEMPLATES = Path(__file__).resolve().parents[2]


def filled(**changes: str) -> dict[str, str]:
    """Return the form with the keys that the desk comes with, but for some."""
    keys = {field_of(key): KEY_NAMES.get(key, key) for key in KEYS}
    return {"on": "on"} | keys | {field_of(key): mine for key, mine in changes.items()}


def body(client: Client) -> str:
    """Return the tag of a page that carries the keys."""
    found = re.search("<body[^>]*>", client.get(reverse("desk_home")).content.decode())
    assert found
    return unescape(found.group())


def test_every_page_carries_the_keys_a_person_chose(at_desk: Client) -> None:
    assert at_desk.post(reverse("desk_keys"), filled(d="e")).status_code == 302
    assert f'data-keymap="{json.dumps({"d": "e"})}"' in body(at_desk)
    assert 'data-keys="on"' in body(at_desk)


def test_single_keys_are_off_on_every_machine_once_switched_off(at_desk: Client) -> None:
    assert at_desk.post(reverse("desk_keys_switch"), {"on": "no"}).status_code == 204
    assert 'data-keys="off"' in body(at_desk)


def test_two_things_on_one_key_are_refused_with_a_sentence(at_desk: Client) -> None:
    page = at_desk.post(reverse("desk_keys"), filled(d="x")).content.decode()
    assert "would do two things" in page
    assert not KeyChoice.objects.exists()


def test_holding_can_have_a_letter_and_space_is_written_by_name(at_desk: Client) -> None:
    at_desk.post(reverse("desk_keys"), filled(**{" ": "k", "d": "space"}))
    page = at_desk.post(reverse("desk_keys"), filled(**{" ": "k", "d": "Space"}))
    assert page.status_code == 302
    assert KeyChoice.objects.get().keys == {" ": "k", "d": " "}


def test_the_keys_the_desk_comes_with_come_back(at_desk: Client) -> None:
    at_desk.post(reverse("desk_keys"), filled(d="e"))
    at_desk.post(reverse("desk_keys"), {"reset": "yes"})
    assert KeyChoice.objects.get().keys == {}


def test_every_key_in_a_page_of_the_desk_can_be_chosen_anew() -> None:
    pages = [*TEMPLATES.glob("desk/templates/desk/*.html"), TEMPLATES / "core/templates/core/base_desk.html"]
    written = {key for page in pages for key in re.findall(r'data-key="([^"{]+)"', page.read_text())}
    choices = {choice.key for question in QUESTIONS for choice in question.choices if choice.key}
    assert written | choices | {quick.key for quick in QUICK_ANSWERS} <= set(KEYS)
