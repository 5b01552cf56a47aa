"""The practice web site over HTTP/1.1: boards, threads, pictures, and three pages that behave badly."""

import contextlib
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

from openhotline.practice.site.content import HTML, Content
from openhotline.practice.site.taking_down import TakenDown

# RFC 5737: nobody is there, and practice refuses to connect to it.
AWAY = "http://192.0.2.1/elsewhere.html"
ENDLESS = b"<p>PRACTICE: and so on.</p>\n" * 300
_MOST_ENDLESS = 40_000


class Web(ThreadingHTTPServer):
    """One server for one collection."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, content: Content, down: TakenDown) -> None:
        self.content, self.down = content, down
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: whoever asked has left in the middle of an answer."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Web

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        if path == "/away":
            self._send(HTTPStatus.FOUND, b"", HTML, location=AWAY)
        elif path == "/endless":
            self._never_end(with_body=with_body)
        else:
            self._send_content(path, with_body=with_body)

    def _send_content(self, path: str, *, with_body: bool) -> None:
        down = self.server.down.asked_for(path)
        found = None if down else self.server.content.get(path, self.server.down.all() if "/threads/" in path else ())
        if found is None:
            self._send(HTTPStatus.NOT_FOUND, b"<!doctype html><title>PRACTICE: not here</title>", HTML, body=with_body)
        else:
            self._send(HTTPStatus.OK, found.body, found.content_type, body=with_body)

    def _send(
        self, status: HTTPStatus, content: bytes, content_type: str, *, location: str = "", body: bool = True
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Practice", "generated shapes only")
        if location:
            self.send_header("Location", location)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def _never_end(self, *, with_body: bool) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", HTML)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        chunk = f"{len(ENDLESS):x}\r\n".encode() + ENDLESS + b"\r\n"
        with contextlib.suppress(OSError):
            for _ in range(_MOST_ENDLESS if with_body else 0):
                self.wfile.write(chunk)
        self.close_connection = True

    def log_message(self, *_parts: object) -> None:
        """Keep no log: what is asked for is nobody's business."""
