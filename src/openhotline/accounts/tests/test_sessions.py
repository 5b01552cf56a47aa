"""The table of sessions lets nobody in who reads it."""

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.test import Client

from openhotline.accounts import sessions
from openhotline.accounts.models import Person
from openhotline.accounts.sessions import SessionStore, row_key_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(analyst: Person) -> Client:
    """The analyst's browser."""
    browser = Client()
    browser.force_login(analyst)
    return browser


def opens(cookie: str) -> bool:
    """Say whether a cookie of this value is somebody's session."""
    return "_auth_user_id" in SessionStore(cookie)


def test_what_lies_in_the_table_is_no_cookie(signed_in: Client) -> None:
    """The thief of a copy of the database brings each key that is in it to the desk."""
    cookie = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    rows = list(Session.objects.values_list("session_key", flat=True))
    assert opens(cookie)
    assert len(rows) == 1
    assert cookie not in rows
    assert not any(opens(row) for row in rows)


def test_planted_bug_a_row_under_the_cookie_is_seen(analyst: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """With Django's own keys the thief is in, and the test above would say so."""
    monkeypatch.setattr(sessions, "row_key_of", lambda key: key)
    Client().force_login(analyst)
    assert [opens(row) for row in Session.objects.values_list("session_key", flat=True)] == [True]


def test_the_desk_uses_it(signed_in: Client) -> None:
    assert isinstance(signed_in.session, SessionStore)


def test_a_session_is_changed_renewed_and_ended_in_its_one_row() -> None:
    one = SessionStore()
    one["said"] = "first"
    one.save()
    before = one.session_key
    again = SessionStore(before)
    again["said"] = "second"
    again.save()
    again.cycle_key()
    assert again.session_key != before
    assert (Session.objects.count(), SessionStore(before).load(), SessionStore(again.session_key).load()) == (
        1,
        {},
        {"said": "second"},
    )
    again.flush()
    assert not Session.objects.exists()


def test_a_key_that_nobody_gave_out_is_not_taken_over() -> None:
    brought = SessionStore("a" * 32)
    brought["said"] = "mine"
    brought.save()
    assert brought.session_key != "a" * 32
    assert not SessionStore().exists("a" * 32)


def test_asked_the_asynchronous_way_it_is_the_same_row() -> None:
    async def whole_way() -> tuple[bool, bool, object, bool]:
        one = SessionStore()
        await one.aset("said", "first")
        await one.asave()
        key = str(one.session_key)
        there = (await one.aexists(key), await one.aexists(row_key_of(key)), await SessionStore(key).aget("said"))
        await one.adelete()
        return (*there, await one.aexists(key))

    assert async_to_sync(whole_way)() == (True, False, "first", False)


def test_what_django_would_do_elsewhere_is_there_for_each() -> None:
    """A method of a newer Django that asks the table by key is looked at before it is used."""
    asking = {name for name in vars(db.SessionStore) if not name.startswith("__")}
    assert asking - set(vars(SessionStore)) == {
        "get_model_class", "model", "load", "aload", "create", "acreate", "save", "asave", "clear_expired",
        "aclear_expired",
    }  # fmt: skip
