"""What a collection lies in gives out what is inside, and nothing else."""

import contextlib
import io
import os
import stat
import struct
import threading
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.core.errors import Missing
from openhotline.intake.models.containers import FindRefused, container, folder, open_container, zipped
from openhotline.intake.states import WhyRefused

Pack = Callable[..., Path]


def _why(where: Path, path: str) -> WhyRefused:
    with pytest.raises(FindRefused) as refused:
        open_container(where).read(path)
    assert str(refused.value).endswith(".")
    return refused.value.why


def _listed(where: Path) -> dict[str, WhyRefused | None]:
    return {one.path: one.refused.why if one.refused else None for one in open_container(where).listed()}


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """Write a zip archive of these entries: names, or ready ``ZipInfo``, and bytes."""

    def packed(*entries: tuple[str | zipfile.ZipInfo, bytes], name: str = "c.zip") -> Path:
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for what, data in entries:
                archive.writestr(what, data)
        return tmp_path / name

    return packed


def test_a_folder_lists_every_file_in_one_order(tmp_path: Path) -> None:
    for name in ("b/2.png", "b/1.png", "a.png", "c.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert list(_listed(tmp_path)) == ["a.png", "c.png", "b/1.png", "b/2.png"]


def test_links_and_pipes_are_named_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link").symlink_to("/etc")
    os.mkfifo(tmp_path / "in" / "pipe")
    assert _listed(tmp_path / "in") == {"link": WhyRefused.NO_FILE, "pipe": WhyRefused.NO_FILE}
    assert _why(tmp_path / "in", "link/hostname") == WhyRefused.NO_FILE
    assert _why(tmp_path / "in", "pipe") == WhyRefused.NO_FILE


def test_a_name_that_is_no_text_is_told(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.png"))).touch()
    assert list(_listed(tmp_path).values()) == [WhyRefused.NO_FILE]


def test_a_folder_that_may_not_be_read_does_not_stop_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shut").mkdir()
    (tmp_path / "a.png").touch()
    real = os.scandir

    def scandir(where: Path) -> object:
        if where.name == "shut":
            raise PermissionError(13, "no")
        return real(where)

    monkeypatch.setattr(folder.os, "scandir", scandir)
    assert _listed(tmp_path) == {"a.png": None, "shut": WhyRefused.DAMAGED}


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"half")
    real = folder._read

    def read(handle: int) -> bytes:
        data = real(handle)
        with path.open("ab") as more:
            more.write(b" and the other half")
        return data

    monkeypatch.setattr(folder, "_read", read)
    assert _why(tmp_path, "a.png") == WhyRefused.CHANGED


def test_planted_a_reader_that_does_not_look_again_takes_half_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"half")
    real = folder._read

    def read(handle: int) -> bytes:
        data = real(handle)
        path.write_bytes(b"whole")
        return data

    monkeypatch.setattr(folder, "_read", read)
    monkeypatch.setattr(folder, "_moment", lambda _status: (0, 0))
    assert open_container(tmp_path).read("a.png") == b"half"


def _read_or_told(where: Path, path: str) -> bytes:
    """Return the different bytes of a file, none when it was refused as it changed."""
    try:
        data = open_container(where).read(path)
    except FindRefused as refused:
        return {WhyRefused.CHANGED: b""}[refused.why]
    return bytes(sorted(set(data)))


def test_a_writer_beside_the_reader_never_gives_a_mixture(tmp_path: Path) -> None:
    """For real: whatever is read while another writes is one of the two, or refused."""
    path, stop = tmp_path / "a.png", threading.Event()
    path.write_bytes(b"a" * 300_000)

    def write() -> None:
        while not stop.is_set():
            for letter in (b"a", b"b"):
                path.write_bytes(letter * 300_000)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(100):
            assert _read_or_told(tmp_path, "a.png") in {b"", b"a", b"b"}
    finally:
        stop.set()
        writer.join()


def test_an_archive_gives_its_files(pack: Pack) -> None:
    where = pack(("a.png", b"one"), ("in/", b""), ("in/b.png", b"two"))
    assert _listed(where) == {"a.png": None, "in/b.png": None}
    assert open_container(where).read("in/b.png") == b"two"
    assert _why(where, "c.png") == WhyRefused.MISSING


@pytest.mark.parametrize(
    "name", ["/etc/hostname", "../up.png", "in/../../up.png", "in\\up.png", "..\\up.png", "C:up.png", "c:/up.png"]
)
def test_no_name_of_an_archive_leads_out(pack: Pack, name: str) -> None:
    where = pack((name, b"x"), ("good.png", b"x"))
    assert _listed(where) == {name: WhyRefused.OUTSIDE, "good.png": None}
    assert _why(where, name) == WhyRefused.OUTSIDE


def test_a_name_that_ends_early_for_others_is_refused(pack: Pack) -> None:
    where = pack(("good.png?x.exe", b"x"))
    where.write_bytes(where.read_bytes().replace(b"good.png?", b"good.png\0"))
    assert _listed(where) == {"good.png[NUL]x.exe": WhyRefused.OUTSIDE}


