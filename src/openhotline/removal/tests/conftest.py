"""Addresses with a confirmed item, a registry and a mail server on this machine."""

import json
import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pyrage import x25519

from openhotline.accounts.models import Authority, Person
from openhotline.evidence.services.seal_files import SealableFile, seal_files
from openhotline.hashlists.models import Entry, Listable
from openhotline.hashlists.services.list_items import list_items
from openhotline.intake.models import Address
from openhotline.removal.models import Contact, HandoverIn, Removal
from openhotline.removal.models.handover_file import opened
from openhotline.removal.services.approve_contact import approve_contact
from openhotline.removal.services.find_hosts import find_hosts
from openhotline.removal.services.hand_abroad import hand_abroad
from openhotline.removal.services.open_removals import open_removals
from openhotline.removal.services.send_notices import send_notices
from openhotline.removal.services.take_handover import take_handover

NETWORK = {
    "objectClassName": "ip network",
    "name": "PRACTICE-NET",
    "country": "GB",
    "entities": [
        {"roles": ["registrant"], "vcardArray": ["vcard", [["fn", {}, "text", "Practice Hosting"]]]},
        {"roles": ["abuse"], "vcardArray": ["vcard", [["email", {}, "text", "abuse@host.example"]]]},
    ],
}


class Site(ThreadingHTTPServer):
    """Answers from a table of path -> (status, type, body); anything else is 404. ``asked`` are methods and paths.

    A redirect has the address in place of the type; of a path in ``hangs`` nothing comes before ``released``.
    """

    daemon_threads = True
    pages: dict[str, tuple[int, str, bytes]]
    asked: list[str]
    hangs: frozenset[str] = frozenset()
    released: threading.Event

    @property
    def port(self) -> int:
        """The port that was free."""
        return int(self.server_address[1])


class _Answers(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        if self.path in self.server.hangs:
            self.server.released.wait(30)
        status, kind, body = self.server.pages.get(self.path, (404, "text/plain", b""))
        self.send_response(status)
        self.send_header("Location" if 300 <= status < 400 else "Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    """A web site that is its own registry, as in practice; the only one that may be fetched."""
    server = Site(("127.0.0.1", 0), _Answers)
    server.pages = {"/ip/127.0.0.1": (200, "application/rdap+json", json.dumps(NETWORK).encode())}
    server.asked, server.released = [], threading.Event()
    settings.FETCH_ONLY = frozenset({("127.0.0.1", server.port)})
    settings.RDAP_SERVERS = (f"http://127.0.0.1:{server.port}/",)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()


class Box:
    """Keeps the messages that are handed in; ``busy`` makes the server refuse."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.busy = False

    async def handle_DATA(self, *said: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the message, or be busy."""
        if self.busy:
            return "451 busy"
        message = message_from_bytes(said[2].content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"


class _Anywhere(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def box(settings: Any) -> Iterator[Box]:
    kept = Box()
    controller = _Anywhere(kept, hostname="127.0.0.1", port=0)
    controller.start()
    settings.MAIL = {"host": "127.0.0.1", "port": controller.port, "from": "notices@hotline.example"}
    yield kept
    controller.stop()


@pytest.fixture
def make_address(db: None, now: datetime) -> Callable[[str], Address]:
    def make(url: str) -> Address:
        return Address.objects.create(lookup=secrets.token_hex(16), raw=url, canonical=url, first_seen_at=now)

    return make


@pytest.fixture
def confirmed(make_address: Callable[[str], Address], now: datetime) -> Callable[..., Entry]:
    """An entry of the list, seen at an address."""

    def make(url: str | Address, data: bytes | None = None, **facts: object) -> Entry:
        address = make_address(url) if isinstance(url, str) else url
        file = SealableFile(data=data or secrets.token_bytes(64), address_id=address.pk)
        (item,) = seal_files(files=[file], now=now)
        known = {
            "ai_involvement": "wholly_synthetic",
            "real_child": "not_determined",
            "jurisdiction": "GB-EAW",
            "outcome": "pseudo_photograph",
            "category": "B",
            "provision": "Protection of Children Act 1978 s1",
            "consensus": 2,
        }
        offer = Listable(item_id=item.pk, **{**known, **facts})
        return (list_items(listables=[offer], actor="step:test", now=now) or item.entries.all())[0]

    return make


@pytest.fixture
def waiting(site: Site, confirmed: Callable[..., Entry], now: datetime) -> Callable[[int], list[Removal]]:
    """So many removals on the site, their host found, its contact waiting for a person."""

    def make(count: int) -> list[Removal]:
        entries = [confirmed(f"http://127.0.0.1:{site.port}/pictures/{n}.png") for n in range(count)]
        addresses = [entry.item.sightings.get().address_id for entry in entries]
        open_removals(address_ids=[key for key in addresses if key], actor="step:test", now=now)
        find_hosts(ids=list(Removal.objects.values_list("pk", flat=True)), actor="step:test", now=now)
        return list(Removal.objects.order_by("pk"))

    return make


@pytest.fixture
def due(waiting: Callable[[int], list[Removal]], senior: Person, now: datetime) -> Callable[[int], list[Removal]]:
    """So many removals on the site, their host found, its contact approved, their notice due."""

    def make(count: int) -> list[Removal]:
        waiting(count)
        for contact in Contact.objects.all():
            approve_contact(contact=contact.public_id, actor=senior, now=now)
        find_hosts(ids=list(Removal.objects.values_list("pk", flat=True)), actor="step:test", now=now)
        return list(Removal.objects.order_by("pk"))

    return make


@pytest.fixture
def noticed(due: Callable[[int], list[Removal]], now: datetime, authority: Authority) -> Callable[[int], list[Removal]]:
    """So many removals whose notice went out, under an authority to look again."""

    def make(count: int) -> list[Removal]:
        removals = due(count)
        send_notices(ids=[one.pk for one in removals], actor="step:x", now=now, deliver=lambda _message: None)
        return list(Removal.objects.order_by("pk"))

    return make


@pytest.fixture
def our_identity(settings: Any, tmp_path: Path) -> str:
    """The key of a hotline of GB: here it hands to itself, so that both ends of the way are ours."""
    key = x25519.Identity.generate()
    settings.HOTLINES = tmp_path / "hotlines.toml"
    row = f'name = "Example Hotline"\ncountry = "GB"\nage_key = "{key.to_public()}"\nsource = "x"\n'
    settings.HOTLINES.write_text(f"[[hotline]]\n{row}")
    return str(key)


@pytest.fixture
def handed_file(waiting: Callable[[int], list[Removal]], our_identity: str, senior: Person, now: datetime) -> bytes:
    """A handover of two addresses, as it lies open after our key opened it."""
    waiting(2)
    return opened(hand_abroad(country="GB", actor=senior, now=now).file, our_identity)


@pytest.fixture
def taken(handed_file: bytes, senior: Person, now: datetime) -> HandoverIn:
    return take_handover(content=handed_file, country="GB", actor=senior, now=now)[0]
