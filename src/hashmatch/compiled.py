"""How this library compiles: `compiled` for functions, `popcount` for words, and the array types they take.

All functions are compiled for read-only C arrays (a mapped file and Pillow's pixels are read-only; a writable
array is accepted as well), so each exists once. `compiled` ones are compiled when their module is imported: a
process that has imported it is warm, and a child forked from it too. `compiled_late` ones wait for their first
call. None of them starts threads; all release the interpreter lock.
"""

import threading
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
WORDS_1D = types.Array(types.uint64, 1, "C", readonly=True)
UINT32_1D = types.Array(types.uint32, 1, "C", readonly=True)
UINT16_1D = types.Array(types.uint16, 1, "C", readonly=True)
INT64_2D = types.Array(types.int64, 2, "C", readonly=True)
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


class Late:
    """A function that is compiled (or loaded from the cache on disk) when it is first called, not before.

    For kernels that many processes import and few call. Inside compiled functions use `compiled` ones.
    """

    def __init__(self, function: Callable[..., Any], signature: Any) -> None:
        self._function = function
        self._signature = signature
        self._lock = threading.Lock()
        self._compiled: Callable[..., Any] | None = None

    def __call__(self, *arguments: Any) -> Any:
        """Call the compiled function."""
        return (self._compiled or self._compile())(*arguments)

    def _compile(self) -> Callable[..., Any]:
        with self._lock:
            if self._compiled is None:
                self._compiled = compiled(self._signature)(self._function)
        return self._compiled


def compiled_late(signature: Any) -> Callable[[Function], Function]:
    """Compile a function for a signature at its first call."""

    def decorate(function: Function) -> Function:
        return cast("Function", Late(function, signature))

    return decorate
