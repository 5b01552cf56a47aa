"""Folders are walked in one order, and nothing in them is waited for."""

import os
from pathlib import Path

from hashmatch.folders import files_of


def _make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_files_come_before_folders_each_by_name(tmp_path: Path) -> None:
    """Whatever the order in which they were made."""
    _make(tmp_path, "b/1", "a/z/3", "c", "a/2", "B")

    assert [path.relative_to(tmp_path).as_posix() for path in files_of([tmp_path])] == ["B", "c", "a/2", "a/z/3", "b/1"]


def test_paths_keep_the_order_given(tmp_path: Path) -> None:
    """A path that does not exist is handed on, for whoever opens it to say so."""
    _make(tmp_path, "folder/1", "single")
    given = [tmp_path / "single", tmp_path / "absent", tmp_path / "folder"]

    assert [path.name for path in files_of(given)] == ["single", "absent", "1"]


def test_pipes_and_links_to_folders_or_nothing_are_left_out(tmp_path: Path) -> None:
    """A link to a file is a file; a link back to the top does not go round for ever."""
    _make(tmp_path, "real")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "nothing").symlink_to("absent")
    (tmp_path / "round").symlink_to(tmp_path, target_is_directory=True)

    assert [path.name for path in files_of([tmp_path])] == ["link", "real"]
