"""An object store that speaks S3, as the operator set it up: what lies in a bucket, and one object at a time.

Exactly the operator's own server is asked, by path (``/bucket/key``), signed, without a redirect; it lists and gives,
and nothing is ever written there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from openhotline.core.net import names
from openhotline.core.net.errors import FetchFailed, FetchRefused
from openhotline.core.net.fetch import Fetched, Message, Policy, ask
from openhotline.core.net.signing import StoreKey, canonical_path, canonical_query, signed_headers

PAGE = 1_000
LARGEST_PAGE = 8_000_000
"""Bytes of one page of a listing: a thousand keys of 1,024 bytes, each escaped, and what stands around them."""
SECONDS = 60.0
_GONE, _DENIED = 404, frozenset({401, 403})


@dataclass(frozen=True)
class StoredObject:
    """One object as the store lists it."""

    key: str
    bytes: int


class NoSuchObject(FetchFailed):
    """The store has no such bucket or object."""


@dataclass(frozen=True)
class Store:
    """The operator's store: its origin (``https://host[:port]``) and the key.

    ``authority`` is asked before each request under which recorded one (its outside id) it is made; what it raises
    ends the request.
    """

    origin: str
    key: StoreKey
    authority: Callable[[], str]
    resolver: names.Resolver = names.resolve

    def listed(self, bucket: str, prefix: str) -> Iterator[StoredObject]:
        """Yield the objects of a bucket under a prefix, by key. Raises FetchRefused, FetchFailed."""
        query = {"list-type": "2", "max-keys": str(PAGE), "prefix": prefix}
        while True:
            answer = self._asked("GET", f"/{bucket}", query, LARGEST_PAGE)
            objects, following = _page(answer)
            yield from objects
            if following is None or following == query.get("continuation-token"):
                return
            query["continuation-token"] = following

    def read(self, bucket: str, key: str, most: int) -> Fetched:
        """Return an object, cut at ``most`` bytes: ``truncated`` says so.

        Raises NoSuchObject, FetchRefused, FetchFailed.
        """
        return self._asked("GET", f"/{bucket}/{key}", {}, most)

    def check(self, bucket: str, key: str) -> None:
        """Raise NoSuchObject where there is none; it is not read. Raises FetchRefused, FetchFailed."""
        self._asked("HEAD", f"/{bucket}/{key}", {}, 1)

    def _asked(self, method: str, path: str, query: dict[str, str], most: int) -> Fetched:
        parts = urlsplit(self.origin)
        target, asked = canonical_path(path), canonical_query(query)
        # The machine's own time, not that of practice: the store compares it with its own.
        at = datetime.now(UTC)
        headers = signed_headers(method=method, host=parts.netloc, path=target, query=asked, key=self.key, at=at)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        policy = Policy(
            max_bytes=most,
            max_seconds=SECONDS,
            max_redirects=0,
            authority=self.authority(),
            only=frozenset({(parts.hostname or "", port)}),
            method="HEAD" if method == "HEAD" else "GET",
            agent="OpenHotline-Collection/1",
        )
        address = f"{self.origin}{target}{f'?{asked}' if asked else ''}"
        answer = ask(address, message=Message(b"", headers), policy=policy, resolver=self.resolver)
        _check(answer)
        return answer


def _check(answer: Fetched) -> None:
    if answer.status == _GONE:
        raise NoSuchObject("The object store has no such bucket or object.", "missing")
    if answer.status in _DENIED:
        raise FetchRefused("The object store does not let this key read there, or the clock is wrong.", "denied")
    if answer.status != 200:
        raise FetchFailed(f"The object store answered with status {answer.status}.", "status")


def _page(answer: Fetched) -> tuple[list[StoredObject], str | None]:
    """Return the objects of one page of ListObjectsV2, and what asks for the next."""
    if answer.truncated:
        raise FetchFailed("A page of the object store's listing is too long to be one.", "listing")
    try:
        root = fromstring(answer.body)
        found = [
            StoredObject(_text(row, "Key"), int(_text(row, "Size"))) for row in root.iter() if _name(row) == "Contents"
        ]
        more = next((row.text for row in root if _name(row) == "NextContinuationToken"), None)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise FetchFailed("The object store's listing cannot be read.", "listing") from error
    return found, more


def _name(element: Element) -> str:
    # Some stores name the namespace and some do not.
    return str(element.tag).rpartition("}")[2]


def _text(row: Element, name: str) -> str:
    return next(child.text or "" for child in row if _name(child) == name)
