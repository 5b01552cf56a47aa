"""Two processes do the same work at once."""

import os
from pathlib import Path

from hashmatch.benchmarks.beside import doubled


def test_each_round_is_done_here_and_beside(tmp_path: Path) -> None:
    def step() -> None:
        with (tmp_path / str(os.getpid())).open("a") as log:
            log.write(".")

    with doubled(step) as both:
        both()
        both()
    assert [path.read_text() for path in tmp_path.iterdir()] == ["..", ".."]


def test_the_process_beside_is_gone_afterwards(tmp_path: Path) -> None:
    def step() -> None:
        (tmp_path / str(os.getpid())).touch()

    with doubled(step) as both:
        both()
    (beside,) = (int(path.name) for path in tmp_path.iterdir() if path.name != str(os.getpid()))
    assert not Path(f"/proc/{beside}").exists()
