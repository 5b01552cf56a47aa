"""The practice registry: RDAP (RFC 9083) for this machine's own address and name, and nothing else."""

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

ABUSE = "abuse@provider.example"
PROVIDER = "Practice Hosting"
_CONFORMS = ["rdap_level_0"]


def record_of(path: str) -> dict[str, Any] | None:
    """Return the RFC 9083 object for an RDAP path such as ``/ip/127.0.0.1``, or None when it is not ours."""
    kind, _, name = path.strip("/").partition("/")
    if kind == "ip" and name in {"127.0.0.1", "127.0.0.0/8", "::1"}:
        version = "v6" if ":" in name else "v4"
        start, end = ("::1", "::1") if version == "v6" else ("127.0.0.0", "127.255.255.255")
        return _object("ip network") | {
            "handle": "PRACTICE-NET",
            "name": "PRACTICE-NET",
            "ipVersion": version,
            "startAddress": start,
            "endAddress": end,
            "country": "GB",
        }
    if kind == "domain" and name.lower() in {"localhost", "localhost.localdomain"}:
        return _object("domain") | {"handle": "PRACTICE-NAME", "ldhName": "localhost"}
    return None


def _object(kind: str) -> dict[str, Any]:
    """The abuse contact lies inside the registrant, as it does in many registries."""
    abuse = _entity("PRACTICE-ABUSE", "abuse", "Practice abuse desk", ["email", {}, "text", ABUSE])
    registrant = _entity("PRACTICE-ORG", "registrant", PROVIDER, ["org", {}, "text", PROVIDER])
    return {
        "rdapConformance": _CONFORMS,
        "objectClassName": kind,
        "entities": [registrant | {"entities": [abuse]}],
    }


def _entity(handle: str, role: str, name: str, *rows: list[Any]) -> dict[str, Any]:
    card = [["version", {}, "text", "4.0"], ["fn", {}, "text", name], *rows]
    return {"objectClassName": "entity", "handle": handle, "roles": [role], "vcardArray": ["vcard", card]}


class Registry(ThreadingHTTPServer):
    """RDAP over HTTP on loopback."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: whoever asked has left."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    wbufsize = -1

    def do_GET(self) -> None:
        record = record_of(unquote(urlsplit(self.path).path))
        status = HTTPStatus.OK if record else HTTPStatus.NOT_FOUND
        unknown = {"rdapConformance": _CONFORMS, "errorCode": 404, "title": "Not in the practice registry"}
        body = json.dumps(record or unknown).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/rdap+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_parts: object) -> None:
        """Keep no log."""
