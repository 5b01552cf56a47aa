"""Who is on call is told by mail that something cannot wait, one step after the other until somebody looks after it."""

import logging
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from openhotline.accounts.policies import call_due
from openhotline.accounts.queries import on_call_at
from openhotline.audit.services.record import record
from openhotline.core.held_back import held_back
from openhotline.core.mail_server import hand_in
from openhotline.core.net.errors import MailFailed

log = logging.getLogger("openhotline.accounts")


def call_on_call(*, since: Sequence[datetime], actor: str, now: datetime) -> int:
    """Mail everybody on call whose step has come for what waits ``since`` then; return how many mails went out.

    The mail says that something cannot wait and nothing more. One that the server does not take is tried again at the
    next call of this; one that went out when this process died goes out again. Nobody is told while mail is held back.
    """
    if held_back():
        return 0
    due = [
        row
        for row in on_call_at(now)
        if row.mail and call_due(row.step, since=since, called_at=row.called_at, now=now) and _sent(str(row.mail))
    ]
    # After the sending: a server that is slow must not hold a lock.
    for row in due:
        with transaction.atomic():
            row.called_at = now
            row.save(update_fields=["called_at"])
            record(actor=actor, action="on_call_told", subject=row.person.public_id, now=now)
    return len(due)


def _sent(to: str) -> bool:
    message = EmailMessage()
    message["From"], message["To"] = str(settings.MAIL["from"]), to
    message["Subject"] = "You are on call"
    message.set_content(render_to_string("accounts/on_call.txt", {"hotline": settings.HOTLINE}))
    try:
        hand_in(message)
    except MailFailed as failed:
        log.warning("a mail to somebody on call did not go out: %s", failed)
        return False
    return True
