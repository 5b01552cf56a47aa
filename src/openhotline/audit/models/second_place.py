"""The second place: a folder, best on another machine, that keeps checkpoints out of this installation's reach.

One file a checkpoint, ``<epoch>/<records>-<root>.checkpoint``, never written twice: after a roll-back both histories
stand there side by side.
"""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from openhotline.audit.models.checkpoint import Checkpoint
from openhotline.audit.models.note import Head, note_of, read_note
from openhotline.core.durable import flush_folder, make_folder

SUFFIX = ".checkpoint"
_MOST_BYTES = 4096


@dataclass(frozen=True)
class SecondPlace:
    """Checkpoints in a folder."""

    folder: Path

    def keep(self, checkpoint: Checkpoint) -> Path | None:
        """Write a checkpoint, whole or not at all, durably, and return where; None when it is there. Raises OSError."""
        head = checkpoint.head
        path = self._folder_of(head.epoch) / f"{head.size:012}-{head.root[:16]}{SUFFIX}"
        if path.exists():
            return None
        make_folder(path.parent)
        aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with aside.open("x", encoding="utf-8") as file:
            file.write(note_of(head, checkpoint.signature))
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
        flush_folder(path.parent)
        return path

    def epochs(self) -> list[int]:
        """Return the epochs that have a checkpoint here, in order."""
        return sorted(int(folder.name) for folder in self._folders() if any(_files(folder)))

    def newest(self) -> int:
        """Return the highest number of records that a checkpoint here covers, by its name; 0 when there is none."""
        # From the end, so that a place with many epochs is not read through at every shipping.
        for folder in sorted(self._folders(), reverse=True):
            sizes = [int(one.name.partition("-")[0]) for one in _files(folder)]
            if sizes:
                return max(sizes)
        return 0

    def notes(self, epoch: int) -> Iterator[tuple[Path, Head, str]]:
        """Yield path, head and signature of an epoch's checkpoints by size. Raises NoteRefused for what is none."""
        for path in sorted(_files(self._folder_of(epoch))):
            with path.open(encoding="utf-8") as file:
                yield path, *read_note(file.read(_MOST_BYTES))

    def _folders(self) -> list[Path]:
        return [one for one in self.folder.iterdir() if one.name.isdigit()] if self.folder.is_dir() else []

    def _folder_of(self, epoch: int) -> Path:
        return self.folder / f"{epoch:08}"


def _files(folder: Path) -> Iterator[Path]:
    names = (one for one in folder.iterdir() if one.suffix == SUFFIX) if folder.is_dir() else iter(())
    return (one for one in names if one.name.partition("-")[0].isdigit())
