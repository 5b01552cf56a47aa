"""Providers for the faults of removal, in a process of their own: registry, web and mail server on loopback.

Each provider has an IP address of 127.0.0.0/8 and a mind of its own. What a mail names is taken down at once. Each
report is held against XARF as its project publishes it, by that project's own library. Mails are kept, one JSON
object a line, in the order in which they came.

    python providers.py PORTS_FILE MAILS_FILE SEED
"""

import asyncio
import json
import random
import sys
import threading
import time
from email import message_from_bytes, policy
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from xarf import schema_validator

GOOD = ("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5")
MOVES, LIES, UNAPPROVED, REFUSES = "127.0.0.6", "127.0.0.7", "127.0.0.8", "127.0.0.9"
EVERY = (*GOOD, MOVES, LIES, UNAPPROVED, REFUSES)
# In the order in which addresses are given to them: those that never take a mail are looked at for ever.
SPREAD = (*GOOD, MOVES, *GOOD, LIES, *GOOD, MOVES, *GOOD, UNAPPROVED, REFUSES)
HANGS_SECONDS = 2.0


def contact(ip: str, *, moved: bool = False) -> str:
    """Return the mail address that the registry names for a provider."""
    name = "new-abuse" if moved and ip == MOVES else "abuse"
    return f"{name}@p{ip.rpartition('.')[2]}.example"


class World:
    """What all three servers know."""

    def __init__(self, mails: Path, seed: int) -> None:
        self.down: set[tuple[str, str]] = set()
        self.mails, self.chance = mails, random.Random(seed)
        self.moved = mails.with_name("moved")

    def record(self, ip: str) -> dict[str, Any]:
        """Return what the registry says of an IP address; of one it says something about another network."""
        about = "192.0.2.1" if ip == LIES else ip
        mail = contact(ip, moved=self.moved.exists())
        entities = [
            {"roles": ["registrant"], "vcardArray": ["vcard", [["fn", {}, "text", f"Provider {ip}"]]]},
            {"roles": ["abuse"], "vcardArray": ["vcard", [["email", {}, "text", mail]]]},
        ]
        ends = {"startAddress": about, "endAddress": about}
        return {"objectClassName": "ip network", "name": "NET", "country": "GB", "entities": entities, **ends}


class Web(ThreadingHTTPServer):
    """The web site of one provider, and the registry, which now and then fails or says nothing usable."""

    daemon_threads = True
    request_queue_size = 128
    world: World


class _Answers(BaseHTTPRequestHandler):
    server: Web

    def do_GET(self) -> None:
        here = str(self.connection.getsockname()[0])
        if self.path.startswith("/ip/"):
            flaw = self.server.world.chance.random()
            body = json.dumps(self.server.world.record(self.path.removeprefix("/ip/"))).encode()
            self._answer(503 if flaw < 0.03 else 200, b"{" if 0.03 <= flaw < 0.05 else body)
        else:
            self._answer(404 if (here, self.path) in self.server.world.down else 200, b"page")

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class Box:
    """Takes mail, and in part does not: busy, silent, or refusing one provider for good."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Refuse one recipient for good."""
        if address == contact(REFUSES):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep a mail and take down what it names, or be busy, or be silent before or after."""
        flaw = self.world.chance.random()
        if flaw < 0.05:
            return "451 busy"
        if flaw < 0.07:
            await asyncio.sleep(HANGS_SECONDS)
            return "451 too late"
        self._keep(envelope)
        if flaw < 0.09:
            await asyncio.sleep(HANGS_SECONDS)
        return "250 OK"

    def _keep(self, envelope: Any) -> None:
        message = message_from_bytes(envelope.content, policy=policy.default)
        parts = [part.get_payload(decode=True) for part in message.iter_attachments()]
        reports = [json.loads(part) for part in parts]
        for report in reports:
            url = urlsplit(report["url"])
            self.world.down.add((str(url.hostname), url.path))
        line = {
            "id": str(message["Message-ID"]),
            "to": envelope.rcpt_tos,
            "urls": [report["url"] for report in reports],
            "reports": sha256(b"".join(parts)).hexdigest(),
            "moved": self.world.moved.exists(),
            "kinds": sorted({part.get_content_type() for part in message.walk()}),
            "unlike_xarf": [
                error.field or "the report" for report in reports for error in schema_validator.validate(report)
            ],
        }
        with self.world.mails.open("a") as file:
            file.write(json.dumps(line) + "\n")


class _Anywhere(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def serve(ports: Path, mails: Path, seed: int) -> None:
    """Serve until killed; the file of ports is written once everything answers."""
    world, port = World(mails, seed), 0
    for ip in ("127.0.0.1", *EVERY):
        server = Web((ip, port), _Answers)
        server.world, port = world, int(server.server_address[1])
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    controller = _Anywhere(Box(world), hostname="127.0.0.1", port=0)
    controller.start()
    aside = ports.with_suffix(".part")
    aside.write_text(json.dumps({"web": port, "mail": controller.port}))
    aside.rename(ports)
    while True:
        time.sleep(60)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
