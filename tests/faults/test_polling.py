"""The member that polls while others are killed finds whatever is half, changed, or not what it was."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from faults.polling import PollingMember
from openhotline.hashlists.models.edition_file import EDITION, write_lines, write_signed

KEY = Ed25519PrivateKey.generate()


def edition(folder: Path, version: int, *names: str) -> bytes:
    """Return the whole of a list with these entries, signed."""
    digest, state = write_lines(folder / "lines", [{"entry": name, "kind": "entry"} for name in names])
    about = {"member": "par_one", "version": version, "practice": True, "format": EDITION}
    write_signed(folder / "whole", about | {"state": f"{state:064x}", "body_sha256": digest}, folder / "lines", KEY)
    return (folder / "whole").read_bytes()


class Told(PollingMember):
    """A member that is given what a test says."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.name, self.key = folder, "par_one", KEY.public_key()
        self.polls, self.faults = 0, []
        self.copy, self.at, self.states, self.releases = {}, None, {}, {}
        self.answers: dict[str, tuple[int, bytes]] = {}

    def ask(self, path: str) -> tuple[int, bytes]:
        """Return what the test says."""
        return self.answers.get(path, (304, b""))


@pytest.fixture
def member(tmp_path: Path) -> Told:
    """It was given version 1 whole."""
    found = Told(tmp_path)
    found.answers["/members/v1/list"] = 200, edition(tmp_path, 1, "ent_a", "ent_b")
    found.poll()
    assert (found.faults, found.told()["versions_polled"]) == ([], 1)
    return found


def test_nothing_new_is_no_fault(member: Told) -> None:
    """It goes on asking."""
    member.poll()
    assert (member.polls, member.faults) == (2, [])


def test_half_a_list_is_found(member: Told) -> None:
    """As when it is read while it is written."""
    body = member.answers["/members/v1/list"][1]
    member.answers["/members/v1/list"] = 200, body[: len(body) // 2]
    member.at = None
    member.poll()
    assert any("refuses what it was given" in one for one in member.faults)


def test_one_version_that_is_two_lists_is_found(member: Told, tmp_path: Path) -> None:
    """Each is whole and signed, and one of them was never the version."""
    member.answers["/members/v1/list"] = 200, edition(tmp_path, 1, "ent_a")
    member.download()
    assert any("two different lists" in one for one in member.faults)


def test_a_version_that_goes_back_is_found(member: Told, tmp_path: Path) -> None:
    """An older list after a newer one."""
    member.answers["/members/v1/list"] = 200, edition(tmp_path, 0, "ent_a")
    member.download()
    assert any("the copy of 1" in one for one in member.faults)


def test_half_a_release_that_lies_there_is_found(member: Told, tmp_path: Path) -> None:
    """Also one that is written over a moment later."""
    (tmp_path / "7.jsonl").write_bytes(b"{")
    member.poll()
    assert any("refuses what it was given" in one for one in member.faults)
