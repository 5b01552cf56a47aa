"""A backup with a planted bug: the objects are listed before the database is taken, while the hotline serves.

python planted_backup.py FOLDER KEY_STORE
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import django

django.setup()

from openhotline.core import blobs  # noqa: E402 - the settings are read by setup
from openhotline.core.archive import database, files  # noqa: E402
from openhotline.core.archive.files import Listed  # noqa: E402
from openhotline.core.clock import now  # noqa: E402
from openhotline.evidence.services.back_up import back_up  # noqa: E402

LATER = 1.5

dump, copy_folder = database.dump, files.copy_folder
before: set[str] = set()


def dump_late(path: Path) -> None:
    """Look which objects there are, and take the database a while afterwards."""
    before.update(blobs.store().names())
    time.sleep(LATER)
    dump(path)


def copy_early(source: Path, archive: Path, name: str) -> Iterator[Listed]:
    """Copy only what was there before the database was taken."""
    for one in copy_folder(source, archive, name):
        if name != "blobs" or Path(one.path).name in before:
            yield one
        else:
            (archive / one.path).unlink()


if __name__ == "__main__":
    database.dump, files.copy_folder = dump_late, copy_early
    back_up(folder=Path(sys.argv[1]), key_store=Path(sys.argv[2]), actor="drill", now=now())
