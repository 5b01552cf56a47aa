"""Police holds that have run out are told by mail to whoever is on call."""

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

from django.conf import settings
from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.net.errors import MailFailed
from openhotline.removal.models import Hold
from openhotline.removal.queries.holding import holds_run_out
from openhotline.removal.services.send_notices import hand_in

SUBJECT = "Something waits at the desk"
MOST = 500


def mail_holds(*, actor: str, now: datetime, deliver: Callable[[EmailMessage], object] = hand_in) -> int:
    """Write to the mailbox of whoever is on call that holds have run out, once each; return how many were told.

    Nothing else happens, and no notice goes out: the mail says how many wait, names no address and no police. What the
    mail server does not take is tried again the next time; a worker that dies in between says it twice.
    """
    to = settings.ON_CALL_MAIL
    holds = list(holds_run_out(now).filter(mailed_at=None)[:MOST]) if to else []
    if not holds:
        return 0
    try:
        deliver(_message(len(holds), to))
    except MailFailed:
        # The desk shows it in red all the while.
        return 0
    keys = [one.pk for one in holds]
    with transaction.atomic():
        Hold.objects.filter(pk__in=keys).update(mailed_at=now)
        record(actor=actor, action="holds_told_by_mail", subject="removals", ids=keys, now=now)
    return len(keys)


def _message(many: int, to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = str(settings.MAIL["from"]), to, SUBJECT
    message.set_content(
        f"{many} {'hold has' if many == 1 else 'holds have'} run out. Nothing was sent by that, and nothing will be: a "
        "person decides.\n\nSign in and open Removals.\n"
    )
    return message
