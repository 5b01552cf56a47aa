"""Harmless pictures, a site on loopback, and items at hand."""

import io
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import transaction
from PIL import Image
from pyrage import x25519

from openhotline.accounts.models import Approval, Person
from openhotline.accounts.queries import people_by_id, waiting_approvals
from openhotline.accounts.services.approve import approve
from openhotline.accounts.services.confirm_approval import confirm_approval
from openhotline.accounts.states import ApprovalState
from openhotline.core import keys
from openhotline.core.archive import database
from openhotline.core.datakeys import data_keys
from openhotline.core.net.addresses import parse
from openhotline.evidence import policies
from openhotline.evidence.examiner import sandboxed
from openhotline.evidence.models import Item, Purge
from openhotline.evidence.services.ask_key_work import ask_key_work
from openhotline.evidence.services.begin_epoch import begin_epoch
from openhotline.evidence.services.draft_purge import draft_purge
from openhotline.evidence.services.examine_items import examine_items
from openhotline.evidence.services.name_custodians import name_custodians
from openhotline.evidence.services.purge_items import purge_items
from openhotline.evidence.services.rotate_keys import rotate_keys
from openhotline.evidence.services.seal_files import SealableFile, seal_files
from openhotline.evidence.states import PurgeReason, Work
from openhotline.intake.models import Address

Paint = Callable[..., bytes]


def _painted(seed: int = 1, form: str = "PNG", size: tuple[int, int] = (240, 180)) -> bytes:
    rough = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    sink = io.BytesIO()
    Image.fromarray(rough).resize(size, Image.Resampling.BICUBIC).save(sink, form)
    return sink.getvalue()


@pytest.fixture
def paint() -> Paint:
    """Paint a soft texture: ``paint(seed, form, size)`` gives the bytes of a file."""
    return _painted


@pytest.fixture
def keep_address(now: datetime) -> Callable[[str], Address]:
    """Note an address as intake does."""

    def keep(text: str) -> Address:
        parsed = parse(text)
        with transaction.atomic():
            return Address.objects.keep([parsed], now=now)[parsed.canonical]

    return keep


@pytest.fixture
def seal(now: datetime, keep_address: Callable[[str], Address], db: None) -> Callable[..., list[Item]]:
    """Seal files, each seen at an address of its own."""

    def sealing(*files: bytes) -> list[Item]:
        places = [keep_address(f"https://pictures.example/{number}") for number in range(len(files))]
        return seal_files(
            files=[SealableFile(data, address_id=place.pk) for data, place in zip(files, places, strict=True)], now=now
        )

    return sealing


@pytest.fixture
def examined(seal: Callable[..., list[Item]], paint: Paint, now: datetime) -> Item:
    """One item that was examined in the sandbox."""
    (item,) = seal(paint(3, "JPEG", (1600, 1200)))
    examine_items(ids=[item.pk], now=now)
    item.refresh_from_db()
    return item


