"""The practice site, the provider's mail server and the registry, together in threads of one process."""

import threading
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from openhotline.practice.site.content import Content
from openhotline.practice.site.mailbox import Mailbox
from openhotline.practice.site.registry import Registry
from openhotline.practice.site.taking_down import TakenDown
from openhotline.practice.site.web import Web


@dataclass(frozen=True)
class Ports:
    """Where the three servers listen on 127.0.0.1; 0 takes a free port."""

    web: int = 0
    mail: int = 0
    rdap: int = 0


class Site:
    """A context manager: the ports are bound when it is made, answers come after ``start``.

    ``collection`` is the folder with the manifest; ``state`` keeps what was taken down and the mails. Raises OSError
    when a port is taken.
    """

    def __init__(
        self, collection: Path, state: Path, ports: Ports | None = None, *, patience: int = 0, share: float = 1.0
    ) -> None:
        wanted = ports or Ports()
        self.content = Content(collection)
        self.down = TakenDown(state, patience=patience, share=share)
        with ExitStack() as opened:
            self._web = Web(wanted.web, self.content, self.down)
            opened.callback(self._web.server_close)
            self._rdap = Registry(wanted.rdap)
            opened.callback(self._rdap.server_close)
            web = self._web.server_port
            hosts = frozenset({f"127.0.0.1:{web}", f"localhost:{web}"})
            self.mailbox = Mailbox(wanted.mail, state / "spool", self.down, hosts)
            opened.pop_all()
        self.ports = Ports(web=web, mail=self.mailbox.port, rdap=self._rdap.server_port)
        self._threads = [
            threading.Thread(target=server.serve_forever, args=(0.02,), name=name, daemon=True)
            for name, server in (("practice site", self._web), ("practice registry", self._rdap))
        ]

    @property
    def origin(self) -> str:
        """Return the site's origin, such as ``http://127.0.0.1:8090``."""
        return f"http://127.0.0.1:{self.ports.web}"

    def start(self) -> Self:
        """Serve until ``stop``."""
        self.mailbox.start()
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        """Stop all three and close their ports."""
        for server in (self._web, self._rdap):
            server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join(5)
        self.mailbox.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
