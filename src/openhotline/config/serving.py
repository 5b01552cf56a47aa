"""The web server of a door."""

import logging
import select
import threading
import time
from typing import Any

from django.conf import settings
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from hashmatch.errors import IndexFileError
from openhotline.config.wsgi import application
from openhotline.core.sandbox.protocol import SandboxUnavailable
from openhotline.evidence.queries import sandbox_posture
from openhotline.hashlists.api.short_way import ShortWay
from openhotline.hashlists.models.glance import look_seldom
from openhotline.hashlists.queries.served import look_once
from openhotline.hashlists.services import count_lookups

MEMBERS = {"members", "all"}
STAYS_MS = 2
WAITS_SECONDS, MOST_WAITS = 0.0003, 8
log = logging.getLogger(__name__)


def open_sandbox(_worker: object) -> None:
    """Open the sandbox of a process that shows media, so that nobody who holds a key waits for it.

    The media door takes no request before; the door of practice shows other pages meanwhile. Where files cannot be
    opened safely the door still answers, with a sentence for every picture.
    """
    if settings.DOOR not in {"media", "all"}:
        return
    opening = threading.Thread(target=_open_sandbox, daemon=True)
    opening.start()
    if settings.DOOR == "media":
        opening.join()


def _open_sandbox() -> None:
    try:
        sandbox_posture()
    except SandboxUnavailable as unavailable:
        log.warning("no picture is shown: %s", unavailable)


def count_ahead(_worker: object) -> None:
    """Let a process that members ask count their lookups ahead, so that not each of them waits for the disk."""
    if settings.DOOR in MEMBERS:
        count_lookups.count_ahead()


def warm_up(_worker: object) -> None:
    """Search what is served once: code that is made ready at its first use is not made ready for a member's lookup."""
    if settings.DOOR in MEMBERS:
        try:
            look_once()
        except IndexFileError as broken:
            log.warning("the list is not searched: %s", broken)


def begin(worker: object) -> None:
    """Do what a process does before its first request."""
    warm_up(worker)
    count_ahead(worker)
    if settings.DOOR in MEMBERS:
        look_seldom()
    open_sandbox(worker)


def end(_server: object, _worker: object) -> None:
    """Do what a process does after its last request."""
    count_lookups.stop_counting_ahead()


class Staying(ThreadWorker):  # type: ignore[misc] # gunicorn ships no types
    """Answers the next request of a connection in the thread that answered the last one, if it comes at once.

    gunicorn gives a connection back to its main thread after each answer: two changes of threads, which cost as much as
    a lookup. A thread stays for so many milliseconds at most, and only while no other connection waits for one.
    """

    def accept(self, listener: Any) -> None:
        """Take a connection, unless a process that has fewer takes it first: each waits by how many it has.

        The one that is awake would else take all of them, and a process answers with one processor.
        """
        time.sleep(min(self.nr_conns, MOST_WAITS) * WAITS_SECONDS)
        super().accept(listener)

    def handle(self, conn: Any) -> Any:
        """Answer what comes; say whether the connection is kept, as gunicorn asks."""
        kept = super().handle(conn)
        while kept is True and self._comes_at_once(conn):
            kept = super().handle(conn)
        return kept

    def _comes_at_once(self, conn: Any) -> bool:
        # What was read ahead of a request is gunicorn's to begin with: it would not be seen at the socket.
        if not self.alive or conn.is_http2 or self.tpool._work_queue.qsize() or conn.parser.unreader.buf.getvalue():
            return False
        waiting = select.poll()
        waiting.register(conn.sock, select.POLLIN)
        return bool(waiting.poll(STAYS_MS))


class Door(BaseApplication):  # type: ignore[misc] # as above
    """Gunicorn with two processes of four threads; the application is loaded before they fork."""

    def __init__(self, *, port: int, host: str) -> None:
        self.address = f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        for name, value in {
            "bind": self.address,
            "workers": 2,
            "threads": 4,
            "worker_class": Staying if settings.DOOR in MEMBERS else "gthread",
            "timeout": 60,
            "graceful_timeout": 5,
            "loglevel": "warning",
            "preload_app": True,
            "control_socket_disable": True,
            "post_worker_init": begin,
            "worker_exit": end,
        }.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> object:
        """Return the application; where members ask, with the short way in front."""
        return ShortWay(application) if settings.DOOR in MEMBERS else application