@pytest.fixture
def vault(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A data folder with keys of its own: what is done to them here is done to no other test's."""
    settings.VAR = tmp_path / "var"
    keys.make_missing(settings.VAR / "keys")
    keys.load.cache_clear()
    yield settings.VAR
    keys.load.cache_clear()


@pytest.fixture
def approve_all(manager: Person, now: datetime) -> Callable[[], int]:
    """Sign everything that waits as the second person, as the desk does; return how much.

    What was typed at the command line is confirmed by who was named there first.
    """

    def signing() -> int:
        for one in Approval.objects.filter(state=ApprovalState.TYPED):
            who = people_by_id([one.asked_by])[one.asked_by]
            confirm_approval(approval_id=one.pk, manifest_sha256=one.manifest_sha256, actor=who, now=now)
        waiting = waiting_approvals()
        for one in waiting:
            approve(approval_id=one.pk, manifest_sha256=one.manifest_sha256, actor=manager, now=now)
        return len(waiting)

    return signing


@pytest.fixture
def agree(operator: Person, approve_all: Callable[[], int], now: datetime) -> Callable[..., int]:
    """Let two people agree on work on the keys: ``agree(Work.BEGIN_EPOCH, number=2)``; return its key."""

    def agreeing(work: Work, **detail: object) -> int:
        row = ask_key_work(work=work, detail=detail, actor=operator, now=now)
        approve_all()
        return row.pk

    return agreeing


@pytest.fixture
def copies(agree: Callable[..., int], tmp_path: Path) -> Path:
    """Return a folder into which two people allowed copies of the key store."""
    agree(Work.COPY_STORE, folder=str(tmp_path.resolve()), days=1)
    return tmp_path


@pytest.fixture
def rotated(agree: Callable[..., int], operator: Person, now: datetime) -> Callable[[], int]:
    """Begin the next epoch and rotate; return the earlier one."""

    def rotating() -> int:
        before = data_keys().epochs()[-1].number
        begin_epoch(key_work_id=agree(Work.BEGIN_EPOCH, number=before + 1), actor=operator, now=now)
        rotate_keys(actor=operator, now=now)
        return before

    return rotating


@pytest.fixture
def purge(operator: Person, approve_all: Callable[[], int], now: datetime) -> Callable[..., Purge]:
    """Draft, approve and carry out a purge of items."""

    def purging(*items: Item) -> Purge:
        names = [item.public_id for item in items]
        drafted = draft_purge(names=names, reason=PurgeReason.RETENTION_ENDED, actor=operator, now=now)
        approve_all()
        return purge_items(purge_id=drafted.pk, actor=operator, now=now)

    return purging


@pytest.fixture(scope="session")
def people() -> list[x25519.Identity]:
    """Three custodians' secret keys."""
    return [x25519.Identity.generate() for _ in range(3)]


@pytest.fixture
def custodians(
    vault: Path, people: list[x25519.Identity], agree: Callable[..., int], operator: Person, now: datetime
) -> list[x25519.Identity]:
    """Name them."""
    recipients = [str(one.to_public()) for one in people]
    name_custodians(key_work_id=agree(Work.NAME_CUSTODIANS, recipients=recipients), actor=operator, now=now)
    return people


@pytest.fixture
def dumped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in place of the database: no dump sees a test's transaction. `tests/journeys` dumps for real."""
    monkeypatch.setattr(database, "dump", lambda path: path.write_bytes(b"the database"))


@pytest.fixture(scope="session", autouse=True)
def close_sandbox() -> Iterator[None]:
    """Leave no zygote behind."""
    yield
    sandboxed.close()


@pytest.fixture
def at_hand(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, int], str]:
    """Say who has what at hand: {(person, item key): subject}."""
    held: dict[tuple[str, int], str] = {}

    def answer(person: str, item_id: int, now: datetime) -> policies.Reason | None:
        subject = held.get((person, item_id))
        return policies.Reason(subject) if subject else None

    monkeypatch.setattr(policies, "_answers", [answer])
    return held


class Site:
    """A web server on loopback: what it serves by path, where it sends on from a path, and what it was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, bytes]] = {}
        self.moved: dict[str, str] = {}
        self.asked: list[str] = []
        self.connections = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port = int(self._server.server_address[1])
        self.origin = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def setup(self) -> None:
                site.connections += 1
                super().setup()

            def do_GET(self) -> None:
                site.asked.append(self.path)
                kind, body = site.pages.get(self.path, ("", b""))
                place = site.moved.get(self.path, "")
                self.send_response(302 if place else 200 if kind else 404)
                if place:
                    self.send_header("Location", place)
                self.send_header("Content-Type", kind or "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    """A site that the fetcher may reach, and nothing else."""
    served = Site()
    settings.FETCH_ONLY = frozenset({("127.0.0.1", served.port)})
    yield served
    served.close()
