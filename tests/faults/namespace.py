"""A network of our own: in a fresh network namespace every address of the internet is this machine.

Inside, one name server, one web server on every port, one SOCKS proxy, and one ear at the wire that hears each attempt
to connect, whether anybody listens or not. Nothing leaves: the namespace has a loopback interface and no other.
"""

import contextlib
import os
import select
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

PORTS = (22, 25, 80, 443, 5432, 6379, 8080)
NAME_SERVER, PROXY_PORT = "127.0.0.1", 9050
_INSIDE = "OPENHOTLINE_FAULTS_NAMESPACE"
_A, _CNAME, _AAAA = 1, 5, 28
Answers = list[tuple[int, str]]


def enter() -> str | None:
    """Run this script again inside the namespace and end with its code; None when already inside.

    Returns a sentence when there can be no namespace here.
    """
    if os.environ.get(_INSIDE):
        return None
    command = [shutil.which("unshare") or "unshare", "--net", "--mount"]
    command += [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    try:
        subprocess.run([*command, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        return f"There can be no network namespace here, as root or by user namespaces: {error}"
    again = subprocess.run([*command, sys.executable, *sys.argv], env=os.environ | {_INSIDE: "1"}, check=False)
    raise SystemExit(again.returncode)


def furnish(folder: Path) -> None:
    """Make every address local, and have names asked for at our own server."""
    for command in (
        "ip link set lo up",
        "ip route add local 0.0.0.0/0 dev lo",
        "ip -6 route add local ::/0 dev lo",
        "sysctl -qw net.ipv6.bindv6only=0",
    ):
        subprocess.run(command.split(), check=True)
    for name, text in (("resolv.conf", f"nameserver {NAME_SERVER}\noptions timeout:1 attempts:1\n"), ("hosts", "")):
        (folder / name).write_text(text)
        subprocess.run(["mount", "--bind", folder / name, f"/etc/{name}"], check=True)
    (folder / "nsswitch.conf").write_text("hosts: files dns\n")
    if Path("/etc/nsswitch.conf").exists():
        subprocess.run(["mount", "--bind", folder / "nsswitch.conf", "/etc/nsswitch.conf"], check=True)


class Ear:
    """Hears every attempt: (address, port) of each TCP SYN, and of each UDP packet but to the name server."""

    def __init__(self) -> None:
        # The cooked view of the wire (packet(7)), so that both versions begin at the IP header.
        self._wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
        self._wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self._wire.settimeout(0)

    def heard(self) -> set[tuple[str, int]]:
        """Return what was heard since the last time."""
        found = set()
        while select.select([self._wire], [], [], 0)[0]:
            if (attempt := _attempt(self._wire.recv(256))) is not None:
                found.add(attempt)
        return found


def _attempt(packet: bytes) -> tuple[str, int] | None:
    version = packet[0] >> 4
    if version not in {4, 6}:
        return None
    at, protocol = ((packet[0] & 15) * 4, packet[9]) if version == 4 else (40, packet[6])
    address = str(ip_address(packet[16:20] if version == 4 else packet[24:40]))
    source, port = struct.unpack_from(">HH", packet, at)
    if protocol == socket.IPPROTO_TCP and packet[at + 13] & 0x12 == 0x02:
        return address, port
    is_name_server = address == NAME_SERVER and 53 in {source, port}
    return (address, port) if protocol == socket.IPPROTO_UDP and not is_name_server else None


@dataclass
class Names:
    """A name server: answers by name, one list of answers a time a name is asked for, the last for ever."""

    zone: dict[str, list[Answers]]
    asked: list[str] = field(default_factory=list)

    def serve(self) -> None:
        """Answer for ever, in a thread."""
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind((NAME_SERVER, 53))

        def answer() -> None:
            while True:
                question, whence = server.recvfrom(2048)
                server.sendto(self._answer(question), whence)

        threading.Thread(target=answer, daemon=True).start()

    def _answer(self, question: bytes) -> bytes:
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1 : at + 1 + question[at]].decode("latin-1"))
            at += question[at] + 1
        name, kind = ".".join(labels).lower(), struct.unpack_from(">H", question, at + 1)[0]
        self.asked.append(name)
        records = self._records(name, kind)
        flags = 0x8180 if records is not None else 0x8183  # an answer, or "no such name"
        head = question[:2] + struct.pack(">HHHHH", flags, 1, len(records or []), 0, 0)
        return head + question[12 : at + 5] + b"".join(records or [])

    def _records(self, name: str, kind: int) -> list[bytes] | None:
        """Return the answer section, a chain of names first, with a time to live of zero."""
        section: list[bytes] = []
        for _ in range(16):
            turns = self.zone.get(name) or _wildcard(name)
            if not turns:
                return section or None
            # The system asks for IPv4 and IPv6 at once: a turn is over when both were asked for.
            count = self.asked.count(name)
            answers = turns[min((count - 1) // 2, len(turns) - 1)]
            chain = next((value for what, value in answers if what == _CNAME), None)
            if chain is None:
                return section + [
                    _record(name, what, ip_address(value).packed) for what, value in answers if what == kind
                ]
            section.append(_record(name, _CNAME, _encoded(chain)))
            name = chain
        return section


def _wildcard(name: str) -> list[Answers]:
    """Names as 10-0-0-1.wild.hotline-corpus.org lead to the address they spell."""
    if not name.endswith(".wild.hotline-corpus.org"):
        return []
    return [[(_A, name.partition(".")[0].replace("-", "."))]]


def _encoded(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def _record(name: str, kind: int, data: bytes) -> bytes:
    return _encoded(name) + struct.pack(">HHIH", kind, 1, 0, len(data)) + data


def records(*values: str) -> Answers:
    """Return answers: addresses as they are, a name as the next of a chain."""
    return [(_kind(value), value) for value in values]


def _kind(value: str) -> int:
    try:
        return _A if ip_address(value).version == 4 else _AAAA
    except ValueError:
        return _CNAME


class Web:
    """A web server on every address and the ports that are tried; answers by path, else with "reached"."""

    def __init__(self, pages: dict[str, bytes], certificate: Path) -> None:
        self.pages = pages
        self.requests: list[bytes] = []
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(certificate)

    def serve(self) -> None:
        """Listen, in threads."""
        for port in PORTS:
            listener = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=100)
            threading.Thread(target=self._accept, args=(listener, port), daemon=True).start()
        proxy = socket.create_server((NAME_SERVER, PROXY_PORT))
        threading.Thread(target=self._accept, args=(proxy, PROXY_PORT), daemon=True).start()

    def _accept(self, listener: socket.socket, port: int) -> None:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=self._answer, args=(connection, port), daemon=True).start()

    def _answer(self, connection: socket.socket, port: int) -> None:
        with contextlib.suppress(OSError, ssl.SSLError), connection:
            connection.settimeout(3)
            if port == PROXY_PORT:
                connection.recv(100)
                connection.sendall(b"\x05\x00")
                self.requests.append(connection.recv(1000))
                connection.sendall(b"\x05\x00\x00\x01" + bytes(6))
            talk = self._tls.wrap_socket(connection, server_side=True) if port == 443 else connection
            request = talk.recv(65_536)
            self.requests.append(request)
            path = request.split(b" ", 2)[1].decode("latin-1").partition("?")[0]
            talk.sendall(self.pages.get(path, b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nreached"))


@contextlib.contextmanager
def environment(**values: str) -> Iterator[None]:
    """Set variables of the environment for a while."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
