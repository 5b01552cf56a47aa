"""Which versions of lists went out, at the second place: a restored database does not know the newest.

One file a version, ``released/<list>/<version>``, never written twice. It holds the SHA-256 of the manifest.
"""

from dataclasses import dataclass
from pathlib import Path

from openhotline.core.durable import make_folder, write_new

FOLDER = "released"


@dataclass(frozen=True)
class VersionsOut:
    """The versions that were shipped to a folder."""

    folder: Path

    def keep(self, of: str, version: int, manifest_sha256: str) -> bool:
        """Note durably that a version is out; say whether that is new here. Raises OSError."""
        path = self.folder / FOLDER / of / f"{version:08}"
        if path.exists():
            return False
        make_folder(path.parent)
        write_new(path, manifest_sha256.encode())
        return True

    def newest(self, of: str) -> int:
        """Return the highest version that is noted here; 0 when there is none. Raises OSError."""
        return newest_in(self.folder / FOLDER / of)


def newest_in(folder: Path) -> int:
    """Return the highest number by which a file in a folder is called, whatever its ending; 0 when there is none."""
    names = (path.name.partition(".")[0] for path in folder.iterdir()) if folder.is_dir() else iter(())
    return max((int(name) for name in names if name.isdigit()), default=0)
