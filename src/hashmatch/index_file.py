"""The index file: a header of 128 bytes, then the arrays of one segment, ready to be mapped. Little-endian, no pickle.

8s  magic b"HASHMTCH"      Q   number of rows n              32s SHA-256 of the body
I   version, 2             Q   length of the body            28s zeros
I   radius                 I   number of tables t: 0, 12, 16  32s SHA-256 of the 96 bytes before

ids (n) i64 ascending; words (n, 4) u64, the hashes in balanced order (see `balance`); with tables also, of all of them
one after the other (widths in `layout`): offsets u32, 2**width + 1 each; fingerprints u16, n + 64 each; rows u32, n
each. Every array begins at a multiple of 64 bytes; what lies between is zero.
"""

import contextlib
import hashlib
import mmap
import os
import struct
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hashmatch.errors import IndexFileError
from hashmatch.hashes import LARGEST_RADIUS, WORDS
from hashmatch.layout import SIXTEEN, TWELVE, Widths
from hashmatch.segments import MOST_ROWS, Segment
from hashmatch.tables import Tables, sizes

MAGIC = b"HASHMTCH"
VERSION = 2
HEADER = 128
_FIELDS = struct.Struct("<8sIIQQI32s28x")
_LAYOUTS: dict[int, Widths] = {0: (), len(TWELVE): TWELVE, len(SIXTEEN): SIXTEEN}
_ALIGNED = 64
_PIECE = 1 << 24
_AGAIN = "Build and save the index again."


@dataclass(frozen=True, slots=True, eq=False)
class Mapped:
    """An opened file: its rows as read-only maps, and what its header says."""

    path: Path
    radius: int
    segment: Segment
    body: memoryview
    checksum: bytes

    def verify(self) -> None:
        """Raise `IndexFileError` unless the body has the checksum that the header names."""
        if _sha256(self.body[at : at + _PIECE] for at in range(0, len(self.body), _PIECE)) != self.checksum:
            raise IndexFileError(
                f"The index file {self.path} is damaged: its body does not have the checksum in its header. {_AGAIN}"
            )


def open_mapped(path: str | PathLike[str]) -> Mapped:
    """Map a file and check its header, length and offsets. Raises `IndexFileError`."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            radius, rows, widths, checksum = _read_header(path, file.read(HEADER), os.fstat(file.fileno()).st_size)
            view = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError as error:
        raise IndexFileError(f"The index file {path} cannot be opened: {error.strerror}.") from error
    arrays = [np.frombuffer(view, kind, size, at) for kind, size, at in _places(rows, widths)]
    ids, words = arrays[0], arrays[1].reshape(-1, WORDS)
    if not widths:
        return Mapped(path, radius, Segment.of(ids, words), view[HEADER:], checksum)
    tables = Tables(widths, words, *arrays[2:])
    if not tables.sound():
        # Kernels follow the offsets without a check: a wrong one would have them read outside of the map.
        raise IndexFileError(f"The index file {path} is damaged: its tables do not fit its rows. {_AGAIN}")
    return Mapped(path, radius, Segment(ids, words, tables, None), view[HEADER:], checksum)


def _places(rows: int, widths: Widths) -> Iterator[tuple[str, int, int]]:
    """Type, number of elements and position in the file of each array."""
    at = HEADER
    for kind, size in [("<i8", rows), ("<u8", rows * WORDS), *(sizes(rows, widths) if widths else ())]:
        yield kind, size, at
        at += -(-size * int(kind[2]) // _ALIGNED) * _ALIGNED


def _length(rows: int, widths: Widths) -> int:
    """Bytes of the body."""
    kind, size, at = list(_places(rows, widths))[-1]
    return at + -(-size * int(kind[2]) // _ALIGNED) * _ALIGNED - HEADER


def _read_header(path: Path, header: bytes, size: int) -> tuple[int, int, Widths, bytes]:
    """Radius, number of rows, layout and checksum of the body. Raises `IndexFileError`."""
    if len(header) < HEADER or not header.startswith(MAGIC):
        raise IndexFileError(f"{path} is not an index file (it does not begin with {MAGIC.decode('ascii')}). {_AGAIN}")
    _, version, radius, rows, length, tables, checksum = _FIELDS.unpack(header[: _FIELDS.size])
    if version != VERSION:
        raise IndexFileError(f"{path} is an index file of version {version}; this program reads {VERSION}. {_AGAIN}")
    if hashlib.sha256(header[: _FIELDS.size]).digest() != header[_FIELDS.size :]:
        raise IndexFileError(f"The header of the index file {path} is damaged. {_AGAIN}")
    if radius > LARGEST_RADIUS or rows > MOST_ROWS or tables not in _LAYOUTS:
        raise IndexFileError(f"The index file {path} has a radius, size or layout that no index has. {_AGAIN}")
    widths = _LAYOUTS[tables]
    if length != _length(rows, widths) or size != HEADER + length:
        raise IndexFileError(
            f"The index file {path} has {size} bytes instead of {HEADER + length}: it was cut or changed. {_AGAIN}"
        )
    return radius, rows, widths, checksum


def write(path: str | PathLike[str], segment: Segment, radius: int) -> None:
    """Write a file whole or not at all, readable by its owner alone."""
    path = Path(path)
    widths = segment.tables.widths if segment.tables is not None else ()
    parts = list(_pieces(segment))
    fields = _FIELDS.pack(
        MAGIC, VERSION, radius, len(segment), _length(len(segment), widths), len(widths), _sha256(parts)
    )
    try:
        _replace(path, (fields + hashlib.sha256(fields).digest(), *parts))
        _sync_folder(path.parent)
    except OSError as error:
        raise IndexFileError(
            f"The index file {path} could not be written: {error.strerror}. What was there before is there still."
        ) from error


def _replace(path: Path, pieces: Iterable[bytes | memoryview]) -> None:
    """Write beside the file, sync, and rename over it; leave nothing beside it where that fails."""
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)  # noqa: PTH105 - as above, the name the tests replace
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)  # noqa: PTH108
        raise


def _pieces(segment: Segment) -> Iterator[memoryview]:
    """The body, each array followed by zeros up to the next."""
    tables = segment.tables
    arrays: list[NDArray[Any]] = [segment.ids, segment.words]
    if tables is not None:
        arrays += [tables.offsets, tables.fingerprints, tables.rows]
    for array in arrays:
        flat = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(-1).view(np.uint8)
        yield flat.data
        yield memoryview(bytes(-flat.size % _ALIGNED))


def _sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sha256(pieces: Iterable[memoryview]) -> bytes:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.digest()
