"""Where a fetch may go: every test runs real listeners on this machine and counts who connects."""

import itertools
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

import pytest

from openhotline.core.net import ranges
from openhotline.core.net.errors import FetchFailed, FetchRefused
from openhotline.core.net.fetch import Policy, fetch

OK = b"HTTP/1.1 200 OK\r\n"


@dataclass
class Site:
    """A listener: counts connections, keeps the requests, answers as told."""

    answer: bytes
    host: str = "127.0.0.1"
    port: int = 0
    accepted: int = 0
    requests: list[bytes] = field(default_factory=list)
    listener: socket.socket = field(default_factory=socket.socket)

    def run(self) -> None:
        """Accept until the listener is closed."""
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.accepted += 1
                threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection: socket.socket) -> None:
        """Keep the request, send the answer."""
        with suppress(OSError), connection:
            request = b""
            while b"\r\n\r\n" not in request:
                request += connection.recv(65_536) or b"\r\n\r\n"
            self.requests.append(request)
            connection.sendall(self.answer)

    @property
    def address(self) -> str:
        """Of the front page."""
        return f"http://{self.host}:{self.port}/"

    @property
    def policy(self) -> Policy:
        """Practice mode for just this site."""
        return Policy(100_000, 5.0, 3, authority="aut_1", only=frozenset({(self.host, self.port)}))


@contextmanager
def site(answer: bytes, host: str = "127.0.0.1") -> Iterator[Site]:
    running = Site(answer, host)
    running.listener.bind((host, 0))
    running.port = running.listener.getsockname()[1]
    running.listener.listen(50)
    threading.Thread(target=running.run, daemon=True).start()
    yield running
    with suppress(OSError):
        running.listener.shutdown(socket.SHUT_RDWR)
    running.listener.close()


def redirect(to: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


def page(body: bytes, *headers: bytes) -> bytes:
    lines = [b"Content-Length: %d" % len(body), *headers]
    return OK + b"\r\n".join(lines) + b"\r\n\r\n" + body


def test_a_page_comes_back_with_status_headers_body_and_peer() -> None:
    with site(page(b"hello", b"Content-Type: text/plain")) as there:
        got = fetch(there.address, policy=there.policy)
    assert (got.status, got.body, got.truncated) == (200, b"hello", False)
    assert (got.headers["content-type"], got.final_address, got.peer) == ("text/plain", there.address, "127.0.0.1")


def test_the_request_has_the_name_and_nothing_about_us(monkeypatch: pytest.MonkeyPatch) -> None:
    with site(page(b"")) as there:
        fetch(f"http://someone:secret@127.0.0.1:{there.port}/a?b#c", policy=there.policy)
    sent = there.requests[0].lower()
    assert sent.startswith(b"get /a?b http/1.1\r\n")
    assert f"host: 127.0.0.1:{there.port}\r\n".encode() in sent
    assert b"accept-encoding: identity\r\n" in sent
    assert not any(word in sent for word in (b"secret", b"authorization", b"cookie", b"referer", b"python", b"urllib"))


def test_proxies_in_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with site(page(b"proxy")) as proxy, site(page(b"site")) as there:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.address)
        assert fetch(there.address, policy=there.policy).body == b"site"
    assert proxy.accepted == 0


def test_without_a_recorded_authority_nothing_is_fetched() -> None:
    with site(page(b"")) as there, pytest.raises(FetchRefused) as refused:
        fetch(there.address, policy=replace(there.policy, authority=""))
    assert (refused.value.code, there.accepted) == ("authority", 0)


@pytest.mark.parametrize(
    ("ours", "address"),
    [
        ("report.hotline.org", "https://Report.Hotline.org./desk/"),
        (".hotline.org", "https://desk.hotline.org/"),
        (".hotline.org", "https://hotline.org/"),
    ],
)
def test_the_hotline_does_not_fetch_itself(ours: str, address: str) -> None:
    """By none of the names it answers to, those under a domain of its own too."""

    def never(_host: str, _seconds: float) -> tuple[str, ...]:
        pytest.fail("a name was looked up")

    policy = Policy(1000, 5.0, 1, authority="aut_1", ours=frozenset({ours}))
    with pytest.raises(FetchRefused) as refused:
        fetch(address, policy=policy, resolver=never)
    assert refused.value.code == "own"


@pytest.mark.parametrize(("ours", "ip"), [("93.184.216.34", "93.184.216.34"), ("[2606:4700::1]", "2606:4700::1")])
def test_another_name_that_leads_to_its_own_ip_address_is_refused(ours: str, ip: str) -> None:
    policy = Policy(1000, 5.0, 1, authority="aut_1", ours=frozenset({ours}))
    with pytest.raises(FetchRefused) as refused:
        fetch("https://elsewhere.org/", policy=policy, resolver=lambda _host, _seconds: (ip,))
    assert refused.value.code == "own"


def test_a_name_that_only_ends_like_its_own_is_another() -> None:
    policy = Policy(1000, 5.0, 1, authority="aut_1", ours=frozenset({".hotline.org", "hotline.org"}))
    with pytest.raises(FetchFailed) as failed:
        fetch("https://nothotline.org/", policy=policy, resolver=lambda _host, _seconds: ())
    assert failed.value.code == "name"


