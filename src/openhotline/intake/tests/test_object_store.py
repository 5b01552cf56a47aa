"""A collection in an object store: a server on loopback that speaks as much S3 as is asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest
from django.conf import LazySettings

from openhotline.accounts.models import Authority
from openhotline.core.errors import Missing
from openhotline.core.net.errors import FetchFailed, FetchRefused
from openhotline.core.net.signing import StoreKey, canonical_path, canonical_query, signed_headers
from openhotline.intake.models.containers import FindRefused, container, open_container, place_of
from openhotline.intake.models.manifest import open_source
from openhotline.intake.services.open_collection import open_collection
from openhotline.intake.services.register_finds import register_finds
from openhotline.intake.states import WhyRefused

KEY = StoreKey("READER", "only for this test", "here-1")
WHERE = Path("s3://found/box")
AUTHORITY = "aut_test"


@dataclass
class StandIn:
    """What the server holds, by bucket/key, and what it was asked; ``breaks`` answers are cut off."""

    objects: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    page: int = 1_000
    breaks: int = 0
    status: int = 200
    moves: str = ""
    says: bytes = b""
    """In place of a listing."""


@pytest.fixture
def store(settings: LazySettings) -> Iterator[StandIn]:
    holds = StandIn()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(holds))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    origin = f"http://127.0.0.1:{server.server_port}"
    settings.OBJECT_STORE = {
        "origin": origin, "region": KEY.region, "key_id": KEY.identity, "secret": KEY.secret,
    }  # fmt: skip
    yield holds
    server.shutdown()
    server.server_close()
    thread.join()


def _handler(holds: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(*self._found())

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

        def _found(self) -> tuple[int, bytes]:
            parts = urlsplit(self.path)
            holds.asked.append(f"{self.command} {self.path}")
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            if not self._signed(unquote(parts.path), query):
                return 403, b"no"
            if holds.status != 200:
                return holds.status, b""
            if query.get("list-type") == "2":
                return 200, holds.says or _listing(holds, unquote(parts.path).strip("/"), query)
            body = holds.objects.get(unquote(parts.path).lstrip("/"))
            return (404, b"none") if body is None else (200, body)

        def _signed(self, path: str, query: dict[str, str]) -> bool:
            """Sign what came in anew, with the moment that it names."""
            at = datetime.strptime(self.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            right = signed_headers(
                method=self.command, host=self.headers["host"], path=canonical_path(path),
                query=canonical_query(query), key=KEY, at=at,
            )  # fmt: skip
            return right["authorization"] == self.headers["authorization"]

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(307 if holds.moves else status)
            if holds.moves:
                self.send_header("Location", holds.moves)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                cut = holds.breaks > 0
                holds.breaks -= cut
                self.wfile.write(body[: len(body) // 2] if cut else body)
            self.close_connection = True

    return Handler


def _listing(holds: StandIn, bucket: str, query: dict[str, str]) -> bytes:
    keys = sorted(key.removeprefix(f"{bucket}/") for key in holds.objects if key.startswith(f"{bucket}/"))
    keys = [key for key in keys if key.startswith(query["prefix"])]
    start = int(query.get("continuation-token", "0/").rstrip("/"))
    rows = "".join(
        f"<Contents><Key>{escape(key)}</Key><Size>{len(holds.objects[f'{bucket}/{key}'])}</Size></Contents>"
        for key in keys[start : start + holds.page]
    )
    more = start + holds.page
    token = f"<NextContinuationToken>{more}/</NextContinuationToken>" if more < len(keys) else ""
    namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
    return f'<ListBucketResult xmlns="{namespace}">{rows}{token}</ListBucketResult>'.encode()


def listed() -> dict[str, int | WhyRefused | None]:
    """Paths with their length, or why they are not taken."""
    found = open_container(WHERE, authority=lambda: AUTHORITY).listed()
    return {one.path: one.refused.why if one.refused else one.bytes for one in found}


def read(path: str) -> bytes:
    return open_container(WHERE, authority=lambda: AUTHORITY).read(path)


def why(do: Callable[[], object]) -> WhyRefused:
    with pytest.raises(FindRefused) as refused:
        do()
    return refused.value.why


def test_what_lies_under_the_prefix_is_listed_page_by_page(store: StandIn) -> None:
    store.page = 2
    names = ("a.png", "in/b c+ä.png", "z.png")
    store.objects = {f"found/box/{name}": b"bytes" for name in names}
    store.objects |= {"found/boxes/other.png": b"x", "found/box/": b"", "other/box/a.png": b"x"}
    assert listed() == dict.fromkeys(names, 5)
    assert len(store.asked) == 2
    assert read("in/b c+ä.png") == b"bytes"


@pytest.mark.parametrize("key", ["../up.png", "a//b.png", "./a.png", "a/../b.png"])
def test_a_key_that_is_no_plain_path_is_named_and_not_asked_for(store: StandIn, key: str) -> None:
    store.objects[f"found/box/{key}"] = b"x"
    assert list(listed().values()) == [WhyRefused.NO_FILE]
    before = len(store.asked)
    assert why(lambda: read(key)) in {WhyRefused.OUTSIDE, WhyRefused.NO_FILE}
    assert len(store.asked) == before


def test_what_stops_in_the_midst_is_tried_again_three_times_in_all(store: StandIn) -> None:
    store.objects["found/box/a.png"] = b"whole"
    store.breaks = 2
    assert read("a.png") == b"whole"
    store.breaks = 3
    assert why(lambda: read("a.png")) == WhyRefused.DAMAGED


def test_what_is_not_there_or_too_large_or_an_archive_is_refused(
    store: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.objects = {"found/box/a.zip": b"PK\x03\x04", "found/box/large.png": b"x" * 200}
    assert why(lambda: read("none.png")) == WhyRefused.MISSING
    assert why(lambda: open_container(WHERE, authority=lambda: AUTHORITY).check("none.png")) == WhyRefused.MISSING
    assert why(lambda: read("a.zip")) == WhyRefused.ARCHIVE
    monkeypatch.setattr(container, "LARGEST", 100)
    assert why(lambda: read("large.png")) == WhyRefused.TOO_LARGE


def test_a_key_of_another_is_refused_and_no_redirect_followed(store: StandIn, settings: LazySettings) -> None:
    store.objects["found/box/a.png"] = b"x"
    store.moves = "http://127.0.0.1:9/"
    with pytest.raises(FetchFailed, match="status 307"):
        listed()
    store.moves = ""
    settings.OBJECT_STORE = settings.OBJECT_STORE | {"secret": "another"}
    with pytest.raises(FetchRefused, match="does not let this key read"):
        listed()


@pytest.mark.parametrize("body", [b"<ListBucketResult>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"\xff"])
def test_a_listing_that_is_none_is_a_sentence(store: StandIn, body: bytes) -> None:
    store.says = body
    with pytest.raises(FetchFailed, match="listing cannot be read"):
        listed()


def test_nothing_is_asked_without_an_authority_or_a_store(store: StandIn, settings: LazySettings) -> None:
    with pytest.raises(FetchRefused, match="authority"):
        list(open_container(WHERE).listed())
    assert store.asked == []
    settings.OBJECT_STORE = settings.OBJECT_STORE | {"origin": ""}
    with pytest.raises(Missing, match="OPENHOTLINE_OBJECT_STORE"):
        open_container(WHERE, authority=lambda: AUTHORITY)


def test_only_on_this_machine_is_it_asked_in_clear(store: StandIn, settings: LazySettings) -> None:
    settings.OBJECT_STORE = settings.OBJECT_STORE | {"origin": "http://s3.example"}
    with pytest.raises(FetchRefused, match="https only"):
        list(open_container(WHERE, authority=lambda: AUTHORITY).listed())


def test_a_place_is_told_from_a_path() -> None:
    assert place_of(Path("s3://found/box/")) == place_of("s3://found/box") == "s3://found/box"
    assert place_of("s3://found") == "s3://found"
    assert place_of("/srv/s3") is None
    assert place_of("s3://UPPER/x") is None


@pytest.mark.django_db
def test_a_bucket_is_registered_like_a_folder_and_once(store: StandIn, authority: Authority, now: datetime) -> None:
    store.objects = {"found/box/a.png": b"one", "found/box/b.png": b"two"}
    for _ in range(2):
        source = open_source(WHERE, authority=lambda: authority.public_id)
        collection = open_collection(source=source, name="box", actor="test", now=now)
        for lines in source.batches():
            register_finds(collection=collection, lines=lines, now=now, actor="test")
    assert collection.folder == "s3://found/box"
    assert collection.finds.count() == collection.finds_expected == 2
