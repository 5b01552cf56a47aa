"""The mark of a restore that has begun and not ended: ``$VAR/restore.unfinished``.

It is written before anything else is, and removed last. While it stands nothing serves and nothing works.
"""

import json
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from openhotline.core.archive.errors import ArchiveRefused
from openhotline.core.archive.manifest import NAME, Manifest
from openhotline.core.durable import flush_folder, make_folder, write_new

FILE = "restore.unfinished"
AFRESH = f"or begin afresh: drop the database, empty the data folder, and remove {FILE} in it"


def stands() -> bool:
    """Say whether a restore has begun here that has not ended."""
    return _path().exists()


def sentence() -> str:
    """Return what is said by all that does not start because of it; empty when there is nothing to say."""
    if not stands():
        return ""
    return (
        f"A restore was begun in {settings.VAR} and did not end: objects may be lacking, and nothing starts. Run the "
        f"same `openhotline restore` again, which goes on where it broke off; {AFRESH}."
    )


def begin(archive: Path, told: Manifest) -> None:
    """Set the mark, durably, or go on under the one that stands; ArchiveRefused when that is another backup's."""
    digest = sha256((archive / NAME).read_bytes()).hexdigest()
    if stands():
        held = json.loads(_path().read_text(encoding="utf-8"))
        if held["manifest_sha256"] != digest:
            raise ArchiveRefused(
                f"The restore that was begun here is of the backup of {held['made_at']}, this one is of "
                f"{told.made_at}. Give the same one again, {AFRESH}."
            )
        return
    make_folder(_path().parent, 0o700)
    write_new(_path(), json.dumps({"manifest_sha256": digest, "made_at": told.made_at}).encode())


def end() -> None:
    """Remove the mark, durably."""
    _path().unlink()
    flush_folder(_path().parent)


def _path() -> Path:
    return Path(settings.VAR) / FILE
