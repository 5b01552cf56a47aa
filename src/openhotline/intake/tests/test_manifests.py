"""Manifests in three formats, and none: whatever they hold, every row is told and nothing stops the rest."""

import contextlib
import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ijson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.core.errors import Missing
from openhotline.intake.models import Find, ManifestLine
from openhotline.intake.models.manifest import open_source, rows, vics
from openhotline.intake.models.manifest.source import READERS
from openhotline.intake.states import WhyRefused

Read = Callable[[str, str], list[ManifestLine]]
CONTEXT = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a manifest of this name and text over a folder with two files."""
    folder = tmp_path / "found"
    (folder / "in").mkdir(parents=True)
    for name in ("a.png", "in/b.png"):
        (folder / name).touch()

    def reading(name: str, text: str) -> list[ManifestLine]:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return list(open_source(folder, tmp_path / name).lines())

    return reading


def _vics(*media: dict[str, Any]) -> str:
    return json.dumps({"@odata.context": f"{CONTEXT}Cases", "value": [{"CaseID": "1", "Media": list(media)}]})


def test_csv_names_its_columns_in_the_first_line(read: Read) -> None:
    first, second = read("m.csv", 'File;Number;Bytes;MD5;place\na.png;1;3;;"a; disk"\nin/b.png;2;;' + "A" * 32 + ";\n")
    assert (first.number, first.file, dict(first.claims), first.told) == (
        1,
        "a.png",
        {"bytes": 3},
        {"place": "a; disk"},
    )
    assert dict(second.claims) == {"md5": "a" * 32}


def test_csv_without_numbers_is_known_by_its_files(read: Read) -> None:
    assert [line.number for line in read("m.csv", "path\na.png\nin/b.png\n")] == [None, None]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("a.png,1,x", "more cells"),
        ("a.png,one", "has no number"),
        ("a.png,-1", "has no number"),
        (",1", "names no file"),
        ("gone.png,1", "not in the folder"),
        ("../up.png,1", "outside the folder"),
        ('"' + "x" * 140_000 + '",1', "no CSV"),
    ],
)
def test_a_row_of_csv_that_lies_gets_its_sentence(read: Read, row: str, sentence: str) -> None:
    lines = read("m.csv", f"file,number\n{row}\nin/b.png,2\n")
    assert sentence in lines[0].refusal
    assert [line.file for line in lines if not line.refusal] == ["in/b.png"]


def test_a_quote_that_is_never_closed_is_told(read: Read) -> None:
    lines = read("m.csv", 'file,number\nin/b.png,2\n"a.png,1\n')
    assert [bool(line.refusal) for line in lines] == [False, True]
    assert "never closed" in lines[1].refusal


def test_csv_that_names_no_file_column_is_no_manifest(read: Read) -> None:
    with pytest.raises(Missing, match="names no column file"):
        read("m.csv", "name,size\na.png,3\n")


def test_vics_gives_paths_of_windows_digests_and_where_it_was_found(read: Read) -> None:
    media = {
        "MediaID": 7,
        "MD5": "A" * 32,
        "SHA1": "B" * 40,
        "MediaSize": "12",
        "Category": 3,
        "RelativeFilePath": "in\\b.png",
        "Exifs": [{"PropertyName": "MD5", "PropertyValue": "x"}],
        "MediaFiles": [
            {"MD5": "C" * 32, "FileName": "b.png", "FilePath": "C:\\found", "Created": "2026-01-01T00:00:00Z"},
            {"FileName": "second.png"},
        ],
    }
    (line,) = read("m.json", "\ufeff" + _vics(media))
    assert (line.number, line.file, line.refusal) == (None, "in/b.png", "")
    assert dict(line.claims) == {"bytes": 12, "md5": "a" * 32, "sha1": "b" * 40}
    assert line.told == {"place": "C:\\found\\b.png", "found_at": "2026-01-01T00:00:00Z", "category": "3"}


def test_vics_with_a_digest_that_is_none_is_refused(read: Read) -> None:
    (line,) = read("m.json", _vics({"RelativeFilePath": "a.png", "MD5": ["A" * 32]}))
    assert "md5 of this file is not 32" in line.refusal


def test_vics_lists_media_without_cases_too(read: Read) -> None:
    text = json.dumps({"@odata.context": f"{CONTEXT}Media", "value": [{"RelativeFilePath": "a.png"}]})
    assert [line.file for line in read("m.json", text)] == ["a.png"]


def test_vics_with_hashes_alone_names_no_file(read: Read) -> None:
    (line,) = read("m.json", _vics({"MediaID": 1, "MD5": "A" * 32}))
    assert (line.why, line.refusal) == (
        WhyRefused.LINE,
        "Line 1 of the manifest names no file: it has to be a path as text.",
    )


def test_vics_that_breaks_off_gives_what_came_before(read: Read) -> None:
    whole = _vics({"RelativeFilePath": "a.png"}, {"RelativeFilePath": "in/b.png"})
    lines = read("m.json", whole[: whole.index("in/b.png")])
    assert [line.file for line in lines if not line.refusal] == ["a.png"]
    assert lines[-1].refusal == "The manifest breaks off after 1 files: what follows is not JSON."


def test_vics_is_read_record_by_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A manifest of many gigabytes is never held: records come out before the file was read to its end."""
    read_to, real = [0], ijson.basic_parse

    def parse(file: Any) -> Any:
        for event in real(file, buf_size=16):
            read_to.append(file.tell())
            yield event

    monkeypatch.setattr(vics.ijson, "basic_parse", parse)
    text = _vics(*({"RelativeFilePath": f"{number}.png"} for number in range(1_000)))
    (tmp_path / "m.json").write_text(text)
    next(vics.vics_rows(tmp_path / "m.json"))
    assert read_to[-1] < len(text) / 10


