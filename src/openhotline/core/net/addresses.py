"""Web addresses as people write them, read the way browsers read them (WHATWG, through ada-url)."""

import re
from dataclasses import dataclass

import ada_url
import tldextract

from openhotline.core.net.errors import AddressInvalid

LONGEST = 8192
_PORTS = {"http": 80, "https": 443}
_BLANK = " \t\r\n\f\v\u00a0\u3000\ufeff\u200b"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DEFANGED_SCHEME = re.compile(r"^(?:hxxp|h\*\*p|http)(s?)(?:\[:\]//|\[://\]|://)", re.IGNORECASE)
_DEFANGED_DOT = re.compile(r"\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)", re.IGNORECASE)
_SCHEME = re.compile(r"^([a-z][a-z0-9+.\-]*):(.*)$", re.IGNORECASE | re.DOTALL)
_MAIL = re.compile(r"[^\s@/:?#\\]+@[^\s@/:?#\\]+\.[^\s@/:?#\\]+")
_HOST_AND_PORT = re.compile(r"^\d{1,5}(?:[/?#\\].*)?$", re.DOTALL)
# The list of public suffixes that comes with the library: nothing is downloaded, nothing is written.
_suffixes = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())


@dataclass(frozen=True)
class ParsedAddress:
    """One web address.

    ``raw`` is exactly what was given. ``canonical`` is the WHATWG form without user name and password; the
    fragment stays. ``host`` is lower-case ASCII (punycode), an IPv6 literal without brackets. ``port`` is
    always set. ``registered_domain`` is the name registered under a public suffix, "" for IP addresses and
    bare names.
    ``notes`` say what differs from ``raw`` besides spelling.
    """

    raw: str
    canonical: str
    scheme: str
    host: str
    port: int
    registered_domain: str
    notes: tuple[str, ...] = ()


def parse(raw: str) -> ParsedAddress:
    """Read what a person or a page gave as an address.

    Accepts surrounding blanks, a missing scheme (https is assumed) and the defanged forms professionals send
    (``hxxps://name[.]example``). ``parse(parse(x).canonical).canonical`` equals ``parse(x).canonical``.

    Raises:
        AddressInvalid: empty, over 8,192 characters, with control characters, not http(s), or no such host; an e-mail
            address, which browsers would read as a user name at a site.
    """
    notes: list[str] = []
    if is_mail(raw):
        raise AddressInvalid("This is an e-mail address, not the address of a page. A person has to read it.")
    url = _whatwg(_with_scheme(_refanged(_cleaned(raw), notes), notes))
    # Only now is it certain what the host is; a defanged one that hid behind odd slashes is restored here.
    while (restored := _refanged(url.href, notes)) != url.href:
        url = _whatwg(restored)
    if url.username or url.password:
        notes.append("a user name or password was left out")
        url.username = url.password = ""
    canonical = url.href
    _check_length(canonical)
    scheme = url.protocol.rstrip(":")
    host = url.hostname.strip("[]")
    port = int(url.port) if url.port else _PORTS[scheme]
    return ParsedAddress(raw, canonical, scheme, host, port, registered_domain(host), tuple(notes))


def is_mail(text: str) -> bool:
    """Say whether a text is an e-mail address and nothing else."""
    return _MAIL.fullmatch(text.strip(_BLANK)) is not None


def joined(reference: str, base: str) -> ParsedAddress:
    """Read an address found in a page or a redirect, relative to the page it was found on.

    Raises:
        AddressInvalid: as for ``parse``.
    """
    cleaned = _cleaned(reference)
    try:
        absolute = ada_url.URL(cleaned, base).href
    except (ValueError, UnicodeError):
        raise AddressInvalid("The link is not a web address that can be read.") from None
    return parse(absolute)


def request_target(address: ParsedAddress) -> str:
    """What is asked of the server: path and query, without the fragment."""
    url = ada_url.URL(address.canonical)
    return f"{url.pathname}{url.search}"


def registered_domain(host: str) -> str:
    """The name registered under a public suffix (``example.co.uk``), "" where there is none."""
    return _suffixes.extract_str(host.rstrip(".")).top_domain_under_public_suffix


def _cleaned(raw: str) -> str:
    text = raw.strip(_BLANK)
    if not text:
        raise AddressInvalid("The address is empty. Give the address of a page, for example example.org/page.")
    _check_length(text)
    if _CONTROL.search(text):
        raise AddressInvalid(
            "The address has a control character or a line break in it. Give one address, on one line."
        )
    return text


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise AddressInvalid(
            f"The address has {len(text):,} characters; at most {LONGEST:,} are read. Give a shorter one."
        )


def _refanged(text: str, notes: list[str]) -> str:
    schemed = _DEFANGED_SCHEME.sub(lambda found: f"http{found[1].lower()}://", text)
    before, rest = schemed.split("://", 1) if "://" in schemed else ("", schemed)
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    # Only a defanged host tells that the path was defanged too; elsewhere "[.]" is the page's own.
    if _DEFANGED_DOT.search(authority):
        rest = _DEFANGED_DOT.sub(".", rest)
    whole = f"{before}://{rest}" if "://" in schemed else rest
    if whole.lower() != text.lower():
        notes.append("a defanged form was restored")
    return whole


def _with_scheme(text: str, notes: list[str]) -> str:
    found = _SCHEME.match(text)
    if found and not _is_host(found[1], found[2]):
        return text
    notes.append("the scheme was missing; https is assumed")
    return f"https://{text.lstrip('/')}"


def _is_host(name: str, rest: str) -> bool:
    return ("." in name or name.lower() == "localhost") and bool(_HOST_AND_PORT.match(rest))


def _whatwg(text: str) -> ada_url.URL:
    try:
        url = ada_url.URL(text)
    except (ValueError, UnicodeError):
        raise AddressInvalid(
            "This is not a web address that can be read. Check the part before the first slash."
        ) from None
    if url.protocol not in {"http:", "https:"}:
        raise AddressInvalid(
            "The address begins with something else than a web page's; only http: and https: addresses are accepted "
            "here."
        )
    if not url.hostname:
        raise AddressInvalid(
            "The address names no site. Give it with the name of the site, for example example.org/page."
        )
    return url
