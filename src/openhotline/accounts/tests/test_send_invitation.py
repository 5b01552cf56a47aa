"""An invitation by mail."""

from datetime import datetime

import pytest
from django.conf import LazySettings

from openhotline.accounts.models import Person
from openhotline.accounts.services.send_invitation import send_invitation
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed
from openhotline.core.net.errors import MailFailed

pytestmark = pytest.mark.django_db


def test_the_mail_holds_the_link_and_nothing_of_the_person(
    mails: list[str], invited: tuple[Person, str], manager: Person, now: datetime
) -> None:
    link = "http://localhost/desk/join/abc/"
    send_invitation(person=invited[0], link=link, to="sam@post.example", actor=manager, now=now)
    assert link in mails[0]
    assert not any(word in mails[0] for word in ("analyst", invited[0].public_id, manager.name))


def test_the_log_says_that_it_went_and_not_where(
    mails: list[str], invited: tuple[Person, str], manager: Person, now: datetime
) -> None:
    send_invitation(person=invited[0], link="http://x/", to="sam@post.example", actor=manager, now=now)
    row = Record.objects.get(action="invitation_sent")
    assert (row.subject, row.detail) == (invited[0].public_id, {})


def test_a_server_that_is_away_is_a_sentence(
    invited: tuple[Person, str], manager: Person, now: datetime, settings: LazySettings
) -> None:
    settings.MAIL = {"host": "127.0.0.1", "port": 1, "from": "desk@hotline.example"}
    with pytest.raises(MailFailed):
        send_invitation(person=invited[0], link="http://x/", to="sam@post.example", actor=manager, now=now)


def test_an_analyst_sends_none(invited: tuple[Person, str], analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        send_invitation(person=invited[0], link="http://x/", to="sam@post.example", actor=analyst, now=now)
