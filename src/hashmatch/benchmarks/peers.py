"""Those whom we are compared with; imported when they are needed, and named when they are missing."""

import io
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashmatch.errors import MissingPeer

REFERENCE = "Pillow and pdqhash"
THREATEXCHANGE = "threatexchange PdqSignal"
PDQ_INDEX = "threatexchange PDQIndex"
FLAT = "faiss Flat"
MULTI_HASH = "faiss MultiHash"
Hashes = NDArray[np.uint8]
Search = Callable[[Hashes], object]


def peer(package: str, module: str = "") -> Any:
    """Import what we are compared with. Raises `MissingPeer` with how to install it."""
    try:
        return import_module(package + module)
    except ImportError as error:
        raise MissingPeer(
            f"{package} is not installed, so there is nothing to compare with. In the repository "
            "`make bench` installs it; elsewhere: pip install faiss-cpu threatexchange pdqhash"
        ) from error


def reference(data: bytes) -> bytes:
    """PDQ of a file as it is usually computed: decoded by Pillow, hashed by Meta's C++."""
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    vector, _ = peer("pdqhash").compute(pixels)
    return np.packbits(vector.astype(bool)).tobytes()


def pdq_index(hashes: Hashes) -> Search:
    """PDQIndex of threatexchange, which HMA uses: one query a call, as its interface has it."""
    module = peer("threatexchange", ".signal_type.pdq.pdq_index")
    index = module.PDQIndex((row.tobytes().hex(), at) for at, row in enumerate(hashes))
    peer("faiss").omp_set_num_threads(1)
    return lambda queries: [index.query(row.tobytes().hex()) for row in queries]


def faiss_flat(hashes: Hashes, radius: int) -> Search:
    """IndexBinaryFlat of faiss: every query with every hash, a batch a call."""
    return _faiss(peer("faiss").IndexBinaryFlat(256), hashes, radius)


def faiss_multi_hash(hashes: Hashes, radius: int) -> Search:
    """IndexBinaryMultiHash of faiss, 11 tables of 23 bits with two flips: its fastest exact setting; a batch a call."""
    index = peer("faiss").IndexBinaryMultiHash(256, 11, 23)
    index.nflip = 2
    return _faiss(index, hashes, radius)


def _faiss(index: Any, hashes: Hashes, radius: int) -> Search:
    peer("faiss").omp_set_num_threads(1)
    index.add(hashes)
    # Strictly below: range_search leaves out the radius itself.
    return lambda queries: index.range_search(queries, radius + 1)
