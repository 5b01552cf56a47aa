"""Other exact searches, measured beside ours when they are installed."""

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from timing import once

Hashes = NDArray[np.uint8]
Search = Callable[[Hashes], object]
ABSENT = "not installed; `pip install faiss-cpu threatexchange` to compare"


def threatexchange(hashes: Hashes) -> tuple[Search, dict[str, Any]] | None:
    """PDQIndex of Meta's threatexchange: a search, one query a call as its interface has it, and its figures."""
    try:
        module = importlib.import_module("threatexchange.signal_type.pdq.pdq_index")
        importlib.import_module("faiss").omp_set_num_threads(1)
    except ImportError:
        return None
    index, figures = once(lambda: module.PDQIndex((row.tobytes().hex(), at) for at, row in enumerate(hashes)))
    return lambda queries: [index.query(row.tobytes().hex()) for row in queries], {"build": figures}


def faiss_flat(hashes: Hashes, radius: int) -> tuple[Search, dict[str, Any]] | None:
    """IndexBinaryFlat of faiss, a batch a call."""
    return _faiss(hashes, radius, lambda faiss: faiss.IndexBinaryFlat(256))


def faiss_multi_hash(hashes: Hashes, radius: int) -> tuple[Search, dict[str, Any]] | None:
    """IndexBinaryMultiHash of faiss, 11 tables of 23 bits with two flips: its fastest exact setting; a batch a call."""

    def make(faiss: Any) -> Any:
        index = faiss.IndexBinaryMultiHash(256, 11, 23)
        index.nflip = 2
        return index

    return _faiss(hashes, radius, make)


def _faiss(hashes: Hashes, radius: int, make: Callable[[Any], Any]) -> tuple[Search, dict[str, Any]] | None:
    try:
        faiss = importlib.import_module("faiss")
    except ImportError:
        return None
    faiss.omp_set_num_threads(1)
    index = make(faiss)
    _, figures = once(lambda: index.add(hashes))
    # Strictly below: range_search leaves out the radius itself.
    return lambda queries: index.range_search(queries, radius + 1), {"build": figures}
