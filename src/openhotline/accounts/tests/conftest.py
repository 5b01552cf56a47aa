"""People who come and go."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, Protocol

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.conf import LazySettings, settings
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Approval, Person
from openhotline.accounts.services.approve_role import approve_role
from openhotline.accounts.services.invite_person import invite_person
from openhotline.accounts.states import ApprovalState, Role
from openhotline.core.clock import now as clock_now


class Agree(Protocol):
    """Approves, as the operator, what waits about somebody."""

    def __call__(self, person: Person, at: datetime = ...) -> Person | str:
        """Return the person whose role was changed, or the code of a link."""


@pytest.fixture
def invited(manager: Person, now: datetime) -> tuple[Person, str]:
    """Somebody who is to be an analyst, and the token of their link, which nobody has approved yet."""
    return invite_person(username="sam", name="Sam", role=Role.ANALYST, practice=True, actor=manager, now=now)


@pytest.fixture
def agree(operator: Person, now: datetime) -> Agree:
    """The operator approves what waits about somebody."""

    def agreed(person: Person, at: datetime = now) -> Person | str:
        waiting = Approval.objects.get(subject=person.public_id, state=ApprovalState.ASKED)
        seen = waiting.manifest_sha256
        return approve_role(approval_id=waiting.pk, manifest_sha256=seen, actor=operator, now=at)

    return agreed


class Welcome(NamedTuple):
    """What somebody holds who may come in: the token of their link, and the code that the operator told them."""

    token: str
    code: str


@pytest.fixture
def welcome(invited: tuple[Person, str], agree: Agree) -> Welcome:
    """The same link, once the operator has approved it."""
    return Welcome(invited[1], str(agree(invited[0])))


@pytest.fixture
def at_work(analyst: Person) -> Client:
    """The analyst's browser, signed in."""
    client = Client()
    client.force_login(analyst)
    return client


@pytest.fixture
def link(manager: Person, agree: Agree) -> Welcome:
    """The path of a link that is good today, for somebody called Sam, and its code."""
    who = {"username": "sam", "name": "Sam", "role": Role.ANALYST}
    sam, token = invite_person(**who, practice=settings.PRACTICE, actor=manager, now=clock_now())
    code = str(agree(sam, clock_now()))
    return Welcome(reverse("join", args=[token]), code)


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
