"""How this library compiles: `compiled` for functions, `popcount` for words, and the array types they take.

All functions are compiled ahead, when their module is imported, for read-only C arrays (a mapped file and
Pillow's pixels are read-only; a writable array is accepted as well). So a process that has imported a
module is warm, and a child forked from it too. None of them releases work to other threads; all release the
interpreter lock.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

Function = TypeVar("Function", bound=Callable[..., Any])

BYTES_1D = types.Array(types.uint8, 1, "C", readonly=True)
BYTES_2D = types.Array(types.uint8, 2, "C", readonly=True)
WORDS_2D = types.Array(types.uint64, 2, "C", readonly=True)
INT64_1D = types.Array(types.int64, 1, "C", readonly=True)


def compiled(*signature: Any) -> Callable[[Function], Function]:
    """Compile a function for a signature (or lazily without one); cached on disk if a folder is writable."""

    def decorate(function: Function) -> Function:
        try:
            dispatcher = numba.njit(*signature, nogil=True, cache=True)(function)
        except RuntimeError:
            # No writable cache folder (a read-only installation, a sandbox without NUMBA_CACHE_DIR).
            dispatcher = numba.njit(*signature, nogil=True)(function)
        return cast("Function", dispatcher)

    return decorate


@intrinsic
def popcount(_typing: Any, word: Any) -> Any:
    """Number of set bits of an integer; inside compiled functions only."""

    def generate(_context: Any, builder: ir.IRBuilder, _signature: Any, values: Any) -> Any:
        return builder.ctpop(values[0])

    return word(word), generate
