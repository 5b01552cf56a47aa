"""The web server's processes: which of them open a sandbox, and when."""

import io
import queue
import socket
from types import SimpleNamespace

import pytest
from django.conf import LazySettings

from hashmatch.errors import IndexFileError
from openhotline.config import serving
from openhotline.core.sandbox.parent import Posture
from openhotline.core.sandbox.protocol import SandboxUnavailable


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []

    def posture() -> Posture:
        seen.append("opened")
        return Posture("sandboxed", ())

    monkeypatch.setattr(serving, "sandbox_posture", posture)
    return seen


def test_the_media_door_has_its_sandbox_before_the_first_request(settings: LazySettings, opened: list[str]) -> None:
    settings.DOOR = "media"
    serving.open_sandbox(None)
    assert opened == ["opened"]


@pytest.mark.parametrize("door", ["public", "desk", "members"])
def test_a_door_that_shows_no_picture_opens_no_sandbox(settings: LazySettings, opened: list[str], door: str) -> None:
    settings.DOOR = door
    serving.open_sandbox(None)
    assert opened == []


def test_the_door_answers_where_files_cannot_be_opened_safely(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def posture() -> Posture:
        raise SandboxUnavailable("There is no bubblewrap.")

    monkeypatch.setattr(serving, "sandbox_posture", posture)
    settings.DOOR = "media"
    serving.open_sandbox(None)
    assert "There is no bubblewrap." in caplog.text


@pytest.mark.parametrize(("door", "calls"), [("members", ["begun"]), ("public", [])])
def test_lookups_are_counted_ahead_where_members_ask_and_nowhere_else(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, door: str, calls: list[str]
) -> None:
    """Another door keeps no thread for it."""
    begun: list[str] = []
    monkeypatch.setattr(serving.count_lookups, "count_ahead", lambda: begun.append("begun"))
    settings.DOOR = door
    serving.count_ahead(None)
    assert begun == calls


def test_a_list_that_cannot_be_read_keeps_no_process_from_starting(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The door says what is wrong in its log, and answers what needs no list."""

    def broken() -> None:
        raise IndexFileError("The file is cut short.")

    monkeypatch.setattr(serving, "look_once", broken)
    settings.DOOR = "members"
    serving.warm_up(None)
    assert "The file is cut short." in caplog.text


class Kept:
    """A connection that a client keeps open, as a thread of the server sees it."""

    is_http2 = False

    def __init__(self, server: socket.socket, ahead: bytes = b"") -> None:
        self.sock = server
        self.parser = SimpleNamespace(unreader=SimpleNamespace(buf=io.BytesIO(ahead)))


@pytest.fixture
def thread(monkeypatch: pytest.MonkeyPatch) -> tuple[serving.Staying, list[bytes]]:
    """A thread of a door, and what it answered: gunicorn's own part reads a byte of a request."""
    answered: list[bytes] = []

    def answer(_self: object, conn: Kept) -> bool:
        answered.append(conn.sock.recv(1))
        return True

    monkeypatch.setattr(serving.ThreadWorker, "handle", answer)
    one = object.__new__(serving.Staying)
    one.alive, one.tpool = True, SimpleNamespace(_work_queue=queue.SimpleQueue())
    return one, answered


def test_a_thread_answers_what_comes_at_once_and_then_gives_the_connection_back(
    thread: tuple[serving.Staying, list[bytes]],
) -> None:
    """Three requests that are there are answered; when none comes the connection goes back, and is kept."""
    staying, answered = thread
    client, server = socket.socketpair()
    with client, server:
        client.sendall(b"abc")
        assert staying.handle(Kept(server)) is True
    assert answered == [b"a", b"b", b"c"]


@pytest.mark.parametrize("why", ["others wait", "it ends", "read ahead"])
def test_a_thread_does_not_stay_while_others_wait_or_where_it_would_not_see_the_next(
    thread: tuple[serving.Staying, list[bytes]], why: str
) -> None:
    """Another connection has its turn; a door that stops takes nothing up; what was read is not at the socket."""
    staying, answered = thread
    if why == "others wait":
        staying.tpool._work_queue.put("another")
    staying.alive = why != "it ends"
    client, server = socket.socketpair()
    with client, server:
        client.sendall(b"abc")
        assert staying.handle(Kept(server, b"x" if why == "read ahead" else b"")) is True
    assert answered == [b"a"]


def test_a_process_that_has_connections_lets_one_that_has_fewer_take_the_next(
    thread: tuple[serving.Staying, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits the longer the more it has, to a bound; one without any does not wait."""
    waited: list[float] = []
    monkeypatch.setattr(serving.time, "sleep", waited.append)
    monkeypatch.setattr(serving.ThreadWorker, "accept", lambda *_: None)
    staying, _ = thread
    for staying.nr_conns in (0, 1, 3, 1_000):
        staying.accept(None)
    assert waited[0] == 0
    assert waited == sorted(waited)
    assert waited[-1] <= serving.MOST_WAITS * serving.WAITS_SECONDS
