"""Makes numba light for a zygote: what is compiled already is brought along, and what we do not use stays outside.

numba uses a cache only where it can write, and sources are read-only in the sandbox. Without the first every zygote
would compile everything anew. What is stale (another source, another processor) numba finds out and recompiles.
"""

import hashlib
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


def bring_compiled(cache: Path, folders: Iterable[Path]) -> None:
    """Copy the compiled functions of the source packages in `folders` under `cache`, by numba's own naming."""
    for folder in folders:
        for compiled in folder.glob("*/**/__pycache__/*.nb[ic]"):
            sources = compiled.parent.parent
            # numba.core.caching, get_suitable_cache_subpath: the folder's name and the SHA-1 of its path.
            name = f"{sources.name}_{hashlib.sha1(str(sources).encode(), usedforsecurity=False).hexdigest()}"
            (cache / name).mkdir(parents=True, exist_ok=True)
            shutil.copy2(compiled, cache / name)