def test_a_link_in_an_archive_is_refused(pack: Pack) -> None:
    link = zipfile.ZipInfo("link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    where = pack((link, b"/etc/hostname"))
    assert _why(where, "link.png") == WhyRefused.NO_FILE


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_comes_twice_is_the_first_file(pack: Pack) -> None:
    where = pack(("a.png", b"first"), ("a.png", b"second"))
    assert [one.refused.why if one.refused else None for one in open_container(where).listed()] == [
        None,
        WhyRefused.TWICE,
    ]
    assert open_container(where).read("a.png") == b"first"


@pytest.mark.parametrize("magic", [b"PK\x03\x04", b"Rar!\x1a\x07\x01", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh9"])
def test_an_archive_inside_is_refused_and_not_unpacked(pack: Pack, tmp_path: Path, magic: bytes) -> None:
    where = pack(("inner.jpg", magic + b"rest"))
    assert _why(where, "inner.jpg") == WhyRefused.ARCHIVE
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "inner.jpg").write_bytes(magic + b"rest")
    assert _why(tmp_path / "f", "inner.jpg") == WhyRefused.ARCHIVE


def test_a_tape_archive_is_known_by_its_middle(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(bytes(257) + b"ustar\x00")
    assert _why(tmp_path, "a.png") == WhyRefused.ARCHIVE


def test_one_file_may_not_swell_beyond_bounds(pack: Pack) -> None:
    noise = os.urandom(1_000_000)
    where = pack(("bomb.png", bytes(5_000_000)), ("picture.png", noise))
    assert _listed(where) == {"bomb.png": WhyRefused.SWELLS, "picture.png": None}
    assert _why(where, "bomb.png") == WhyRefused.SWELLS


def test_many_small_ones_may_not_swell_beyond_bounds(pack: Pack) -> None:
    where = pack(*((f"{number}.png", bytes(900_000)) for number in range(5)))
    with pytest.raises(Missing, match="would swell"):
        open_container(where)


def test_files_that_share_bytes_are_refused_as_a_whole(pack: Pack) -> None:
    """As in the bombs whose thousand files are all the same kernel."""
    where = pack(("a.png", b"one" * 50), ("b.png", b"two" * 50))
    data = bytearray(where.read_bytes())
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", 0)
    where.write_bytes(data)
    with pytest.raises(Missing, match="share bytes"):
        open_container(where)


def test_a_file_that_is_more_than_it_announces_is_refused(pack: Pack) -> None:
    where = pack(("a.png", b"x" * 5_000))
    data = bytearray(where.read_bytes())
    second = data.rindex(b"PK\x01\x02")
    data[second + 24 : second + 28] = struct.pack("<I", 100)
    where.write_bytes(data)
    assert _why(where, "a.png") == WhyRefused.DAMAGED


def test_planted_without_its_bounds_the_bomb_goes_off(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    where = pack(("bomb.png", bytes(5_000_000)), ("picture.png", os.urandom(1_000_000)))
    monkeypatch.setattr(zipped, "MOST_TIMES", 10_000)
    assert len(open_container(where).read("bomb.png")) == 5_000_000


def test_a_list_of_contents_without_end_is_not_read(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    where = pack(*((f"{number}.png", b"x") for number in range(2_000)))
    monkeypatch.setattr(zipped, "LARGEST_LIST", 70_000)
    with pytest.raises(Missing, match="list of contents is too long"):
        open_container(where)


def test_a_locked_file_is_refused(pack: Pack) -> None:
    where = pack(("a.png", b"x"))
    data = bytearray(where.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    where.write_bytes(data)
    assert _why(where, "a.png") == WhyRefused.LOCKED


def test_another_way_of_packing_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.png", b"x")
    assert _why(tmp_path / "c.zip", "a.png") == WhyRefused.LOCKED


def test_a_damaged_file_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("a.png", b"the first one")
        archive.writestr("b.png", b"the second")
    data = (tmp_path / "c.zip").read_bytes()
    (tmp_path / "c.zip").write_bytes(data.replace(b"the first", b"not first"))
    assert _why(tmp_path / "c.zip", "a.png") == WhyRefused.DAMAGED
    assert open_container(tmp_path / "c.zip").read("b.png") == b"the second"


def test_an_archive_cut_off_on_its_way_is_told(pack: Pack) -> None:
    where = pack(("a.png", os.urandom(5_000)))
    where.write_bytes(where.read_bytes()[:-200])
    with pytest.raises(Missing, match="cut off"):
        open_container(where)


def test_an_archive_that_was_replaced_is_opened_anew(pack: Pack) -> None:
    first = open_container(pack(("a.png", b"one")))
    assert open_container(pack(("a.png", b"one"), ("b.png", b"two"))) is not first


def test_a_file_beyond_the_limit_is_refused(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    where = pack(("a.png", b"12345"))
    monkeypatch.setattr(container, "LARGEST", 4)
    assert _why(where, "a.png") == WhyRefused.TOO_LARGE


_SOUND = io.BytesIO()
with zipfile.ZipFile(_SOUND, "w", zipfile.ZIP_DEFLATED) as _archive:
    for _name in ("a.png", "in/b.png", "c.png"):
        _archive.writestr(_name, zlib.crc32(_name.encode()).to_bytes(4, "big") * 40)


@given(st.lists(st.tuples(st.integers(0, len(_SOUND.getvalue()) - 1), st.integers(0, 255)), max_size=6), st.integers(0))
def test_whatever_was_done_to_an_archive_every_file_is_given_whole_or_told(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(_SOUND.getvalue())
    for at, byte in changes:
        data[at] = byte
    where = tmp_path_factory.mktemp("zip") / "c.zip"
    where.write_bytes(data[: len(data) - cut % 40])
    try:
        opened = open_container(where)
    except Missing:
        return
    for one in opened.listed():
        if one.refused is None:
            with contextlib.suppress(FindRefused):
                assert len(opened.read(one.path)) == one.bytes
