"""An invitation goes out by mail."""

from datetime import datetime
from email.message import EmailMessage

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_can_invite, name_of
from openhotline.audit.services.record import record
from openhotline.core.mail_server import hand_in


def send_invitation(*, person: Person, link: str, to: str, actor: Person | None, now: datetime) -> None:
    """Mail the link to an address, which is kept nowhere. Raises MailFailed when the server does not take it.

    The mail names neither role nor what is done here: whoever reads somebody's mail learns nothing but a link.
    """
    check_can_invite(actor)
    message = EmailMessage()
    message["From"] = str(settings.MAIL["from"])
    message["To"] = to
    message["Subject"] = "Your sign-in"
    message.set_content(render_to_string("accounts/invitation.txt", {"link": link, "hotline": settings.HOTLINE}))
    with transaction.atomic():
        record(actor=name_of(actor), action="invitation_sent", subject=person.public_id, now=now)
    # After the commit: a server that is slow must not hold a lock, and a line too many in the log is no harm.
    hand_in(message)
