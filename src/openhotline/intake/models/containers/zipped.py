"""A zip archive, read as it lies: nothing of it is unpacked to a disk.

Everything that an archive says of itself is a stranger's word. Its list of contents is bounded, no two files may share
bytes, a file may swell at most ``MOST_TIMES`` and all of them together ``MOST_TIMES_ALL`` times; and what comes out of
one is never more than it announced, and is what its checksum says.
"""

import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from openhotline.core.errors import Missing
from openhotline.intake.models.containers.container import (
    FindRefused,
    Inside,
    check_no_archive,
    check_size,
    parts_of,
    storable,
)
from openhotline.intake.states import WhyRefused

LARGEST_LIST = 64_000_000
"""Bytes of an archive's list of contents: some 600,000 files."""
MOST_TIMES = 100
"""How many times a file may swell. Pictures are packed already and hardly swell at all."""
MOST_TIMES_ALL = 20
SMALL = 1_000_000
"""Bytes below which one file may swell as it likes: an icon of one colour does. All together are still bounded."""
_HEADER = 30
"""Bytes that stand before each file at least (APPNOTE.TXT 4.3.7)."""
_DRIVE = re.compile(r"[A-Za-z]:")
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 1


class _Bounded(io.FileIO):
    """A file that gives nobody more than ``LARGEST_LIST`` bytes at once: the list of contents is read in one go."""

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = size if size is not None and size >= 0 else os.fstat(self.fileno()).st_size - self.tell()
        if wanted > LARGEST_LIST:
            raise zipfile.BadZipFile("its list of contents is too long")
        return super().read(max(0, wanted)) or b""


class Zipped:
    """A zip archive."""

    def __init__(self, where: Path) -> None:
        """Read its list of contents. Raises Missing."""
        self.where = where
        self._file: _Bounded | None = None
        try:
            self._file = _Bounded(where, "rb")
            self._archive = zipfile.ZipFile(self._file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeError) as error:
            raise Missing(
                f"{where} is no zip archive that can be read: {error}. If it was cut off on its way, bring it again."
            ) from error
        self._check_whole()
        self._first: dict[str, zipfile.ZipInfo] = {}
        for info in self._archive.infolist():
            self._first.setdefault(info.orig_filename, info)

    def listed(self) -> Iterator[Inside]:
        """Yield every file in the order of the archive; folders have no entry of their own."""
        for info in self._archive.infolist():
            name = info.orig_filename
            if name.endswith("/") and not info.file_size:
                continue
            try:
                self._check(name, info)
            except FindRefused as refused:
                yield Inside(name.replace("\0", "[NUL]")[:LONGEST_SHOWN], refused=refused)
            else:
                yield Inside(name, bytes=info.file_size)

    def check(self, path: str) -> None:
        """Look into the list of contents."""
        self._find(path)

    def read(self, path: str) -> bytes:
        """Unpack one file into memory, never more than it announced."""
        info = self._find(path)
        try:
            with self._archive.open(info) as file:
                data = file.read(info.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
            raise FindRefused(
                WhyRefused.DAMAGED, f"The archive does not give this file whole: {_told(error)}. Bring it again."
            ) from error
        if len(data) != info.file_size:
            raise FindRefused(
                WhyRefused.DAMAGED,
                f"The archive announces {info.file_size} bytes of this file and has {len(data)}. Bring it again.",
            )
        check_no_archive(data)
        return data

    def __del__(self) -> None:
        if self._file is not None:
            self._file.close()

    def _find(self, path: str) -> zipfile.ZipInfo:
        info = self._first.get(path)
        if info is None:
            raise FindRefused(WhyRefused.MISSING, "The manifest names a file that is not in the archive.")
        self._check(path, info)
        return info

    def _check(self, name: str, info: zipfile.ZipInfo) -> None:
        """Raise FindRefused for what is not taken out."""
        _check_name(name)
        if self._first[name] is not info:
            raise FindRefused(WhyRefused.TWICE, "The archive has this name twice; the first file of the name is taken.")
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in {0, stat.S_IFREG}:
            raise FindRefused(WhyRefused.NO_FILE, "It is a link or no ordinary file; links are not followed.")
        if info.flag_bits & _ENCRYPTED:
            raise FindRefused(WhyRefused.LOCKED, "The file needs a password. Unpack it, and import the folder.")
        if info.compress_type not in _METHODS:
            raise FindRefused(
                WhyRefused.LOCKED,
                f"The file is packed by method {info.compress_type}; only stored and deflated files are read. "
                "Unpack it, and import the folder.",
            )
        check_size(info.file_size)
        if info.file_size > SMALL and info.file_size > MOST_TIMES * info.compress_size:
            raise FindRefused(
                WhyRefused.SWELLS,
                f"The file would swell from {info.compress_size} to {info.file_size} bytes; at most {MOST_TIMES} "
                "times is unpacked.",
            )

    def _check_whole(self) -> None:
        """Refuse an archive in which files share bytes, or that swells too much as a whole. Raises Missing."""
        infos = sorted(self._archive.infolist(), key=lambda info: info.header_offset)
        ends = 0
        for info in infos:
            if info.header_offset < ends:
                raise Missing(f"{self.where} is refused: two of its files share bytes. No program packs like that.")
            ends = info.header_offset + _HEADER + info.compress_size
        packed, whole = self.where.stat().st_size, sum(info.file_size for info in infos)
        if whole > MOST_TIMES_ALL * packed + SMALL:
            raise Missing(
                f"{self.where} is refused: its {packed} bytes would swell to {whole}. At most {MOST_TIMES_ALL} times "
                "is unpacked."
            )


LONGEST_SHOWN = 200


def _check_name(name: str) -> None:
    if not storable(name) or "\\" in name or _DRIVE.match(name):
        raise FindRefused(
            WhyRefused.OUTSIDE,
            "The name in the archive is no plain path: it is too long, or has a backslash, a drive letter or a NUL.",
        )
    parts_of(name)


def _told(error: BaseException) -> str:
    return "its checksum is wrong" if "CRC" in str(error) else type(error).__name__
