"""The one mail server that this installation hands its mail to."""

from email.message import EmailMessage

from django.conf import settings

from openhotline.core.net import mail


def hand_in(message: EmailMessage) -> None:
    """Hand a message to the mail server of the settings; in practice only to one on this machine. Raises MailFailed."""
    server = mail.MailServer(
        str(settings.MAIL["host"]),
        int(str(settings.MAIL["port"])),
        tls="none" if settings.PRACTICE else "starttls",
        loopback_only=settings.PRACTICE,
    )
    mail.send(message, server=server)
