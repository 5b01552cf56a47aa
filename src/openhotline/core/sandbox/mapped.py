"""Has each child find the code that most files need mapped already.

A fork copies no entries of what is mapped from a file and not written to, so a child takes a page fault for every few
pages of code that it runs. It copies them where the mapping holds one page that was written. Every entry costs a little
at each fork, so there had better be none of what only imports and rare files need.
"""

import contextlib
import ctypes
import mmap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

_ENTRY = 8
_PRESENT_OR_SWAPPED, _OF_FILE = 0xC0, 0x20  # in the last byte of an entry of /proc/PID/pagemap
_MODES = {"r-xp": mmap.PROT_READ | mmap.PROT_EXEC, "r--p": mmap.PROT_READ}

_libc = ctypes.PyDLL(None)
for _call in (_libc.madvise, _libc.mprotect):
    _call.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]


class _Mapping(NamedTuple):
    """Bounds of what is mapped from a library, and what may be done with it."""

    start: int
    end: int
    mode: int


def share_code(run: Callable[[], object]) -> None:
    """Have children inherit what `run` needs of libraries, and nothing else of them.

    Where the kernel does not let us, children find code for themselves, as before. Raises what `run` does.
    """
    with contextlib.suppress(OSError), Path("/proc/self/pagemap").open("rb", buffering=0) as pages:
        libraries = [one for one in _libraries() if _is_unwritten(pages, one)]
        for start, end, _mode in libraries:
            _libc.madvise(start, end - start, mmap.MADV_DONTNEED)  # the entries; what they are of stays in memory
        run()
        for one in libraries:
            if any(_entries(pages, one)):
                _write_to(one)


def _libraries() -> Iterator[_Mapping]:
    for line in Path("/proc/self/maps").read_text("utf-8", "replace").splitlines():
        bounds, mode, _offset, _device, _inode, *name = line.split(maxsplit=5)
        if mode in _MODES and name and ".so" in name[0]:
            start, _, end = bounds.partition("-")
            yield _Mapping(int(start, 16), int(end, 16), _MODES[mode])


def _entries(pages: BinaryIO, mapping: _Mapping) -> list[int]:
    """Return the last byte of the entry of each page that is there."""
    pages.seek(mapping.start // mmap.PAGESIZE * _ENTRY)
    found = pages.read((mapping.end - mapping.start) // mmap.PAGESIZE * _ENTRY)
    return [last for last in found[_ENTRY - 1 :: _ENTRY] if last & _PRESENT_OR_SWAPPED]


def _is_unwritten(pages: BinaryIO, mapping: _Mapping) -> bool:
    """Say whether a mapping can be read from its file again; what the loader wrote into it would be lost."""
    return all(last & _OF_FILE for last in _entries(pages, mapping))


def _write_to(mapping: _Mapping) -> None:
    """Write the first byte as it is. All stays executable meanwhile: it may be what does this.

    Of the whole mapping, since a part that was writable once is a mapping of its own for ever.
    """
    start, end, mode = mapping
    if _libc.mprotect(start, end - start, mode | mmap.PROT_WRITE) == 0:
        ctypes.memmove(start, ctypes.string_at(start, 1), 1)
        _libc.mprotect(start, end - start, mode)
