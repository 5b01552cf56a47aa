"""Puts the memory of a zygote in order, so that a child has few pages to copy and large ones to fill.

A page that a child writes to and shares with the zygote is copied, 4 KiB at a time, at the price of a page fault
each; a fresh page costs a fault too, unless it is a huge one. Measured in `bench/bench_sandbox.py`.
"""

import ctypes
import gc

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


def settle() -> None:
    """Call once, when everything is imported and warm, before the first child."""
    gc.collect()
    # What is frozen is not walked by a child's collector, so its pages stay shared.
    gc.freeze()
    # Holes that the warm-up left would be filled by a child first, and every page of them copied before.
    ctypes.CDLL(None).malloc_trim(0)
