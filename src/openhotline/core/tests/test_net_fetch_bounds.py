"""Fetching from a site that misbehaves: each test runs a real listener on this machine that does it in one way."""

import gzip
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

import pytest

from openhotline.core.net.errors import FetchFailed, FetchRefused
from openhotline.core.net.fetch import Policy, fetch

pytestmark = pytest.mark.slow

Answer = Callable[[socket.socket], None] | bytes
OK = b"HTTP/1.1 200 OK\r\n"


@dataclass(frozen=True)
class Site:
    """A listener that answers every connection in its one way."""

    host: str
    port: int

    @property
    def address(self) -> str:
        """Of the front page."""
        return f"http://{self.host}:{self.port}/"

    @property
    def policy(self) -> Policy:
        """Practice mode for just this site."""
        return Policy(100_000, 5.0, 0, authority="aut_1", only=frozenset({(self.host, self.port)}))


@contextmanager
def site(answer: Answer) -> Iterator[Site]:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(answer) if isinstance(answer, bytes) else answer(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield Site(*listener.getsockname())
    with suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


def page(body: bytes, *headers: bytes) -> bytes:
    lines = [b"Content-Length: %d" % len(body), *headers]
    return OK + b"\r\n".join(lines) + b"\r\n\r\n" + body


def endless(start: bytes, piece: bytes, pause: float = 0.0) -> Answer:
    def answer(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(piece)
            time.sleep(pause)

    return answer


def test_an_endless_page_is_cut_at_the_cap() -> None:
    with site(endless(OK + b"\r\n", b"x" * 65_536)) as there:
        got = fetch(there.address, policy=there.policy)
    assert (len(got.body), got.truncated) == (there.policy.max_bytes, True)


def test_a_page_of_exactly_the_cap_is_whole() -> None:
    with site(page(b"x" * 100_000)) as there:
        got = fetch(there.address, policy=there.policy)
    assert (len(got.body), got.truncated) == (100_000, False)


def test_chunks_of_one_byte_are_cut_as_framing_that_never_ends() -> None:
    answer = endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1;" + b"e" * 4000 + b"\r\nx\r\n")
    with site(answer) as there, pytest.raises(FetchRefused) as refused:
        fetch(there.address, policy=there.policy)
    assert refused.value.code == "endless"


def test_a_chunk_size_line_without_end_is_not_read_to_its_end() -> None:
    answer = endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1" * 65_536)
    with site(answer) as there, pytest.raises((FetchRefused, FetchFailed)) as stopped:
        fetch(there.address, policy=there.policy)
    assert stopped.value.code in {"endless", "incomplete"}


@pytest.mark.parametrize("start", [b"", OK, OK + b"\r\n", OK + b"Content-Length: 90000\r\n\r\n"])
def test_a_slow_drip_ends_with_the_wall_clock(start: bytes) -> None:
    with site(endless(start, b"x", 0.02)) as there, pytest.raises(FetchFailed) as failed:
        fetch(there.address, policy=replace(there.policy, max_seconds=0.4))
    assert failed.value.code == "timeout"


def test_planted_bug_with_a_limit_for_each_wait_only_the_drip_would_go_on() -> None:
    """The same drip, read with a plain socket time limit of the same length, is still alive afterwards."""
    with site(endless(b"", b"x", 0.02)) as there, socket.create_connection((there.host, there.port)) as plain:
        plain.settimeout(0.4)
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        until = time.monotonic() + 0.8
        while time.monotonic() < until:
            assert plain.recv(1) == b"x"


@pytest.mark.parametrize(
    "answer",
    [
        endless(OK, b"X-Filler: " + b"x" * 1000 + b"\r\n"),
        endless(OK, b"Set-Cookie: a=" + b"x" * 60_000),
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        page(b"", *[b"X-%d: " % n + b"x" * 400 for n in range(90)]),
    ],
)
def test_headers_are_bounded(answer: Answer) -> None:
    with site(answer) as there, pytest.raises(FetchRefused) as refused:
        fetch(there.address, policy=there.policy)
    assert refused.value.code == "headers"


def test_ten_thousand_small_headers_are_not_read() -> None:
    with site(OK + b"A: b\r\n" * 10_000 + b"\r\n") as there, pytest.raises((FetchRefused, FetchFailed)):
        fetch(there.address, policy=there.policy)


@pytest.mark.parametrize("name", [b"gzip", b"deflate"])
def test_a_compressed_page_nobody_asked_for_is_inflated(name: bytes) -> None:
    squeeze = gzip.compress if name == b"gzip" else zlib.compress
    with site(page(squeeze(b"hello" * 1000), b"Content-Encoding: " + name)) as there:
        assert fetch(there.address, policy=there.policy).body == b"hello" * 1000


def test_a_gzip_bomb_is_inflated_up_to_the_cap_only() -> None:
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    with site(page(bomb, b"Content-Encoding: gzip")) as there:
        tracemalloc.start()
        got = fetch(there.address, policy=there.policy)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (got.body, got.truncated) == (bytes(there.policy.max_bytes), True)
    assert peak < 4 * 1024 * 1024


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (page(b"not gzip", b"Content-Encoding: gzip"), "encoding"),
        (page(b"x", b"Content-Encoding: br"), "encoding"),
        (page(gzip.compress(gzip.compress(b"x", mtime=0), mtime=0), b"Content-Encoding: gzip, gzip"), "encoding"),
        (page(gzip.compress(b"x" * 99, mtime=0)[:-9], b"Content-Encoding: gzip"), "incomplete"),
        (OK + b"Content-Length: 100\r\n\r\nshort", "incomplete"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel", "incomplete"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n", "incomplete"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "protocol"),
        (b"\x00\xff" * 50 + b"\r\n\r\n", "protocol"),
    ],
)
def test_a_broken_answer_is_a_failure_with_its_code(answer: Answer, code: str) -> None:
    with site(answer) as there, pytest.raises(FetchFailed) as failed:
        fetch(there.address, policy=there.policy)
    assert failed.value.code == code


def test_a_closed_port_is_a_failed_connection() -> None:
    with site(b"") as there:
        policy, address = there.policy, there.address
    with pytest.raises(FetchFailed) as failed:
        fetch(address, policy=policy)
    assert failed.value.code == "connection"


@pytest.mark.parametrize(
    "answer", [OK + b"odd header\r\n\r\nx", OK + b"A: b\r\n bad\x00: c\r\nnocolon\r\n\r\n", b"nonsense\r\n"]
)
def test_neither_logs_nor_errors_hold_the_address(answer: bytes, caplog: pytest.LogCaptureFixture) -> None:
    said = ""
    with site(answer) as there, caplog.at_level(0):
        try:
            fetch(f"{there.address}secret-path", policy=there.policy)
        except FetchFailed as failed:
            said = f"{failed} {failed.__cause__}"
    assert "secret-path" not in said + caplog.text
    assert "127.0.0.1" not in said + caplog.text


def test_headers_that_came_twice_are_joined() -> None:
    with site(page(b"", b"X-Kind: one", b"x-kind: two")) as there:
        assert fetch(there.address, policy=there.policy).headers["x-kind"] == "one, two"
