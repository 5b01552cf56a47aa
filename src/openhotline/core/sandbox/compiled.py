"""Brings what numba has compiled already, beside our sources, to where a zygote's numba looks: its own tmpfs.

numba uses a cache only where it can write, and sources are read-only in the sandbox. Without this every zygote
would compile everything anew. What is stale (another source, another processor) numba finds out and recompiles.
"""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path


def bring_compiled(cache: Path, folders: Iterable[Path]) -> None:
    """Copy the compiled functions of the source packages in `folders` under `cache`, by numba's own naming."""
    for folder in folders:
        for compiled in folder.glob("*/**/__pycache__/*.nb[ic]"):
            sources = compiled.parent.parent
            # numba.core.caching, get_suitable_cache_subpath: the folder's name and the SHA-1 of its path.
            name = f"{sources.name}_{hashlib.sha1(str(sources).encode(), usedforsecurity=False).hexdigest()}"
            (cache / name).mkdir(parents=True, exist_ok=True)
            shutil.copy2(compiled, cache / name)
