"""The least that answers a lookup over HTTP, for `bench_members.py`: the same few lines before each engine.

    ENGINE=floor|ours|peer INDEX=FILE gunicorn -w 2 --threads 4 -b 127.0.0.1:PORT members_server:application

``POST`` of 32-byte hashes, one after another; the answer is how many of them are within 31 bits of the list.
"""

import json
import os
import pickle
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

ENGINE, INDEX = os.environ["ENGINE"], os.environ.get("INDEX", "")


def _ours() -> Callable[[bytes], int]:
    import hashmatch

    index = hashmatch.Index.open(INDEX)
    return lambda body: len(np.unique(index.search(np.frombuffer(body, np.uint8).reshape(-1, 32)).query))


def _peer() -> Callable[[bytes], int]:
    # As its matchers do: what was built elsewhere is unpickled here.
    index = pickle.loads(Path(INDEX).read_bytes())  # noqa: S301 - made by the bench itself

    def count(body: bytes) -> int:
        return sum(bool(index.query(body[at : at + 32].hex())) for at in range(0, len(body), 32))

    return count


answer: Callable[[bytes], int] = {"floor": lambda: lambda _: 0, "ours": _ours, "peer": _peer}[ENGINE]()


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one request."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    said = json.dumps({"found": answer(body)}).encode()
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(said)))])
    return [said]
