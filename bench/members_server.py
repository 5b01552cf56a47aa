"""The least that answers a lookup over HTTP, for `bench_members.py`: the same few lines before each engine.

    ENGINE=floor|ours|peer INDEX=FILE gunicorn -w 2 --threads 4 -b 127.0.0.1:PORT members_server:application

``POST`` of 32-byte hashes, one after another; the answer is how many of them are within 31 bits of the list.

    ENGINE=peer python members_server.py LIST.npy FILE

builds the peer's index of a list and prints how many seconds that took.
"""

import json
import os
import pickle
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

ENGINE, INDEX = os.environ["ENGINE"], os.environ.get("INDEX", "")


def _ours() -> Callable[[bytes], int]:
    import hashmatch

    index = hashmatch.Index.open(INDEX)

    def count(body: bytes) -> int:
        if len(body) == 32:
            return len(index.near(body)) > 0
        return len(np.unique(index.search(np.frombuffer(body, np.uint8).reshape(-1, 32)).query))

    # What is compiled at its first use is compiled before it is measured.
    count(bytes(32)), count(bytes(64))
    return count


def _peer() -> Callable[[bytes], int]:
    # As its matchers do: what was built elsewhere is unpickled here.
    with Path(INDEX).open("rb") as file:
        index = pickle.load(file)  # noqa: S301 - made by the bench itself

    def count(body: bytes) -> int:
        return sum(bool(index.query(body[at : at + 32].hex())) for at in range(0, len(body), 32))

    return count


def build_peer(listed: Path, index: Path) -> float:
    """Write the peer's index of a list, as it is built elsewhere; return how many seconds building took."""
    from threatexchange.signal_type.pdq.pdq_index import PDQIndex

    hashes = np.load(listed, mmap_mode="r")
    began = time.perf_counter()
    built = PDQIndex((one.tobytes().hex(), at) for at, one in enumerate(hashes))
    seconds = time.perf_counter() - began
    with index.open("wb") as file:
        pickle.dump(built, file, pickle.HIGHEST_PROTOCOL)
    return seconds


def _engine() -> Callable[[bytes], int]:
    return {"floor": lambda: lambda _: 0, "ours": _ours, "peer": _peer}[ENGINE]()


answer = _engine() if INDEX or ENGINE == "floor" else None


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one request."""
    assert answer is not None
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    said = json.dumps({"found": answer(body)}).encode()
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(said)))])
    return [said]


if __name__ == "__main__":
    print(round(build_peer(Path(sys.argv[1]), Path(sys.argv[2])), 1))
