"""Harmless pictures, a site on loopback, and items at hand."""

import io
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest
from django.db import transaction
from PIL import Image

from openhotline.core.net.addresses import parse
from openhotline.evidence import policies
from openhotline.evidence.examiner import sandboxed
from openhotline.evidence.models import Item
from openhotline.evidence.services.examine_items import examine_items
from openhotline.evidence.services.seal_files import SealableFile, seal_files
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
    """A web server on loopback: what it serves by path, and what it was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, bytes]] = {}
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
                self.send_response(200 if kind else 404)
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
