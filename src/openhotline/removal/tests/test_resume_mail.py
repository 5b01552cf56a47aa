"""A person lets notices go out again; what went out before is not sent twice."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.removal.commands import app
from openhotline.removal.models import MailHold, Notice, Removal
from openhotline.removal.services.hold_mail import hold_mail
from openhotline.removal.services.resume_mail import Resumed, resume_mail
from openhotline.removal.services.send_notices import send_notices
from openhotline.removal.states import RemovalState

pytestmark = pytest.mark.django_db

Due = Callable[[int], list[Removal]]


def send(now: datetime) -> list[Notice]:
    return send_notices(ids=list(Removal.objects.values_list("pk", flat=True)), actor="step:x", now=now)


@pytest.fixture
def waiting(due: Due, box: Any, now: datetime) -> Notice:
    """As a backup shows it: the notice is made and not sent; the mail server sent it a minute later."""
    due(2)
    box.busy = True
    send(now)
    box.busy = False
    hold_mail(actor="test", now=now)
    return Notice.objects.get()


def test_what_the_log_names_counts_as_sent_and_is_not_sent_again(
    waiting: Notice, box: Any, manager: Person, now: datetime
) -> None:
    log = f"Nov 21 12:01:00 mx postfix: 4F2: message-id={waiting.message_id}\n"
    assert resume_mail(sent=log, actor=manager, now=now) == Resumed(sent_before=1, to_send=0)
    send(now)
    assert box.messages == []
    assert set(Removal.objects.values_list("state", flat=True)) == {RemovalState.NOTICED}
    assert Record.objects.get(action="mail_resumed").detail == {"sent_before": 1, "to_send": 0}


def test_what_the_log_does_not_name_goes_out_once(waiting: Notice, box: Any, manager: Person, now: datetime) -> None:
    assert resume_mail(sent="", actor=manager, now=now) == Resumed(sent_before=0, to_send=1)
    send(now)
    send(now)
    assert [message["Message-ID"] for message in box.messages] == [waiting.message_id]


def test_only_a_hold_can_be_ended(manager: Person, now: datetime) -> None:
    with pytest.raises(NotNow, match="not held"):
        resume_mail(sent="", actor=manager, now=now)


def test_an_analyst_does_not_resume(waiting: Notice, analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        resume_mail(sent="", actor=analyst, now=now)
    assert MailHold.objects.filter(ended_at=None).exists()


def test_as_it_is_typed(waiting: Notice, manager: Person, tmp_path: Path) -> None:
    shown = CliRunner().invoke(app, ["status"])
    assert (shown.exit_code, waiting.message_id in shown.output) == (1, True)
    (tmp_path / "mail.log").write_text(waiting.message_id)
    words = ["resume", "--sent-log", str(tmp_path / "mail.log"), "--by"]
    assert CliRunner().invoke(app, [*words, "nobody"]).exit_code == 2
    assert "1 notices had gone out before; 0 go out now" in CliRunner().invoke(app, [*words, "manager"]).output
    assert CliRunner().invoke(app, ["status", "--json"]).output == '{"held_since": null, "waiting": []}\n'
