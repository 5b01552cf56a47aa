"""Makes numba light for a zygote: what is compiled already is brought along, and what we do not use stays outside.

numba uses a cache only where it can write, and sources are read-only in the sandbox. Without the first every zygote
would compile everything anew. What is stale (another source, another processor) numba finds out and recompiles.

What the compiler leaves behind, 51 MB, is copied for each child. So a zygote that had to compile begins anew, with what
it compiled beside it.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

# numba takes these in when they are installed; no kernel of ours needs them. A fifth of a zygote's mappings were
# theirs, and each mapping is copied for each child and taken down with it.
LEFT_OUT = ("cffi", "coverage", "scipy", "yaml")


def leave_out() -> None:
    """Have this process find the packages of `LEFT_OUT` absent, whatever is installed; before numba is imported."""
    for name in LEFT_OUT:
        sys.modules[name] = None  # type: ignore[assignment] # as the import system says that there is none


class Compiled:
    """What is compiled already, under `cache`."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._first = not cache.exists()
        self._brought = frozenset[tuple[Path, int]]()

    def bring(self, folders: Iterable[Path]) -> None:
        """Copy the compiled functions of the source packages in `folders` here, by numba's own naming; once only."""
        if self._first:
            self._cache.mkdir()
            _copy(self._cache, folders)
        self._brought = self._held()

    def begin_anew(self) -> None:
        """Start this process once more, by its own command, when more was compiled than was brought; once only.

        What was compiled but could not be kept will be compiled again, and no third start would change that.
        """
        if self._first and self._held() != self._brought:
            os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - ourselves

    def _held(self) -> frozenset[tuple[Path, int]]:
        return frozenset((path, path.stat().st_mtime_ns) for path in self._cache.rglob("*.nb[ic]"))


def _copy(cache: Path, folders: Iterable[Path]) -> None:
    for folder in folders:
        for compiled in folder.glob("*/**/__pycache__/*.nb[ic]"):
            sources = compiled.parent.parent
            # numba.core.caching, get_suitable_cache_subpath: the folder's name and the SHA-1 of its path.
            name = f"{sources.name}_{hashlib.sha1(str(sources).encode(), usedforsecurity=False).hexdigest()}"
            (cache / name).mkdir(parents=True, exist_ok=True)
            shutil.copy2(compiled, cache / name)
