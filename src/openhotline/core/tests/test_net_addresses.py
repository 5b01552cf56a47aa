"""Reading web addresses as people write them."""

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openhotline.core.net import addresses
from openhotline.core.net.errors import AddressInvalid


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("https://example.org", "https://example.org/"),
        ("HTTP://EXAMPLE.org:80/A?b#c", "http://example.org/A?b#c"),
        ("  https://example.org/a b \n", "https://example.org/a%20b"),
        ("example.org/page", "https://example.org/page"),
        ("//example.org/page", "https://example.org/page"),
        ("example.org:8080/page", "https://example.org:8080/page"),
        ("localhost:8001/board", "https://localhost:8001/board"),
        ("hxxp://example[.]org/a", "http://example.org/a"),
        ("hXXps[:]//www[.]example(.)org/a[.]jpg", "https://www.example.org/a.jpg"),
        ("example[dot]org", "https://example.org/"),
        ("https://example.org/a[.]jpg", "https://example.org/a[.]jpg"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https:\\\\example.org\\a", "https://example.org/a"),
        ("http://127.1/", "http://127.0.0.1/"),
        ("http://0x7f000001/", "http://127.0.0.1/"),
        ("http://\uff11\uff12\uff17.0.0.1/", "http://127.0.0.1/"),
        ("http://[::FFFF:127.0.0.1]/", "http://[::ffff:7f00:1]/"),
        ("https://example.org/a/../b", "https://example.org/b"),
    ],
)
def test_one_canonical_form_as_browsers_have_it(raw: str, canonical: str) -> None:
    parsed = addresses.parse(raw)
    assert (parsed.raw, parsed.canonical) == (raw, canonical)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "  ",
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "mailto:a@example.org",
        "tel:123",
        "data:text/html,x",
        "gopher://example.org",
        "https://",
        "https://exa mple.org/",
        "https://a[b]c/",
        "blob:x",
        "https://example.org/\x00",
        "https://exa\nmple.org/",
        "https://e\tx.org",
        "https://x\x85y.org",
        "�.org",
        "https://example.org:99999/",
        "https://1.2.3.4.5/",
        "https://[::1/",
        "https://example.org/" + "a" * 8192,
        "https://example.org/" + "ü" * 4000,
        "https://%00.org/",
    ],
)
def test_what_is_no_web_address_is_refused_with_a_sentence(raw: str) -> None:
    with pytest.raises(AddressInvalid, match=r"\.$"):
        addresses.parse(raw)


def test_user_name_and_password_stay_out_of_the_canonical_form_and_are_mentioned() -> None:
    parsed = addresses.parse("https://example.org@evil.example:8443/x")
    assert parsed.canonical == "https://evil.example:8443/x"
    assert (parsed.host, parsed.port) == ("evil.example", 8443)
    assert parsed.notes == ("a user name or password was left out",)


@pytest.mark.parametrize(
    ("host", "domain"),
    [("a.b.example.co.uk", "example.co.uk"), ("example.org.", "example.org"), ("localhost", ""), ("8.8.8.8", "")],
)
def test_the_registered_domain_is_under_the_public_suffix(host: str, domain: str) -> None:
    assert addresses.parse(f"https://{host}/").registered_domain == domain


def test_an_ipv6_host_has_no_brackets_and_no_registered_domain() -> None:
    parsed = addresses.parse("http://[2001:4860:4860::8888]:8080/")
    assert (parsed.host, parsed.port, parsed.registered_domain) == ("2001:4860:4860::8888", 8080, "")


def test_what_is_asked_of_the_server_has_no_fragment() -> None:
    assert addresses.request_target(addresses.parse("https://example.org/a?b=c#d")) == "/a?b=c"


@pytest.mark.parametrize(
    ("reference", "canonical"),
    [
        ("x.png", "https://example.org/a/x.png"),
        ("//b.example/", "https://b.example/"),
        ("?q", "https://example.org/a/b?q"),
    ],
)
def test_a_link_is_read_from_the_page_it_stands_on(reference: str, canonical: str) -> None:
    assert addresses.joined(reference, "https://example.org/a/b").canonical == canonical


_PIECES = st.sampled_from(
    [
        "http",
        "https",
        "hxxps",
        "://",
        ":",
        "/",
        "\\",
        "[.]",
        "(.)",
        "[",
        "]",
        "@",
        "#",
        "?",
        "%",
        "%2e",
        "..",
        ".",
        "example",
        "org",
        "127.1",
        "[::1]",
        "8080",
        "ü",
        "\uff11",
        "。",
        " ",
        "\t",
        "[:]",
        "[dot]",
        "localhost",
        "xn--",
    ]
)


@example("(.)://")
@given(st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=14).map("".join)))
def test_the_canonical_form_of_anything_is_its_own_canonical_form(raw: str) -> None:
    with contextlib.suppress(AddressInvalid):
        once = addresses.parse(raw)
        twice = addresses.parse(once.canonical)
        assert twice.canonical == once.canonical
        assert (twice.host, twice.port, twice.scheme) == (once.host, once.port, once.scheme)
        assert twice.notes == ()
        assert once.canonical.isascii()
        assert "@" not in once.canonical.split("/")[2]
