"""Files that lie somewhere for a moment only: in the temporary folder, or open and already deleted.

What is there at the end says nothing of these. A thread looks again and again at the folder and at the open files of
this process and of all that came of it, and keeps the content of every regular file that it finds. What is written and
gone between two looks is not seen; ``looks`` and ``seconds`` say how far apart they were.
"""

import os
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

PAUSE = 0.01
LARGEST = 64 << 20


class Watch(threading.Thread):
    """Looks until stopped; ``contents`` are what was found, by what it was and how it looked then."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True, name=f"watch {folder}")
        self.folder = folder
        self.contents: dict[tuple[str, int, int], bytes] = {}
        self.looks, self.seconds = 0, 0.0
        self._stopped = threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self.join()

    def run(self) -> None:
        """Look until stopped, and once more then."""
        began = time.monotonic()
        while not self._stopped.wait(PAUSE):
            self.look()
        self.look()
        self.seconds = time.monotonic() - began

    def look(self) -> None:
        """Keep what lies in the folder, and what is open without a name or in the folder."""
        self.looks += 1
        for path in [*self.folder.rglob("*")] if self.folder.exists() else []:
            self._keep("a temporary file", path)
        for pid in family(os.getpid()):
            for link in _listed(Path(f"/proc/{pid}/fd")):
                with suppress(OSError):
                    name = str(link.readlink())
                    # What lies in memory was never written anywhere.
                    if name.endswith(" (deleted)") and not name.startswith(("/memfd:", "/dev/zero")):
                        self._keep("an open file without a name", link)

    def _keep(self, what: str, path: Path) -> None:
        with suppress(OSError):
            found = path.stat()
            key = (what, found.st_ino, found.st_mtime_ns)
            if stat.S_ISREG(found.st_mode) and found.st_size <= LARGEST and key not in self.contents:
                self.contents[key] = path.read_bytes()


def _listed(folder: Path) -> list[Path]:
    with suppress(OSError):
        return [*folder.iterdir()]
    return []


def family(pid: int) -> Iterator[int]:
    """Yield a process and all that came of it."""
    yield pid
    for task in _listed(Path(f"/proc/{pid}/task")):
        with suppress(OSError):
            for child in (task / "children").read_text().split():
                yield from family(int(child))
