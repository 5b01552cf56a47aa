"""A partner's server on loopback: a real one, which keeps what it was sent and answers as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Ear:
    """What was heard; ``answers`` are given in turn, the last one again and again."""

    port: int = 0
    answers: list[int] = field(default_factory=lambda: [204])
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self.port}/hooks"


@contextmanager
def listening() -> Iterator[Ear]:
    """Listen on a free port."""
    ear = Ear()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name for it
            body = self.rfile.read(int(self.headers["Content-Length"]))
            ear.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(ear.answers.pop(0) if len(ear.answers) > 1 else ear.answers[0])
            self.send_header("Location", ear.address)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ear.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield ear
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
