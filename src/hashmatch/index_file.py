"""The index file: a header of 128 bytes, the ids, the hashes as four columns. Little-endian, no pickle.

8s  magic b"HASHMTCH"      Q   number of rows n         32s SHA-256 of the body
I   version, 1             Q   length of the body       32s zeros
I   radius                                              32s SHA-256 of the 96 bytes before
n x i64 ids, ascending;  4 x n x u64 words: first 8 bytes of all hashes, then the second 8, ...
"""

import contextlib
import hashlib
import mmap
import os
import struct
import tempfile
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hashmatch.errors import IndexFileError
from hashmatch.hashes import LARGEST_RADIUS, WORDS
from hashmatch.segments import Segment

MAGIC = b"HASHMTCH"
VERSION = 1
HEADER = 128
_FIELDS = struct.Struct("<8sIIQQ32s32x")
_ROW = 8 + 8 * WORDS
_PIECE = 1 << 24
_AGAIN = "Build and save the index again."


@dataclass(frozen=True, slots=True, eq=False)
class Mapped:
    """An opened file: its rows as read-only maps, and what its header says."""

    path: Path
    radius: int
    columns: NDArray[np.uint64]
    ids: NDArray[np.int64]
    body: memoryview
    checksum: bytes

    def verify(self) -> None:
        """Raise `IndexFileError` unless the body has the checksum that the header names."""
        if _sha256(self.body[at : at + _PIECE] for at in range(0, len(self.body), _PIECE)) != self.checksum:
            raise IndexFileError(
                f"The index file {self.path} is damaged: its body does not have the checksum in its header. {_AGAIN}"
            )


def open_mapped(path: str | PathLike[str]) -> Mapped:
    """Map a file and check its header and length. Raises `IndexFileError`."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            radius, rows, checksum = _read_header(path, file.read(HEADER), os.fstat(file.fileno()).st_size)
            view = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError as error:
        raise IndexFileError(f"The index file {path} cannot be opened: {error.strerror}.") from error
    ids: NDArray[np.int64] = np.ndarray((rows,), "<i8", buffer=view, offset=HEADER)
    columns: NDArray[np.uint64] = np.ndarray((WORDS, rows), "<u8", buffer=view, offset=HEADER + 8 * rows)
    return Mapped(path, radius, columns, ids, view[HEADER:], checksum)


def _read_header(path: Path, header: bytes, size: int) -> tuple[int, int, bytes]:
    """Radius, number of rows and checksum of the body. Raises `IndexFileError`."""
    if len(header) < HEADER or not header.startswith(MAGIC):
        raise IndexFileError(f"{path} is not an index file (it does not begin with {MAGIC.decode('ascii')}). {_AGAIN}")
    _, version, radius, rows, length, checksum = _FIELDS.unpack(header[: _FIELDS.size])
    if version != VERSION:
        raise IndexFileError(f"{path} is an index file of version {version}; this program reads {VERSION}. {_AGAIN}")
    if hashlib.sha256(header[: _FIELDS.size]).digest() != header[_FIELDS.size :]:
        raise IndexFileError(f"The header of the index file {path} is damaged. {_AGAIN}")
    if radius > LARGEST_RADIUS or length != rows * _ROW or size != HEADER + length:
        raise IndexFileError(
            f"The index file {path} has {size} bytes instead of {HEADER + length}: it was cut or changed. {_AGAIN}"
        )
    return radius, rows, checksum


def write(path: str | PathLike[str], rows: Segment, radius: int) -> None:
    """Write a file whole or not at all, readable by its owner alone."""
    path = Path(path)
    parts = (
        np.ascontiguousarray(rows.ids, "<i8").reshape(-1).view(np.uint8).data,
        np.ascontiguousarray(rows.columns, "<u8").reshape(-1).view(np.uint8).data,
    )
    fields = _FIELDS.pack(MAGIC, VERSION, radius, len(rows), len(rows) * _ROW, _sha256(parts))
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            file.write(fields + hashlib.sha256(fields).digest())
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)  # noqa: PTH105 - as above, the name the tests replace
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)  # noqa: PTH108
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sha256(pieces: Any) -> bytes:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.digest()