def test_the_same_file_twice_is_refused_once(read: Read) -> None:
    lines = read("m.json", _vics({"RelativeFilePath": "a.png"}, {"RelativeFilePath": "a.png"}))
    assert [line.why for line in lines] == [None, WhyRefused.TWICE]
    assert lines[1].number is not None


def test_without_a_manifest_everything_that_lies_there_is_found(read: Read, tmp_path: Path) -> None:
    assert [line.file for line in open_source(tmp_path / "found").lines()] == ["a.png", "in/b.png"]


def test_a_folder_s_own_manifest_is_taken(read: Read, tmp_path: Path) -> None:
    (tmp_path / "found" / "manifest.jsonl").write_text('{"file": "a.png", "number": 3}\n')
    assert [line.number for line in open_source(tmp_path / "found").lines()] == [3]


def test_a_manifest_of_another_kind_is_told_what_there_is(tmp_path: Path) -> None:
    (tmp_path / "m.xlsx").touch()
    with pytest.raises(Missing, match="VICS-shaped JSON"):
        open_source(tmp_path, tmp_path / "m.xlsx")


def test_an_endless_line_is_refused_and_not_held(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "LONGEST_LINE", 50)
    lines = read("m.jsonl", '{"file": "' + "x" * 500 + '"}\n{"file": "a.png"}\n')
    assert ["longer than 50" in lines[0].refusal, lines[1].refusal] == [True, ""]


_text = st.text(st.characters(exclude_categories=[]), max_size=30)
_values = st.none() | st.booleans() | st.integers() | st.floats() | _text | st.lists(st.integers(), max_size=2)
_names = st.sampled_from(["file", "number", "page", "bytes", "sha256", "md5", "place", "found_by", "x"])
_json_lines = st.lists(st.text() | st.dictionaries(_names, _values).map(json.dumps), max_size=8).map("\n".join)


def _written(lines: list[list[str]]) -> str:
    sink = io.StringIO()
    csv.writer(sink).writerows([["file", "number", "bytes", "md5"], *lines])
    return sink.getvalue()


_csv = st.lists(st.lists(_text, max_size=6), max_size=8).map(_written)
_broken_csv = st.text(st.sampled_from('a,;"\r\n\0\t1'), max_size=80).map("file,number\n".__add__)
_record = st.dictionaries(
    st.sampled_from(["RelativeFilePath", "MediaSize", "MD5", "SHA1", "Category", "MediaFiles", "Media"]),
    _values | st.dictionaries(st.just("FilePath"), _values),
)
_cases = st.lists(_record, max_size=6).map(lambda media: _vics(*media))
_broken_json = st.tuples(_cases, st.integers(0, 200), _text).map(lambda part: part[0][: -part[1] or None] + part[2])


def _told_whole(folder: Path, name: str, text: str) -> list[ManifestLine]:
    (folder / name).write_text(text, encoding="utf-8", errors="surrogatepass")
    lines = list(open_source(folder, folder / name).lines())
    numbers = [line.number for line in lines if line.number is not None]
    assert len(set(numbers)) == len(numbers)
    assert all(line.refusal or line.file for line in lines)
    assert all(line.refusal.endswith(".") for line in lines if line.refusal)
    assert all(line.number is not None or len(line.file) > 0 for line in lines)
    assert len(lines) == open_source(folder, folder / name).count()
    return lines


@given(_json_lines)
def test_whatever_json_lines_hold_every_line_is_told(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    lines = _told_whole(tmp_path_factory.mktemp("lies"), "m.jsonl", text)
    assert all(line.refusal for line in lines if line.file not in {".", "m.jsonl"})


@given(_csv | _broken_csv)
def test_whatever_csv_holds_every_row_is_told(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    _told_whole(tmp_path_factory.mktemp("lies"), "m.csv", text)


@given(_cases | _broken_json | _text)
def test_whatever_vics_holds_every_record_is_told(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    _told_whole(tmp_path_factory.mktemp("lies"), "m.json", text)


def test_vics_that_nests_without_end_is_told(tmp_path: Path) -> None:
    (line,) = _told_whole(tmp_path, "m.json", '{"value": [' + '{"Media": [' * 50_000)
    assert "breaks off after 0 files" in line.refusal


@given(st.binary(max_size=200), st.sampled_from(sorted(READERS)))
def test_bytes_that_are_no_text_stop_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, ending: str
) -> None:
    path = tmp_path_factory.mktemp("lies") / f"m{ending}"
    path.write_bytes(data)
    lines: list[ManifestLine] = []
    # A first line of CSV that names no columns.
    with contextlib.suppress(Missing):
        lines = list(open_source(path.parent, path).lines())
    assert all(line.number is None or line.number < Find.NO_NUMBER or line.refusal for line in lines)
