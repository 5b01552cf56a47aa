"""Hand one message to the mail server, and nothing else with it."""

import contextlib
import re
import smtplib
import socket
import ssl
import time
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Literal

from openhotline.core.net import names, ranges, sockets
from openhotline.core.net.errors import FetchFailed, MailFailed

_MAILBOX = re.compile(r"^[^\s<>@,;:\"\\\x00-\x1f\x7f]{1,64}@[^\s<>@,;:\"\\\x00-\x1f\x7f]{1,255}$")
_BREAKS = re.compile(r"[\r\n\x00\u2028\u2029]")
_MOST_ANSWERED = 262_144


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in.

    ``loopback_only`` refuses any server that is not on this machine (practice); ``hello`` is the name this
    machine gives itself.
    """

    host: str
    port: int
    tls: Literal["none", "starttls", "tls"] = "starttls"
    username: str = ""
    password: str = ""
    loopback_only: bool = False
    max_seconds: float = 30.0
    hello: str = "localhost"

    def __repr__(self) -> str:
        """Without the password, for logs."""
        return f"MailServer({self.host!r}, {self.port}, tls={self.tls!r})"


def send(message: EmailMessage, *, server: MailServer) -> None:
    """Hand in one message for everyone in its To, Cc and Bcc; all of them or an error.

    Raises:
        MailFailed: a header with a line break, not exactly one sender, no or odd recipients, or the server.
    """
    sender, recipients = _envelope(message)
    if server.username and server.tls == "none" and not server.loopback_only:
        raise MailFailed("A password would be sent in clear. Set tls to starttls or tls; nothing was sent.")
    refused = _handed_in(message, sender, recipients, server)
    if refused:
        raise MailFailed(f"The mail server refused {refused} of {len(recipients)} recipients; the others have it.")


def _envelope(message: EmailMessage) -> tuple[str, list[str]]:
    for name, value in message.raw_items():
        if _BREAKS.search(name) or _BREAKS.search(str(value)):
            raise MailFailed(f"The header {name[:40]!r} has a line break in it. Remove it; nothing was sent.")
    senders = _mailboxes(message, "From")
    if len(senders) != 1:
        raise MailFailed(f"A message has one sender; this one names {len(senders)}. Nothing was sent.")
    recipients = [box for name in ("To", "Cc", "Bcc") for box in _mailboxes(message, name)]
    if not recipients:
        raise MailFailed("The message names no recipient. Nothing was sent.")
    return senders[0], list(dict.fromkeys(recipients))


def _mailboxes(message: EmailMessage, name: str) -> list[str]:
    boxes = [box for _, box in getaddresses([str(value) for value in message.get_all(name, [])])]
    if not all(_MAILBOX.match(box) for box in boxes):
        raise MailFailed(f"The header {name} holds something that is not a mail address. Nothing was sent.")
    return boxes


def _checked_ip(server: MailServer, meter: sockets.Meter) -> str:
    try:
        ips = names.resolve(server.host, meter.left())
    except FetchFailed:
        raise MailFailed(f"The mail server's name {server.host} has no IP address. Check the setting.") from None
    if server.loopback_only and not all(ranges.is_loopback(ip) for ip in ips):
        raise MailFailed("Practice hands mail only to a server on this machine. Nothing was sent.")
    return ips[0]


class _Session(smtplib.SMTP):
    """smtplib on one checked IP address and one meter."""

    def __init__(self, server: MailServer, ip: str, meter: sockets.Meter) -> None:
        self.server = server
        self.ip = ip
        self.meter = meter
        # Without a name of its own, smtplib would look this machine's name up.
        super().__init__(server.host, server.port, local_hostname=server.hello, timeout=server.max_seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 - smtplib's signature
        sock = sockets.connect(self.ip, port, self.meter)
        return self._encrypted(sock, host) if self.server.tls == "tls" else sock

    def _encrypted(self, sock: socket.socket, host: str) -> socket.socket:
        wrapped = sockets.tls_context().wrap_socket(sock, server_hostname=host)
        assert isinstance(wrapped, sockets.MeteredTLS)
        wrapped.meter = self.meter
        return wrapped

    def sign_in(self) -> None:
        """Encrypt and authenticate as the setting says; never continues in clear when it should not."""
        if self.server.tls == "starttls":
            self.starttls(context=sockets.tls_context())
            assert isinstance(self.sock, sockets.MeteredTLS)
            self.sock.meter = self.meter
        if self.server.username:
            self.login(self.server.username, self.server.password)

    def part(self) -> None:
        """Say goodbye. The message is accepted by now; whether the server answers changes nothing."""
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self.quit()


def _handed_in(message: EmailMessage, sender: str, recipients: list[str], server: MailServer) -> int:
    """Hand it in; the number of recipients the server refused while it took the others."""
    meter = sockets.Meter(time.monotonic() + server.max_seconds, _MOST_ANSWERED)
    try:
        session = _Session(server, _checked_ip(server, meter), meter)
        try:
            session.sign_in()
            refused = session.send_message(message, sender, recipients)
            session.part()
        finally:
            session.close()
    except (OSError, smtplib.SMTPException, ValueError, MessageError) as error:
        raise MailFailed(_sentence(error, meter, server), lasting=_lasting(error)) from None
    return len(refused)


def _lasting(error: Exception) -> bool:
    """Say whether every recipient was refused for good (RFC 5321, 4.2.1); else it is worth trying again."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= int(code) < 600 for code, _ in error.recipients.values())
    return False


def _sentence(error: Exception, meter: sockets.Meter, server: MailServer) -> str:
    where = f"The mail server {server.host}:{server.port}"
    if meter.expired or isinstance(error, TimeoutError):
        seconds = f"{server.max_seconds:g} seconds"
        return f"{where} did not finish within {seconds}. It may or may not have the message."
    if isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError):
        return f"{where} cannot do what the setting asks (tls={server.tls}, or mail addresses beyond ASCII)."
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{where} did not accept the user name and password. Check the setting."
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"{where} refused every recipient. Nothing was sent."
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{where} answered {error.smtp_code} and did not take the message."
    return f"{where} did not accept a connection or broke it off ({type(error).__name__})."