def test_cookies_of_one_answer_are_not_sent_to_the_next() -> None:
    with site(page(b"", b"Set-Cookie: a=b")) as there:
        fetch(there.address, policy=there.policy)
        fetch(there.address, policy=there.policy)
    assert b"cookie" not in there.requests[1].lower()


def test_head_asks_for_no_body() -> None:
    with site(OK + b"Content-Length: 999999\r\n\r\n") as there:
        got = fetch(there.address, policy=replace(there.policy, method="HEAD"))
    assert (got.body, got.headers["content-length"]) == (b"", "999999")
    assert there.requests[0].startswith(b"HEAD ")


@pytest.mark.parametrize("address", ["http://127.0.0.1:{port}/", "http://127.1:{port}/", "http://0x7f000001:{port}/"])
def test_without_practice_mode_this_machine_is_refused_and_sees_no_connection(address: str) -> None:
    with site(page(b"")) as inner, pytest.raises(FetchRefused) as refused:
        fetch(address.format(port=inner.port), policy=replace(inner.policy, only=None))
    assert (refused.value.code, inner.accepted) == ("range", 0)


def test_planted_bug_without_the_table_the_listener_sees_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "refusal", lambda _ip: None)
    with site(page(b"inner")) as inner:
        assert fetch(inner.address, policy=replace(inner.policy, only=None)).body == b"inner"
    assert inner.accepted == 1


def let_through(monkeypatch: pytest.MonkeyPatch, *ips: str) -> None:
    """The table as it is, except for these addresses, so that a first hop can be served from this machine."""
    table = ranges.refusal
    monkeypatch.setattr(ranges, "refusal", lambda ip: None if ip in ips else table(ip))


def test_a_redirect_to_a_refused_address_makes_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    let_through(monkeypatch, "127.0.0.1")
    with site(page(b"inner"), "127.0.0.2") as inner, site(redirect(inner.address)) as outer:
        policy = replace(outer.policy, only=None)
        with pytest.raises(FetchRefused) as refused:
            fetch(outer.address, policy=policy)
    assert (refused.value.code, outer.accepted, inner.accepted) == ("range", 1, 0)


def test_planted_bug_with_the_second_hop_unchecked_the_inner_site_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    let_through(monkeypatch, "127.0.0.1", "127.0.0.2")
    with site(page(b"inner"), "127.0.0.2") as inner, site(redirect(inner.address)) as outer:
        assert fetch(outer.address, policy=replace(outer.policy, only=None)).final_address == inner.address
    assert inner.accepted == 1


def test_practice_fetches_only_the_practice_site_also_by_redirect() -> None:
    with site(page(b"")) as other, site(redirect(other.address)) as practice:
        for address in (other.address, practice.address, "https://example.org/"):
            with pytest.raises(FetchRefused, match=r"^Practice fetches only the practice site$"):
                fetch(address, policy=practice.policy)
    assert other.accepted == 0


@pytest.mark.parametrize("to", ["file:///etc/passwd", "gopher://x/", "javascript:1", "http://[", "data:,x", "ftp://h/"])
def test_a_redirect_elsewhere_than_the_web_is_refused(to: str) -> None:
    with site(redirect(to)) as there, pytest.raises(FetchRefused) as refused:
        fetch(there.address, policy=there.policy)
    assert refused.value.code == "redirect"


def test_a_relative_redirect_is_followed_and_a_loop_ends() -> None:
    with site(redirect("/again")) as there, pytest.raises(FetchRefused) as refused:
        fetch(there.address, policy=there.policy)
    assert (refused.value.code, there.accepted) == ("redirects", there.policy.max_redirects + 1)
    assert there.requests[1].startswith(b"GET /again ")


@pytest.mark.parametrize("answers", [("127.0.0.1", "10.0.0.1"), ("::ffff:127.0.0.1",), ("10.0.0.1", "8.8.8.8")])
def test_one_inner_address_among_the_answers_refuses_the_site(
    answers: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    let_through(monkeypatch, "127.0.0.1")
    with site(page(b"")) as there:
        address, policy = f"http://example.org:{there.port}/", replace(there.policy, only=None)
        with pytest.raises(FetchRefused) as refused:
            fetch(address, policy=policy, resolver=lambda _host, _seconds: answers)
    assert (refused.value.code, there.accepted) == ("range", 0)


def test_a_name_that_changes_its_answer_is_asked_once_and_the_checked_address_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    let_through(monkeypatch, "127.0.0.1")
    answers = itertools.chain([("127.0.0.1",)], itertools.repeat(("127.0.0.2",)))
    with site(page(b"first")) as there:
        policy = replace(there.policy, only=None)
        got = fetch(f"http://example.org:{there.port}/", policy=policy, resolver=lambda _host, _seconds: next(answers))
    assert (got.body, got.peer, next(answers)) == (b"first", "127.0.0.1", ("127.0.0.2",))
    assert f"Host: example.org:{there.port}".encode() in there.requests[0]
