"""Handing in mail, to a real SMTP server on this machine."""

import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from openhotline.core.net import mail, ranges
from openhotline.core.net.errors import MailFailed
from openhotline.core.net.mail import MailServer, send


class Box:
    """Keeps what is handed in."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []

    async def handle_RCPT(self, *said: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take every recipient but the unknown ones."""
        _, _, envelope, address, _ = said
        if address.startswith("unknown"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, *said: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the message with its envelope."""
        self.envelopes.append(said[2])
        return "250 OK"


class Anywhere(Controller):
    """On whatever port is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def box() -> Iterator[tuple[Box, MailServer]]:
    kept = Box()
    controller = Anywhere(kept, hostname="127.0.0.1", port=0)
    controller.start()
    yield kept, MailServer("127.0.0.1", controller.port, tls="none", loopback_only=True, max_seconds=60.0)
    controller.stop()


def message(to: str = "abuse@host.example") -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Hotline <notices@hotline.example>"
    made["To"] = to
    made["Subject"] = "Notice"
    made.set_content("Please read.\n.\nEnd.")
    return made


def test_a_message_arrives_whole_with_its_envelope(box: tuple[Box, MailServer]) -> None:
    kept, server = box
    copied = message()
    copied["Bcc"] = "file@hotline.example"
    send(copied, server=server)
    (envelope,) = kept.envelopes
    assert envelope.mail_from == "notices@hotline.example"
    assert envelope.rcpt_tos == ["abuse@host.example", "file@hotline.example"]
    assert b"Bcc" not in envelope.content
    assert b"Please read.\r\n.\r\nEnd." in envelope.content


@pytest.mark.parametrize(
    "bad", ["x\r\nBcc: thief@example.org", "x\nBcc: thief@example.org", "x\ry", "x\x00y", "x\u2028y"]
)
@pytest.mark.parametrize("name", ["Subject", "To", "X-Report", "From"])
def test_a_line_break_in_a_header_is_refused_and_nothing_is_sent(
    name: str, bad: str, box: tuple[Box, MailServer]
) -> None:
    made = message()
    # Past EmailMessage's own check, as a header made by another policy would be.
    made._headers = [*[row for row in made._headers if row[0] != name], (name, bad)]
    with pytest.raises(MailFailed, match="line break"):
        send(made, server=box[1])
    assert box[0].envelopes == []


def test_planted_bug_without_the_check_an_injected_header_is_not_stopped_by_us(
    monkeypatch: pytest.MonkeyPatch, box: tuple[Box, MailServer]
) -> None:
    monkeypatch.setattr(mail, "_BREAKS", re.compile("(?!)"))
    bad = message()
    bad._headers = [*bad._headers, ("X-Note", "x\r\nX-Injected: yes")]
    said = ""
    try:
        send(bad, server=box[1])
    except MailFailed as failed:  # newer Pythons stop it when the message is written out
        said = str(failed)
    assert "line break" not in said
    assert said or b"\r\nX-Injected: yes" in box[0].envelopes[0].content


@pytest.mark.parametrize("to", ["", "nobody", "a b@c.example", "a@b@c.example", "<>"])
def test_no_or_odd_recipients_are_refused(to: str, box: tuple[Box, MailServer]) -> None:
    with pytest.raises(MailFailed, match="Nothing was sent"):
        send(message(to), server=box[1])
    assert box[0].envelopes == []


def test_two_senders_are_refused(box: tuple[Box, MailServer]) -> None:
    made = message()
    made.replace_header("From", "a@b.example, c@d.example")
    with pytest.raises(MailFailed, match="one sender"):
        send(made, server=box[1])


def test_the_sentence_says_when_some_or_all_recipients_were_refused(box: tuple[Box, MailServer]) -> None:
    with pytest.raises(MailFailed, match="refused every recipient"):
        send(message("unknown@host.example"), server=box[1])
    with pytest.raises(MailFailed, match="1 of 2"):
        send(message("unknown@host.example, abuse@host.example"), server=box[1])
    assert len(box[0].envelopes) == 1


def test_practice_hands_mail_to_this_machine_only(monkeypatch: pytest.MonkeyPatch, box: tuple[Box, MailServer]) -> None:
    with pytest.raises(MailFailed, match="on this machine"):
        send(message(), server=replace(box[1], host="192.0.2.1"))
    monkeypatch.setattr(ranges, "is_loopback", lambda _ip: False)
    with pytest.raises(MailFailed, match="on this machine"):
        send(message(), server=box[1])


def test_encryption_that_was_asked_for_and_is_not_there_stops_the_mail(box: tuple[Box, MailServer]) -> None:
    with pytest.raises(MailFailed, match="tls=starttls"):
        send(message(), server=replace(box[1], tls="starttls"))
    with pytest.raises(MailFailed, match="tls=tls"):
        send(message(), server=replace(box[1], tls="tls"))
    assert box[0].envelopes == []


def test_a_password_is_not_sent_in_clear_nor_shown(box: tuple[Box, MailServer]) -> None:
    server = replace(box[1], loopback_only=False, username="desk", password="hunter2")
    with pytest.raises(MailFailed, match="in clear"):
        send(message(), server=server)
    assert "hunter2" not in repr(server)


@pytest.mark.parametrize("greeting", [b"", b"2"])
def test_a_server_that_drips_ends_with_the_wall_clock(greeting: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                while not stop.wait(0.02):
                    connection.sendall(greeting)

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        with pytest.raises(MailFailed, match=r"did not finish within 0\.4 seconds"):
            send(message(), server=MailServer("127.0.0.1", port, "none", loopback_only=True, max_seconds=0.4))
        stop.set()
        thread.join(5)


def test_no_server_is_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(MailFailed, match=f"127.0.0.1:{port} did not accept"):
        send(message(), server=MailServer("127.0.0.1", port, "none"))
