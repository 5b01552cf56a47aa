"""What the DNS says of a host: asked of a name server on this machine."""

import socket
import threading
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from openhotline.core.net.dns import Names, Server, look_up
from openhotline.core.net.errors import FetchFailed

ZONE = {
    ("www.site.org.", "A"): (
        "www.site.org. 60 IN CNAME site.front.example.",
        "site.front.example. 60 IN A 192.0.2.7",
    ),
    ("site.org.", "NS"): ("site.org. 60 IN NS ns1.registrar.example.",),
}


@pytest.fixture
def server() -> Iterator[Server]:
    """A name server; it does not answer for names that begin with silent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        serving = threading.Thread(target=serve, args=[sock], daemon=True)
        serving.start()
        yield Server("127.0.0.1", sock.getsockname()[1])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", sock.getsockname())
        serving.join()


def serve(sock: socket.socket) -> None:
    while True:
        content, sender = sock.recvfrom(4096)
        if not content:
            return
        asked = dns.message.from_wire(content)
        name, kind = asked.question[0].name.to_text(), dns.rdatatype.to_text(asked.question[0].rdtype)
        if name.startswith("silent"):
            continue
        answer = dns.message.make_response(asked)
        answer.flags |= dns.flags.RA
        for line in ZONE.get((name, kind), ()):
            owner, ttl, _, rtype, value = line.split()
            answer.answer.append(dns.rrset.from_text(owner, int(ttl), "IN", rtype, value))
        if name.startswith("nowhere"):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        sock.sendto(answer.to_wire(), sender)


def test_addresses_and_the_names_a_host_stands_for_are_told(server: Server) -> None:
    assert look_up("www.site.org", servers=[server], seconds=2) == Names(
        ("192.0.2.7",), ("site.front.example",), ("ns1.registrar.example",)
    )


def test_an_ip_address_answers_itself_and_an_onion_name_is_never_asked_for() -> None:
    assert look_up("192.0.2.1") == Names(("192.0.2.1",))
    with pytest.raises(FetchFailed, match="never looked up"):
        look_up(f"{'a' * 56}.onion")


@pytest.mark.parametrize("host", ["nowhere.example", "silent.example"])
def test_a_name_that_is_not_there_or_not_answered_is_a_sentence(server: Server, host: str) -> None:
    with pytest.raises(FetchFailed) as failed:
        look_up(host, servers=[server], seconds=0.3)
    assert failed.value.code == "name"
    assert host not in str(failed.value)
