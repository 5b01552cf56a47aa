"""Reading a body that may be a bomb: counted as it streams, inflated only up to the cap."""

import zlib
from collections.abc import Iterator

from openhotline.core.net.errors import FetchFailed

_PLAIN = frozenset({"", "identity"})
_ZIPPED = frozenset({"gzip", "x-gzip", "deflate"})
_GZIP_OR_ZLIB = 47


def collect(chunks: Iterator[bytes], encoding: str, cap: int) -> tuple[bytes, bool]:
    """The body and whether it was cut at ``cap`` bytes (counted after inflating).

    We ask for ``identity``; a server that compresses all the same is inflated, one layer, gzip or deflate.

    Raises:
        FetchFailed: another encoding, or damaged compressed bytes (code ``encoding``).
    """
    name = encoding.strip().lower()
    if name not in _PLAIN | _ZIPPED:
        raise FetchFailed("The site sent the page in an encoding we did not ask for.", "encoding")
    kept = bytearray()
    for piece in chunks if name in _PLAIN else _inflated(chunks, cap):
        kept += piece[: cap + 1 - len(kept)]
        if len(kept) > cap:
            return bytes(kept[:cap]), True
    return bytes(kept), False


def _inflated(chunks: Iterator[bytes], cap: int) -> Iterator[bytes]:
    inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
    came = False
    for chunk in chunks:
        came = True
        try:
            # One byte over the cap is enough to know that it was cut; the rest is never inflated.
            yield inflater.decompress(chunk, cap + 1)
        except zlib.error:
            raise FetchFailed("The site's compressed page is damaged.", "encoding") from None
    if came and not inflater.eof:
        raise FetchFailed("The site's compressed page ends too early.", "incomplete")
