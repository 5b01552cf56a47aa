"""From a site's name to its IP addresses."""

import threading

import pytest

from openhotline.core.net import names
from openhotline.core.net.errors import FetchFailed, FetchRefused
from openhotline.core.net.fetch import Policy, fetch


@pytest.mark.parametrize("host", ["8.8.8.8", "2000::1"])
def test_an_ip_address_answers_itself_without_a_question(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names.socket, "getaddrinfo", lambda *_args, **_more: pytest.fail("asked"))
    assert names.resolve(host) == (host,)


@pytest.mark.parametrize("host", ["example.org", "localhost.example.org", "mytest.org", "internal.example.org"])
def test_public_names_on_web_ports_are_not_refused(host: str) -> None:
    assert all(names.name_refusal(host, port) is None for port in (80, 443, 8000, 8080, 8443))


def test_this_machines_own_name_is_found() -> None:
    assert "127.0.0.1" in names.resolve("localhost")


def test_a_name_nobody_knows_fails_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_more: object) -> None:
        raise names.socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(names.socket, "getaddrinfo", unknown)
    with pytest.raises(FetchFailed, match="has no IP address") as failed:
        names.resolve("example.org")
    assert failed.value.code == "name"


def test_a_name_that_is_not_answered_in_time_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(names.socket, "getaddrinfo", lambda *_args, **_more: release.wait(5) and [])
    with pytest.raises(FetchFailed, match="was not answered") as failed:
        names.resolve("example.org", 0.05)
    release.set()
    assert failed.value.code == "name"


def test_names_are_asked_without_the_machines_search_domains(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(name: str, *_args: object, **_more: object) -> list[tuple[object, ...]]:
        asked.append(name)
        return [(2, 1, 6, "", ("8.8.8.8", 0)), (2, 1, 6, "", ("8.8.8.8", 0)), (10, 1, 6, "", ("2000::1", 0, 0, 0))]

    monkeypatch.setattr(names.socket, "getaddrinfo", answer)
    assert names.resolve("example.org") == ("8.8.8.8", "2000::1")
    assert asked == ["example.org."]


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost/",
        "http://router/",
        "http://metadata.google.internal/",
        "http://printer.local/",
        "http://abc.onion/",
        "http://8.8.8.8:22/",
        "https://example.org:6379/",
        "https://example.org:5432/",
    ],
)
def test_inner_names_onion_names_and_other_services_ports_are_refused_unresolved(address: str) -> None:
    def never(_host: str, _seconds: float) -> tuple[str, ...]:
        pytest.fail("a name was looked up")

    with pytest.raises(FetchRefused) as refused:
        fetch(address, policy=Policy(1000, 5.0, 0, authority="aut_1"), resolver=never)
    assert refused.value.code == "name"
