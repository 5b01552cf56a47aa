"""Pictures in folders, in an order that is the same every time."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path


def files_of(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield files as they were given and, of folders, every ordinary file below.

    In a folder first its files, then its folders, each by name. Links to folders are not followed. A path that does not
    exist is yielded too, for whoever reads it to say so.
    """
    for path in paths:
        if path.is_dir():
            yield from _below(path)
        else:
            yield path


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if path.is_file():  # neither a pipe, which would be waited for, nor a link to nothing
                yield path
