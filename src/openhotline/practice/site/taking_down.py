"""What the practice provider has taken down, kept over a restart."""

import json
import threading
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path


class TakenDown:
    """Paths that answer 404, noted in ``taken_down.jsonl`` of a folder.

    ``patience`` is how often a path still answers after the notice (0: it is gone at once; counted anew after a
    restart); ``share`` of the named paths are taken down at all, always the same ones. Safe to use from threads.
    """

    def __init__(self, folder: Path, *, patience: int = 0, share: float = 1.0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.patience, self.share = patience, share
        self._note = folder / "taken_down.jsonl"
        self._left: dict[str, int] = {}
        self._lock = threading.Lock()
        if self._note.exists():
            for line in self._note.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                self._left[row["path"]] = row["left"]

    def take_down(self, paths: Iterable[str]) -> int:
        """Take paths down, now or after the provider's patience; return how many are new."""
        with self._lock:
            new = [path for path in dict.fromkeys(paths) if path not in self._left and self._complies(path)]
            self._left |= dict.fromkeys(new, self.patience)
            with self._note.open("a", encoding="utf-8") as note:
                note.writelines(json.dumps({"path": path, "left": self.patience}) + "\n" for path in new)
        return len(new)

    def asked_for(self, path: str) -> bool:
        """Count one request and say whether the path is down."""
        with self._lock:
            left = self._left.get(path)
            if left:
                self._left[path] = left - 1
            return left == 0

    def all(self) -> set[str]:
        """Return the paths that are down."""
        with self._lock:
            return {path for path, left in self._left.items() if left == 0}

    def _complies(self, path: str) -> bool:
        return int(sha256(path.encode()).hexdigest()[:8], 16) < self.share * 2**32
