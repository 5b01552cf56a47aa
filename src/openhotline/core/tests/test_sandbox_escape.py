"""Ways out of the sandbox, tried for real from inside."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from openhotline.core.sandbox.parent import Sandbox
from openhotline.core.sandbox.probes import WAYS
from openhotline.core.sandbox.protocol import Answer, Failure, SandboxUnavailable

pytestmark = pytest.mark.sandbox
# Libraries can do without these, so they are refused and do not kill.
REFUSED = {"thread", "catch-signals", "clone3", "open-read", "open-program", "list-directory"}
SILENT = REFUSED | {"other-descriptors"}


@pytest.fixture(scope="module")
def cell() -> Iterator[Sandbox]:
    with Sandbox("openhotline.core.sandbox.probes:attempt", zygotes=1) as sandbox:
        yield sandbox


@pytest.mark.parametrize("way", sorted(set(WAYS) - SILENT))
def test_a_way_out_kills_the_child(cell: Sandbox, way: str) -> None:
    with pytest.raises(Failure) as failure:
        cell.run(b"x", {"way": way})
    assert failure.value.reason in {"killed", "refused:no-such-call"}


@pytest.mark.parametrize("way", sorted(REFUSED))
def test_a_child_reads_no_file_and_has_no_thread_but_may_go_on_without(cell: Sandbox, way: str) -> None:
    assert cell.run(b"x", {"way": way}).facts["escaped"] is False


def test_a_child_has_no_descriptor_but_its_own(cell: Sandbox) -> None:
    with pytest.raises(Failure) as failure:
        cell.run(b"x", {"way": "other-descriptors"})
    assert failure.value.reason == "refused:nothing-open"


def test_the_zygote_outlives_every_attempt(cell: Sandbox) -> None:
    assert cell.wear().restarts == 0


def test_there_are_at_least_25_ways() -> None:
    assert len(WAYS) >= 25


def test_planted_bug_a_zygote_without_the_child_filter_takes_no_work() -> None:
    """The zygote tries a forbidden call before it takes work; were the filter not there, nothing would be opened."""
    with pytest.raises(SandboxUnavailable, match="does not kill a forbidden call"):
        Sandbox("openhotline.core.sandbox.probes:attempt", zygotes=1, warm="openhotline.core.sandbox.misdeeds:sabotage")


def test_planted_bug_without_the_filter_the_probes_do_escape() -> None:
    """The probes can fail: with the filter taken away and nothing required, some of them report an escape."""
    program = {"zygotes": 1, "warm": "openhotline.core.sandbox.misdeeds:sabotage", "require": False}
    with Sandbox("openhotline.core.sandbox.probes:attempt", **program) as open_cell:
        assert open_cell.posture().kind == "degraded"
        for way in ("parent-pid", "stat", "make-executable", "catch-signals"):
            assert open_cell.run(b"x", {"way": way}).facts["escaped"]


def test_even_without_the_filter_the_other_walls_hold() -> None:
    """Namespaces, limits and the zygote's own filter do not depend on the child's."""
    program = {"zygotes": 1, "warm": "openhotline.core.sandbox.misdeeds:sabotage", "require": False}
    with Sandbox("openhotline.core.sandbox.probes:attempt", **program) as open_cell:
        for way in ("open-write", "tcp", "udp", "unix", "netlink", "mount", "ptrace", "unshare", "bpf", "pipe"):
            try:
                answer = open_cell.run(b"x", {"way": way})
            except Failure:
                continue
            assert answer.facts["escaped"] is False, way


def test_the_sandbox_works_from_a_thread_that_ends(cell: Sandbox) -> None:
    """The kernel kills a process whose parent thread ends; zygotes must not hang on the caller's thread."""
    made: list[Sandbox] = []
    maker = threading.Thread(target=lambda: made.append(Sandbox("openhotline.core.sandbox.misdeeds:echo")), daemon=True)
    maker.start()
    maker.join()
    with made[0] as sandbox:
        before = [slot.zygote._process.pid for slot in sandbox._slots]
        assert isinstance(sandbox.run(b"abc"), Answer)
        assert before == [slot.zygote._process.pid for slot in sandbox._slots]


def test_nothing_of_our_environment_goes_inside(cell: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "s3cret")
    with Sandbox("openhotline.core.sandbox.misdeeds:echo", zygotes=1) as sandbox:
        child = sandbox._slots[0].zygote._process.pid
        assert b"s3cret" not in Path(f"/proc/{child}/environ").read_bytes()
    assert "SECRET_KEY" in os.environ
