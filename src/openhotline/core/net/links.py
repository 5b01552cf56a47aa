"""The pictures one page shows or links to, read from hostile HTML in time linear in its length."""

import itertools
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from openhotline.core.net import addresses
from openhotline.core.net.errors import AddressInvalid

MOST = 2_000
_MOST_READ = 20_000
_READ = 8 * 1024 * 1024
_LONGEST_TAG = 65_536
_PICTURE = re.compile(r"\.(?:jpe?g|jpe|jfif|png|gif|webp|avif|heic|heif|bmp|tiff?|jxl)$", re.IGNORECASE)
_START = re.compile(r"<(?:!--|([a-z][^\s/>]*))", re.IGNORECASE)
# A tag ends at the first ">" outside a quoted value; possessive, so that nothing is read twice.
_REST = re.compile(r"""(?>=\s*+"[^"]*+"|=\s*+'[^']*+'|=(?!\s*+["'])|[^>=])*+>""")
_RAW_TEXT = {name: re.compile(rf"</{name}", re.IGNORECASE) for name in ("script", "style", "textarea", "title")}
_WANTED = frozenset({"img", "source", "a", "base"})


def pictures(page: bytes, base: str) -> list[str]:
    """Canonical addresses of the pictures of one page, in its order, each once, at most 2,000.

    Reads ``img`` (src, srcset), ``source`` (srcset, and src of pictures) and ``a`` whose target's path ends
    like a picture file. ``base`` is the page's own address; the page's ``<base href>`` is honoured. Only http(s).
    Never raises for any bytes.
    """
    found: dict[str, None] = {}
    for name, reference, root in itertools.islice(_links(page, base), _MOST_READ):
        address = _absolute(reference, root)
        if address and (name != "a" or _looks_like_picture(address)):
            found.setdefault(address)
        if len(found) >= MOST:
            break
    return list(found)


def _links(page: bytes, base: str) -> Iterator[tuple[str, str, str]]:
    """Tag, link, and the address that link is relative to."""
    root: str | None = None
    tags = _tags(page[:_READ].decode("utf-8", "replace"))
    for name, attributes in itertools.islice(tags, _MOST_READ):
        if name == "base":
            # The first one counts, in browsers and here.
            root = root or _absolute(attributes.get("href", ""), base)
        for reference in _references(name, attributes):
            yield name, reference, root or base


def _tags(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The wanted start tags outside comments and raw text, as browsers find them.

    ``html.parser`` alone takes minutes for crafted pages, so it only reads single tags that were cut out.
    """
    at = 0
    while start := _START.search(text, at):
        if start[1] is None:
            at = text.find("-->", start.end()) + 3
            if at < 3:
                return
            continue
        name = start[1].lower()
        rest = _REST.match(text, start.end())
        if rest is None:
            return
        at = rest.end()
        if name in _WANTED and at - start.start() <= _LONGEST_TAG:
            yield name, _attributes(text[start.start() : at])
        if name in _RAW_TEXT:
            close = _RAW_TEXT[name].search(text, at)
            if close is None:
                return
            at = close.end()


class _OneTag(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.attributes: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - html.parser's
        for name, value in attrs:
            self.attributes.setdefault(name, value or "")


def _attributes(tag: str) -> dict[str, str]:
    parser = _OneTag()
    try:
        # An inner "<" would let the parser start over inside the tag; as a reference it stays a character.
        parser.feed("<" + tag[1:].replace("<", "&lt;"))
    except (AssertionError, ValueError):
        return {}
    return parser.attributes


def _references(name: str, attributes: dict[str, str]) -> Iterator[str]:
    if name in {"a", "base"}:
        yield from [attributes.get("href", "")] if name == "a" else []
        return
    source = attributes.get("src", "")
    if name == "img" or attributes.get("type", "").lower().startswith("image/") or _looks_like_picture(source):
        yield source
    for candidate in attributes.get("srcset", "").split(", "):
        yield candidate.strip(" \t\r\n,").split(" ")[0]


def _absolute(reference: str, base: str) -> str | None:
    # Browsers drop tabs and line breaks inside links.
    cleaned = re.sub(r"[\t\r\n]", "", reference).strip()
    if not cleaned:
        return None
    try:
        return addresses.joined(cleaned, base).canonical
    except AddressInvalid:
        return None


def _looks_like_picture(address: str) -> bool:
    return bool(_PICTURE.search(re.split(r"[?#]", address, maxsplit=1)[0]))
