"""Puts the memory of a zygote in order, so that a child has few pages to copy and large ones to fill.

A fork copies an entry for each page that the zygote has written; a child copies each such page that it writes to,
4 KiB at the price of a page fault, and a fresh page costs a fault too. A huge page costs one entry, and when fresh one
fault for 512 small ones; but where the zygote itself writes between two forks it is split, and costs 512 entries from
then on. Measured in `bench/bench_sandbox.py`.
"""

import ctypes
import gc
import mmap
from collections.abc import Iterator

# Pictures are a few megabytes: mapped one by one their edges would be small pages, and each would be given back and
# filled anew. So all that is not enormous comes out of one heap, which grows in steps that hold whole huge pages.
_STEP = 8 << 20
_MAPPED_ALONE = 32 << 20  # the largest threshold that glibc takes
_KEPT = 1 << 30
TUNABLES = ":".join((
    "glibc.malloc.hugetlb=1",
    f"glibc.malloc.mmap_threshold={_MAPPED_ALONE}",
    f"glibc.malloc.trim_threshold={_KEPT}",
    f"glibc.malloc.top_pad={_STEP}",
))  # fmt: skip
_HUGE = 2 << 20  # on x86-64, and on aarch64 with pages of 4 KiB
_MADV_COLLAPSE = 25  # Linux 6.1; an older kernel refuses, and all goes on with small pages
_ATTEMPTS = 3  # where a page is just being moved elsewhere in the kernel, it leaves the huge page for another time
# Of malloc's blocks: the sizes that holes are looked for in, the largest first.
_HOLES = (*(1 << bits for bits in range(23, 10, -1)), *range(1032, 8, -16))
_CACHED = 1032  # up to here a freed block is handed out again as it is
_WORD, _UNIT = 8, 16
_POOL, _LARGEST_IN_POOLS = 16 << 10, 512  # of Python 3.10 and later: bytes of a pool, and of the largest block in one
_MOST_HOLES = 8 << 20  # bytes of one size, should no arena come out of the heap
_SPARE = 64 << 10  # for what the zygote itself allocates between two children

_libc = ctypes.PyDLL(None)
_libc.malloc.restype = ctypes.c_void_p
_libc.malloc.argtypes = [ctypes.c_size_t]
_libc.free.argtypes = [ctypes.c_void_p]
_libc.sbrk.restype = ctypes.c_void_p
_libc.sbrk.argtypes = [ctypes.c_ssize_t]
_libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
_pool_block = ctypes.pythonapi.PyObject_Malloc
_pool_block.restype = ctypes.c_void_p
_pool_block.argtypes = [ctypes.c_size_t]


class _Arenas(ctypes.Structure):
    """PyObjectArenaAllocator: a word that both functions are given first, how to get an arena, how to give it back."""

    _fields_ = (("word", ctypes.c_size_t), ("get", ctypes.c_void_p), ("give_back", ctypes.c_void_p))


def gather() -> None:
    """Have Python's own arenas come out of the heap as well; call before anything else is imported.

    By itself it maps each alone, 1 MiB, wherever there is room: half of what a zygote holds, none of it huge pages.
    """
    word, get, give_back = _POOL, _libc.aligned_alloc, _libc.labs  # (alignment, bytes); what is given back is kept
    at = [ctypes.cast(function, ctypes.c_void_p) for function in (get, give_back)]
    ctypes.pythonapi.PyObject_SetArenaAllocator(ctypes.byref(_Arenas(word, *at)))


def settle() -> int:
    """Call once, when all is imported and warm but what runs between two forks: from now on what is made lies together.

    Holes that the warm-up left, of the heap and of Python's pools, would be filled first, each in another huge page.
    Returns where it begins, for `spread`.
    """
    gc.collect()
    # A child, which ends soon, and its zygote, which makes no cycles, need no collector any more; should a library
    # collect all the same, what is frozen is not walked, so its pages stay shared.
    gc.disable()
    _fill_blocks()
    beginning = _begin_huge_page()
    _fill_pools(beginning)
    return beginning


def spread(beginning: int) -> None:
    """Call last, with what `settle` said: what the first child and all others fill begins in an untouched huge page."""
    gc.collect()  # Python keeps small objects that are free for use again, and lets go of them here only
    gc.freeze()
    spare = _libc.malloc(_SPARE)
    _fill_blocks()
    _fill_pools(beginning)
    _begin_huge_page()
    _libc.free(spare)
    _use_huge_pages()


def _use_huge_pages() -> None:
    """Gather what is written in huge pages, as far as whole ones lie in a mapping."""
    for start, end in list(_writable()):
        first, last = -(-start // _HUGE) * _HUGE, end // _HUGE * _HUGE
        if first < last:
            _libc.madvise(first, last - first, mmap.MADV_HUGEPAGE)
            for _attempt in range(_ATTEMPTS):
                if _libc.madvise(first, last - first, _MADV_COLLAPSE) == 0:
                    break


def _writable() -> Iterator[tuple[int, int]]:
    """Yield the bounds of private memory that is no file's."""
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:  # noqa: PTH123 - as in child
        for line in maps:
            bounds, mode, _offset, _device, inode, *name = line.split()
            if mode == "rw-p" and inode == "0" and name in ([], ["[heap]"]):
                start, _, end = bounds.partition("-")
                yield int(start, 16), int(end, 16)


def _fill_blocks() -> None:
    """Take the holes of the heap for good."""
    _libc.malloc_trim(0)  # so that the heap ends here, and what comes next is fresh
    end = _libc.sbrk(0)
    for size in _HOLES:
        while (block := _libc.malloc(size)) < end:
            pass
        if size > _CACHED:
            _libc.free(block)
    _libc.malloc_trim(0)  # what was freed again has been written to


def _fill_pools(beginning: int) -> None:
    """Take the holes of Python's pools for good, but for those of the heap from `beginning` on."""
    for size in range(_UNIT, _LARGEST_IN_POOLS + 1, _UNIT):
        for _hole in range(_MOST_HOLES // size):
            # Arenas that Python made before `gather` lie above the heap.
            if beginning <= _pool_block(size) < _libc.sbrk(0):
                break


def _begin_huge_page() -> int:
    """Have the next block of the heap be the first of a huge page, and return where that is."""
    fresh: int = -(-_libc.sbrk(0) // _HUGE) * _HUGE
    # A block takes a word more than was asked for, in whole units; the next one follows it.
    following = _libc.malloc(_CACHED) + _CACHED + _WORD
    fresh += _HUGE * (fresh - following <= 2 * _UNIT)
    _libc.malloc(fresh - following - _WORD)
    return fresh
