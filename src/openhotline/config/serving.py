"""The web server of a door."""

import logging
import threading

from django.conf import settings
from gunicorn.app.base import BaseApplication

from hashmatch.errors import IndexFileError
from openhotline.config.wsgi import application
from openhotline.core.sandbox.protocol import SandboxUnavailable
from openhotline.evidence.queries import sandbox_posture
from openhotline.hashlists.api.short_way import ShortWay
from openhotline.hashlists.queries.served import look_once
from openhotline.hashlists.services import count_lookups

MEMBERS = {"members", "all"}
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
    open_sandbox(worker)


def end(_server: object, _worker: object) -> None:
    """Do what a process does after its last request."""
    count_lookups.stop_counting_ahead()


class Door(BaseApplication):  # type: ignore[misc] # gunicorn ships no types
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
            "worker_class": "gthread",
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
