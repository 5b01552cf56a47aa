"""An invitation by mail."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.conf import LazySettings

from openhotline.accounts.models import Person
from openhotline.accounts.services.send_invitation import send_invitation
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed
from openhotline.core.net.errors import MailFailed

pytestmark = pytest.mark.django_db


class Kept(Message):
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_message(self, message: object) -> None:
        """Keep one message."""
        self.texts.append(str(message))


class Anywhere(Controller):
    """On whatever port is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mails(settings: LazySettings) -> Iterator[list[str]]:
    """What the mail server got."""
    handler = Kept()
    controller = Anywhere(handler, hostname="127.0.0.1", port=0)
    controller.start()
    settings.MAIL = {"host": "127.0.0.1", "port": controller.port, "from": "desk@hotline.example"}
    yield handler.texts
    controller.stop()


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
