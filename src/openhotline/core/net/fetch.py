"""Fetch one address as if everything on the other side were hostile."""

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Literal

import urllib3
from django.utils.http import is_same_domain
from urllib3.response import HTTPResponse

from openhotline.core.net import addresses, body, connection, names
from openhotline.core.net.addresses import ParsedAddress
from openhotline.core.net.errors import AddressInvalid, FetchFailed, FetchRefused
from openhotline.core.net.sockets import Meter

Turn = Callable[[str], AbstractContextManager[object]]
"""Waits until a host may be asked, holds it while the block lasts, and gives it back."""
_CHUNK = 65_536
_READ_AHEAD = 8_192
LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Policy:
    """The bounds of one fetch, redirects included.

    ``max_bytes`` counts the body after inflating. ``authority`` names the recorded authority under which this is
    fetched; without one nothing is. ``only`` is practice mode: exactly these (host, port) pairs, which may then be
    on this machine; everything else is refused. ``ours`` are the names and IP addresses this installation answers to,
    as Django's ``ALLOWED_HOSTS`` has them (``.example.org``: every name under it), which it never fetches. ``tor`` is
    the (IP address, port) of Tor's SOCKS proxy: onion sites, and only they, are reached through it.
    """

    max_bytes: int
    max_seconds: float
    max_redirects: int
    max_header_bytes: int = 32_768
    authority: str = ""
    only: frozenset[tuple[str, int]] | None = None
    ours: frozenset[str] = frozenset()
    tor: tuple[str, int] | None = None
    method: Literal["GET", "HEAD", "POST"] = "GET"
    accept: str = "*/*"
    agent: str = "Mozilla/5.0 (X11; Linux x86_64)"


@dataclass(frozen=True)
class Message:
    """What `post` sends: the bytes, and headers beside the usual ones."""

    content: bytes
    headers: Mapping[str, str]


EMPTY = Message(b"", {})


@dataclass(frozen=True)
class Fetched:
    """What came back. ``headers`` are lower-case; ``peer`` is the IP address it came from."""

    status: int
    headers: dict[str, str]
    body: bytes
    final_address: str
    peer: str
    truncated: bool


def _at_once(_host: str) -> AbstractContextManager[object]:
    return nullcontext()


def asked_each_time(covered: Callable[[], object]) -> Turn:
    """Return a turn that waits for nobody and asks before each request, that of a redirect too: what it raises ends it.

    ``covered`` is who knows whether it may still be fetched, at that moment.
    """

    @contextmanager
    def turn(_host: str) -> Iterator[None]:
        covered()
        yield

    return turn


def fetch(address: str, *, policy: Policy, resolver: names.Resolver = names.resolve, turn: Turn = _at_once) -> Fetched:
    """Fetch one address: no cookies, no credentials, no proxy, each redirect read and checked anew.

    Each request, that of a redirect too, is made while its own host's ``turn`` is held; what is waited for it is not
    counted among the seconds of the policy, and what it raises ends the fetch.

    Raises:
        FetchRefused: we declined. ``code``: authority, address, practice, own, name, range, redirect, redirects,
            headers, endless.
        FetchFailed: it did not work. ``code``: name, connection, timeout, tls, incomplete, encoding, protocol.
    """
    if not policy.authority:
        raise FetchRefused("Nothing is fetched without naming the recorded authority it is done under.", "authority")
    ends = time.monotonic() + policy.max_seconds
    target = _parsed(address)
    for _ in range(policy.max_redirects + 1):
        asked = time.monotonic()
        with turn(target.host):
            ends += time.monotonic() - asked
            answer, location = _one(target, policy, ends, resolver)
        if location is None:
            return answer
        page, target = target, _redirected(location, target)
        if names.is_onion(page.host) and not names.is_onion(target.host):
            raise FetchRefused("The onion site redirects out of Tor, where it would see who looks.", "redirect")
    raise FetchRefused(f"The site redirects more than {policy.max_redirects} times.", "redirects")


def post(address: str, *, message: Message, policy: Policy, resolver: names.Resolver = names.resolve) -> int:
    """Send a message to an address under the same bounds as a fetch, and return the status of the answer.

    Encrypted only, but in practice; no redirect is followed: its status is returned. Raises as `fetch` does.
    """
    if not policy.authority:
        raise FetchRefused("Nothing is sent without naming the authority it is done under.", "authority")
    target = _parsed(address)
    if target.scheme != "https" and policy.only is None:
        raise FetchRefused("A message is sent by https only.", "address")
    ends = time.monotonic() + policy.max_seconds
    return _one(target, replace(policy, method="POST"), ends, resolver, message)[0].status


def ask(address: str, *, message: Message, policy: Policy, resolver: names.Resolver = names.resolve) -> Fetched:
    """Ask a server that the operator set up, with the headers of a message, under the same bounds as a fetch.

    No redirect is followed, and what is asked is exactly what was signed: an address that reads otherwise than it is
    written is refused. Encrypted only, but to this machine. Raises as `fetch` does.
    """
    if not policy.authority:
        raise FetchRefused("Nothing is fetched without naming the recorded authority it is done under.", "authority")
    target = _parsed(address)
    if target.canonical != address:
        raise FetchRefused("The name of the object cannot be part of an address as it is.", "address")
    if target.scheme != "https" and target.host not in LOCAL:
        raise FetchRefused("An object store is asked by https only, but on this machine.", "address")
    return _one(target, policy, time.monotonic() + policy.max_seconds, resolver, message)[0]


