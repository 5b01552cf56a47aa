"""Bounces and replies come in by mail: over IMAP from a mailbox on this machine, and read as bytes."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.core.net.errors import MailFailed
from openhotline.core.net.inbox import Mailbox
from openhotline.removal.models import Contact, Letter, Notice, Removal
from openhotline.removal.models.letter_reading import read_letter
from openhotline.removal.services.read_letters import (
    BOUNCED,
    IN_PASSING,
    NO_NOTICE,
    OTHER_RECIPIENT,
    read_letters,
    read_mailbox,
)
from openhotline.removal.states import ContactState, RemovalState

Noticed = Callable[[int], list[Removal]]


def bounce(notice: str, recipient: str = "abuse@host.example", status: str = "5.1.1", action: str = "failed") -> bytes:
    lines = (
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "MIME-Version: 1.0",
        "Subject: Undelivered",
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "It could not be delivered.",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example",
        "",
        f"Final-Recipient: rfc822; {recipient}",
        f"Action: {action}",
        f"Status: {status}",
        "",
        "--b",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: <{notice}@hotline.example>",
        "Subject: Notice",
        "",
        "--b--",
        "",
    )
    return "\r\n".join(lines).encode()


def reply(notice: str, text: str = "We look at it.") -> bytes:
    message = EmailMessage()
    message["In-Reply-To"] = f"<{notice}@hotline.example>"
    message["Subject"] = "Re: Notice"
    message.set_content(text)
    message.add_attachment(b"GIF89a", maintype="image", subtype="gif", filename="x.gif")
    return message.as_bytes()


def read(now: datetime, *letters: bytes) -> int:
    return read_letters(letters=letters, actor="step:x", now=now)


@pytest.mark.django_db
def test_a_lasting_bounce_stops_the_contact_and_its_addresses(noticed: Noticed, now: datetime) -> None:
    noticed(2)
    assert read(now, bounce(Notice.objects.get().public_id)) == 1
    assert Contact.objects.get().state == ContactState.BOUNCED
    assert set(Removal.objects.values_list("state", "sentence")) == {(RemovalState.CONTACT_WAITS, BOUNCED)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"recipient": "somebody@else.example"}, OTHER_RECIPIENT),
        ({"status": "4.2.2", "action": "delayed"}, IN_PASSING),
        ({"notice": f"ntc_{'a' * 26}"}, NO_NOTICE),
    ],
)
def test_a_bounce_of_something_else_changes_nothing(
    noticed: Noticed, now: datetime, changed: dict[str, str], why: str
) -> None:
    noticed(1)
    read(now, bounce(**({"notice": Notice.objects.get().public_id} | changed)))
    assert Letter.objects.get().sentence == why
    assert Contact.objects.get().state == ContactState.APPROVED
    assert Removal.objects.get().state == RemovalState.NOTICED


@pytest.mark.django_db
def test_a_reply_waits_for_a_person_and_no_attachment_is_kept(noticed: Noticed, now: datetime) -> None:
    noticed(1)
    notice = Notice.objects.get()
    letter = reply(notice.public_id, "Thanks. data:image/png;base64,iVBORw0KGgo=")
    assert [read(now, letter) for _ in range(2)] == [1, 0]
    kept = Letter.objects.get()
    assert (kept.notice, kept.said, kept.read_at) == (notice, "reply", None)
    assert "Thanks." in kept.sealed
    assert "iVBOR" not in kept.sealed


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_whatever_was_sent_is_read_without_an_error(content: bytes) -> None:
    assert len(read_letter(content).text) <= 10_000


class Imap(socketserver.ThreadingTCPServer):
    """Knows as much of IMAP as is asked of it here; ``letters`` by number, ``seen`` those marked.

    While it ``hangs``, nothing is said of letters before ``released``.
    """

    daemon_threads, allow_reuse_address, hangs = False, True, False

    def __init__(self) -> None:
        self.letters: dict[int, bytes] = {}
        self.seen: set[int] = set()
        self.released = threading.Event()
        super().__init__(("127.0.0.1", 0), _Talks)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: whoever asked waits no longer."""


class _Talks(socketserver.StreamRequestHandler):
    server: Imap

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        for raw in self.rfile:
            tag, _, rest = raw.decode().strip().partition(" ")
            words = rest.replace('"', "").split()
            if self.server.hangs and words[0] == "UID":
                self.server.released.wait(20)
            for line in self.answer(words):
                self.wfile.write(line + b"\r\n")
            failed = words[0] == "LOGIN" and words[2] != "word"
            self.wfile.write(f"{tag} {'NO' if failed else 'OK'} done\r\n".encode())

    def answer(self, words: list[str]) -> Iterator[bytes]:
        if words[0] == "CAPABILITY":
            yield b"* CAPABILITY IMAP4rev1"
        elif words[0] == "SELECT":
            yield f"* {len(self.server.letters)} EXISTS".encode()
        elif words[:2] == ["UID", "SEARCH"]:
            unseen = sorted(set(self.server.letters) - self.server.seen)
            yield b"* SEARCH " + " ".join(map(str, unseen)).encode()
        elif words[:2] == ["UID", "FETCH"]:
            body = self.server.letters[int(words[2])]
            if "SIZE" in words[3]:
                yield f"* 1 FETCH (UID {words[2]} RFC822.SIZE {len(body)})".encode()
            else:
                yield f"* 1 FETCH (UID {words[2]} BODY[] {{{len(body)}}}\r\n".encode() + body + b")"
        elif words[:2] == ["UID", "STORE"]:
            self.server.seen.add(int(words[2]))


@pytest.fixture
def imap(settings: Any) -> Iterator[Imap]:
    server = Imap()
    port = server.server_address[1]
    settings.INBOX = Mailbox("127.0.0.1", port, "desk", "word", tls="none", loopback_only=True, max_seconds=60.0)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
def test_a_mailbox_is_read_and_what_was_kept_is_marked(noticed: Noticed, imap: Imap, now: datetime) -> None:
    noticed(1)
    name = Notice.objects.get().public_id
    imap.letters = {1: reply(name), 2: bounce(name), 3: reply("ntc_none", "Spam")}
    assert read_mailbox(actor="step:x", now=now) == 3
    assert imap.seen == {1, 2, 3}
    assert read_mailbox(actor="step:x", now=now) == 0
    assert sorted(Letter.objects.values_list("said", flat=True)) == ["bounce", "reply", "reply"]


@pytest.mark.django_db
def test_a_mailbox_that_hangs_or_refuses_says_so(imap: Imap, now: datetime, settings: Any) -> None:
    imap.letters, imap.hangs = {1: b"x"}, True
    settings.INBOX = replace(settings.INBOX, max_seconds=1.0)
    with pytest.raises(MailFailed, match="did not finish"):
        read_mailbox(actor="step:x", now=now)
    settings.INBOX = Mailbox("127.0.0.1", settings.INBOX.port, "desk", "wrong", tls="none", loopback_only=True)
    with pytest.raises(MailFailed, match="name and password"):
        read_mailbox(actor="step:x", now=now)


@pytest.mark.django_db
def test_without_a_mailbox_nothing_is_read(now: datetime) -> None:
    assert read_mailbox(actor="step:x", now=now) == 0
