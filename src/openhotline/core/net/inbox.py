"""Bring in what came to a mailbox, over IMAP (RFC 3501): whole messages as bytes, within bounds."""

import imaplib
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal

from openhotline.core.net import names, ranges, sockets
from openhotline.core.net.errors import FetchFailed, MailFailed

_MOST_BYTES = 64 * 1024 * 1024
_LONGEST = 4 * 1024 * 1024


@dataclass(frozen=True)
class Mailbox:
    """Where mail comes in. ``loopback_only`` refuses any server that is not on this machine (practice)."""

    host: str
    port: int
    username: str
    password: str
    tls: Literal["none", "tls"] = "tls"
    folder: str = "INBOX"
    loopback_only: bool = False
    max_seconds: float = 60.0

    def __repr__(self) -> str:
        """Without name and password, for logs."""
        return f"Mailbox({self.host!r}, {self.port}, tls={self.tls!r})"


@dataclass(frozen=True)
class Letter:
    """One message: its number in the mailbox, and its bytes; b"" where it is longer than 4 MiB."""

    uid: str
    content: bytes


class Inbox:
    """An open mailbox, inside ``opened``."""

    def __init__(self, session: imaplib.IMAP4) -> None:
        self._session = session

    def unseen(self, most: int) -> Iterator[Letter]:
        """Yield at most so many messages that are not marked seen, oldest first; reading them marks nothing."""
        found = self._asked("SEARCH", "UNSEEN")
        for uid in (found[0] or b"").split()[:most]:
            yield Letter(uid.decode(), self._content(uid.decode()))

    def mark_seen(self, uid: str) -> None:
        """Say that a message was kept, so that it is not brought in again."""
        self._asked("STORE", uid, "+FLAGS.SILENT", "(\\Seen)")

    def _content(self, uid: str) -> bytes:
        size = _size_in(self._asked("FETCH", uid, "(RFC822.SIZE)"))
        if size > _LONGEST:
            return b""
        answer = self._asked("FETCH", uid, "(BODY.PEEK[])")
        return next((bytes(part[1]) for part in answer if isinstance(part, tuple)), b"")

    def _asked(self, command: str, *arguments: str) -> list[Any]:
        status, answer = self._session.uid(command, *arguments)
        if status != "OK":
            raise MailFailed(f"The mailbox refused {command}. Nothing more was read.")
        return list(answer)


def _size_in(answer: list[Any]) -> int:
    text = b" ".join(part if isinstance(part, bytes) else part[0] for part in answer).upper()
    digits = text.partition(b"RFC822.SIZE")[2].strip().split(b")")[0].split()
    return int(digits[0]) if digits and digits[0].isdigit() else 0


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[Inbox]:
    """Sign in, open the folder, and sign out. Raises MailFailed with a sentence for the operator."""
    where = f"The mailbox at {mailbox.host}:{mailbox.port}"
    meter = sockets.Meter(time.monotonic() + mailbox.max_seconds, _MOST_BYTES)
    try:
        session = _Session(mailbox, _checked_ip(mailbox), meter)
        try:
            session.login(mailbox.username, mailbox.password)
            if session.select(mailbox.folder)[0] != "OK":
                raise MailFailed(f"{where} has no folder {mailbox.folder!r}. Check the setting.")
            yield Inbox(session)
            with suppress(OSError, imaplib.IMAP4.error):
                session.logout()
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                session.shutdown()
    except (OSError, ssl.SSLError) as error:
        in_time = not (meter.expired or isinstance(error, TimeoutError))
        late = f"did not finish within {mailbox.max_seconds:g} seconds"
        did = "did not accept a connection or broke it off" if in_time else late
        raise MailFailed(f"{where} {did}.") from None
    except imaplib.IMAP4.error:
        raise MailFailed(f"{where} did not accept the name and password, or what was asked.") from None


def _checked_ip(mailbox: Mailbox) -> str:
    try:
        ips = names.resolve(mailbox.host, mailbox.max_seconds)
    except FetchFailed:
        raise MailFailed(f"The mailbox's server {mailbox.host} has no IP address. Check the setting.") from None
    on_this_machine = all(ranges.is_loopback(ip) for ip in ips)
    if mailbox.loopback_only and not on_this_machine:
        raise MailFailed("Practice reads mail only from this machine. Nothing was read.")
    if mailbox.tls == "none" and not on_this_machine:
        raise MailFailed("The password would be sent in clear. Name a port with TLS for the mailbox; nothing was read.")
    return ips[0]


class _Session(imaplib.IMAP4):
    """imaplib on one checked IP address and one meter."""

    def __init__(self, mailbox: Mailbox, ip: str, meter: sockets.Meter) -> None:
        self._mailbox, self._ip, self._meter = mailbox, ip, meter
        super().__init__(mailbox.host, mailbox.port, timeout=mailbox.max_seconds)

    def _create_socket(self, _timeout: float | None) -> socket.socket:
        sock = sockets.connect(self._ip, self._mailbox.port, self._meter)
        if self._mailbox.tls == "none":
            return sock
        wrapped = sockets.tls_context().wrap_socket(sock, server_hostname=self._mailbox.host)
        assert isinstance(wrapped, sockets.MeteredTLS)
        wrapped.meter = self._meter
        return wrapped