def _parsed(address: str) -> ParsedAddress:
    try:
        return addresses.parse(address)
    except AddressInvalid as error:
        raise FetchRefused(str(error), "address") from None


def _redirected(location: str, page: ParsedAddress) -> ParsedAddress:
    try:
        return addresses.joined(location, page.canonical)
    except AddressInvalid as error:
        raise FetchRefused(f"The site redirects to what cannot be fetched. {error}", "redirect") from None


def _one(
    target: ParsedAddress, policy: Policy, ends: float, resolver: names.Resolver, message: Message = EMPTY
) -> tuple[Fetched, str | None]:
    """One request and its answer; the second value is where it redirects to."""
    # The parser reads ahead of the headers by one buffer.
    meter = Meter(ends, policy.max_header_bytes + _READ_AHEAD)
    route = _route(target, policy, meter, resolver)
    progress = _Progress()
    try:
        conn = connection.open_connection(target, route)
        try:
            response = _asked(conn, target, policy, message)
            return _answer(response, target, policy, route, progress)
        finally:
            conn.close()
    except (FetchRefused, FetchFailed):
        raise
    except Exception as error:  # noqa: BLE001 - whatever a hostile site makes the client raise is a failed fetch
        raise _translated(error, meter, policy, progress) from None


def _route(
    target: ParsedAddress, policy: Policy, meter: Meter, resolver: names.Resolver
) -> connection.Route | connection.TorRoute:
    _refuse_ours(target.host.rstrip("."), policy.ours)
    if policy.tor is not None and policy.only is None and names.is_onion(target.host):
        connection.check_onion(target)
        return connection.TorRoute(policy.tor, target.host, target.port, meter)
    ips = connection.checked_ips(target, policy.only, meter.ends, resolver)
    for ip in ips:
        # Another name may lead here as well.
        _refuse_ours(f"[{ip}]" if ":" in ip else ip, policy.ours)
    return connection.Route(ips, target.port, meter)


def _refuse_ours(host: str, ours: frozenset[str]) -> None:
    if any(is_same_domain(host, name) for name in ours):
        raise FetchRefused("The address is this hotline's own; it does not fetch itself.", "own")


@dataclass
class _Progress:
    headers_done: bool = False


def _asked(
    conn: connection.PinnedHTTP | connection.PinnedHTTPS, target: ParsedAddress, policy: Policy, message: Message
) -> HTTPResponse:
    headers = {
        "Accept": policy.accept,
        "Accept-Encoding": "identity",
        "User-Agent": policy.agent,
        "Connection": "close",
    }
    conn.request(
        policy.method,
        addresses.request_target(target),
        body=message.content or None,
        headers=headers | dict(message.headers),
        preload_content=False,
        decode_content=False,
    )
    return conn.getresponse()


def _answer(
    response: HTTPResponse,
    target: ParsedAddress,
    policy: Policy,
    route: connection.Route | connection.TorRoute,
    progress: _Progress,
) -> tuple[Fetched, str | None]:
    headers = _bounded_headers(response, policy)
    progress.headers_done = True
    # Chunked framing may cost as much as the content; more than that is a server that plays.
    route.meter.ceiling += 2 * policy.max_bytes + _CHUNK
    location = next(iter(response.headers.getlist("location")), None) if response.status in _REDIRECTS else None
    content, cut = b"", False
    if location is None and policy.method != "HEAD":
        content, cut = body.collect(_stream(response), headers.get("content-encoding", ""), policy.max_bytes)
    fetched = Fetched(response.status, headers, content, target.canonical, route.peer, cut)
    return fetched, location


def _stream(response: HTTPResponse) -> Iterator[bytes]:
    yield from response.stream(_CHUNK, decode_content=False)


def _bounded_headers(response: HTTPResponse, policy: Policy) -> dict[str, str]:
    if sum(len(name) + len(value) + 4 for name, value in response.headers.items()) > policy.max_header_bytes:
        raise _too_many_headers(policy)
    # Headers that came several times are joined by commas.
    return {name.lower(): response.headers[name] for name in response.headers}


def _too_many_headers(policy: Policy) -> FetchRefused:
    return FetchRefused(f"The site's headers are longer than {policy.max_header_bytes:,} bytes.", "headers")


def _translated(error: Exception, meter: Meter, policy: Policy, progress: _Progress) -> Exception:
    """The sentence for what happened; the library's own text is dropped, for it holds the address."""
    if meter.exhausted:
        endless = FetchRefused("The page never ends: its framing is larger than its content.", "endless")
        return endless if progress.headers_done else _too_many_headers(policy)
    if meter.expired or isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError):
        return FetchFailed(f"The page did not finish within {policy.max_seconds:g} seconds.", "timeout")
    if isinstance(error, ssl.SSLError | urllib3.exceptions.SSLError):
        return FetchFailed("No trusted encrypted connection to the site was possible.", "tls")
    if isinstance(error, urllib3.exceptions.IncompleteRead) or progress.headers_done:
        return FetchFailed("The site stopped before the end of the page.", "incomplete")
    if isinstance(error, OSError) and meter.received == 0:
        return FetchFailed("The site did not accept a connection.", "connection")
    return FetchFailed("The site's answer is not HTTP that can be read.", "protocol")
