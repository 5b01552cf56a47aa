"""Files go in, answers or failures come out, and the zygote lives on."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from numba.core.caching import _CacheLocator

from openhotline.core.largest_file import LARGEST_FILE
from openhotline.core.sandbox import bubblewrap, launch, misdeeds, parent
from openhotline.core.sandbox.compiled import Compiled
from openhotline.core.sandbox.parent import Sandbox
from openhotline.core.sandbox.protocol import MAX_OPTIONS, Answer, Failure, Limits, SandboxUnavailable
from openhotline.core.sandbox.worker import Zygote

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]
MISDEEDS = "openhotline.core.sandbox.misdeeds"
PATIENT = Limits(wall=100.0, cpu=60, memory=128 << 20, bytes_in=1 << 20)  # a busy machine is no reason to fail
QUICK = Limits(wall=1.0, cpu=1, memory=128 << 20)


@pytest.fixture(scope="module")
def echo() -> Iterator[Sandbox]:
    with Sandbox(f"{MISDEEDS}:echo") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def misbehave() -> Iterator[Sandbox]:
    with Sandbox(f"{MISDEEDS}:misbehave", zygotes=1, limits=PATIENT) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def lie() -> Iterator[Sandbox]:
    with Sandbox(f"{MISDEEDS}:lie", zygotes=1, limits=PATIENT) as sandbox:
        yield sandbox


def zygote_of(sandbox: Sandbox) -> Zygote:
    return sandbox._slots[0].zygote


def processes_of(marker: bytes) -> list[int]:
    """Return the processes whose command line holds `marker`."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if marker in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def children_of(pid: int) -> list[int]:
    """Return the processes that a process of one thread started, the oldest first."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def inside(sandbox: Sandbox) -> int:
    """Return the program in the only zygote's walls: bubblewrap starts an init there, and that the program."""
    ((program,),) = [children_of(init) for init in children_of(zygote_of(sandbox)._process.pid)]
    return program


def test_bytes_and_options_go_in_and_facts_and_pixels_come_out(echo: Sandbox) -> None:
    answer = echo.run(b"\1\2\3", {"depth": 2})
    assert answer.facts == {"length": 3, "options": {"depth": 2}, "checksum": 6}
    assert answer.planes[0].tolist() == [[1, 2, 3]]


def test_an_empty_file_and_a_large_one_arrive_whole(echo: Sandbox) -> None:
    assert echo.run(b"").facts["length"] == 0
    assert echo.run(bytes(20 << 20)).facts["length"] == 20 << 20


def test_a_file_as_large_as_is_taken_in_fits_into_a_child_once() -> None:
    """With the memory that every file has, and room beside it: held twice, it would leave next to none."""
    data = bytes(LARGEST_FILE)
    with Sandbox(f"{MISDEEDS}:echo", zygotes=1, limits=Limits(memory=LARGEST_FILE + (150 << 20))) as narrow:
        assert narrow.run(data).facts["length"] == LARGEST_FILE


def test_a_sound_sandbox_says_so(echo: Sandbox) -> None:
    assert echo.posture().kind == "sandboxed"
    assert echo.posture().reasons == ()


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("refuse", "refused:not-a-picture"),
        ("throw", "refused:error"),
        ("eat", "memory"),
        ("crash", "killed"),
        ("leave", "lied"),
    ],
)
def test_a_child_that_misbehaves_is_a_failure_and_the_zygote_lives(misbehave: Sandbox, how: str, reason: str) -> None:
    pid = zygote_of(misbehave)._process.pid
    with pytest.raises(Failure) as failure:
        misbehave.run(b"x", {"how": how})
    assert failure.value.reason == reason
    assert failure.value.sentence.endswith((".", "hostile."))
    assert zygote_of(misbehave)._process.pid == pid
    assert not zygote_of(misbehave).gone


@pytest.mark.parametrize("how", ["stall", "burn", "linger", "deaf"])
def test_a_child_that_does_not_end_is_ended_and_the_zygote_lives(how: str) -> None:
    with Sandbox(f"{MISDEEDS}:misbehave", zygotes=1, limits=QUICK) as sandbox:
        with pytest.raises(Failure) as failure:
            sandbox.run(b"x", {"how": how})
        assert failure.value.reason == "timeout"
        assert not zygote_of(sandbox).gone


@pytest.mark.parametrize("how", ["magic", "too-many-bytes", "too-few-bytes", "huge-plane", "no-json", "endless"])
def test_a_child_that_lies_is_caught_and_the_zygote_lives(lie: Sandbox, how: str) -> None:
    with pytest.raises(Failure) as failure:
        lie.run(b"x", {"how": how})
    assert failure.value.reason == "lied"
    assert not zygote_of(lie).gone


def test_a_file_over_the_limit_never_goes_in(misbehave: Sandbox) -> None:
    with pytest.raises(Failure, match="at most 1048576 are examined"):
        misbehave.run(bytes((1 << 20) + 1))


def test_what_files_cost_is_told(misbehave: Sandbox) -> None:
    before = misbehave.wear()
    with pytest.raises(Failure):
        misbehave.run(b"x", {"how": "eat"})
    after = misbehave.wear()
    assert (after.files, after.restarts) == (before.files + 1, 0)
    assert PATIENT.memory // 4 < after.own <= PATIENT.memory
    assert after.own < after.peak


def test_memory_that_a_child_copies_of_its_zygote_is_its_own() -> None:
    with Sandbox(f"{MISDEEDS}:misbehave", zygotes=1, limits=QUICK) as sandbox:
        sandbox.run(b"x", {"how": "copy"})
        assert sandbox.wear().own >= len(misdeeds.INHERITED)


def test_the_signal_that_ended_a_child_is_told(misbehave: Sandbox) -> None:
    with pytest.raises(Failure) as failure:
        misbehave.run(b"x", {"how": "crash"})
    assert failure.value.signal == signal.SIGSEGV


def test_one_that_the_kernel_kills_for_its_use_of_the_processor_took_too_long() -> None:
    """Blocking the signal that says so does not make it look like one that needed too much memory."""
    with (
        Sandbox(f"{MISDEEDS}:misbehave", zygotes=1, limits=Limits(wall=100, cpu=1)) as sandbox,
        pytest.raises(Failure) as failure,
    ):
        sandbox.run(b"x", {"how": "deaf"})
    assert (failure.value.reason, failure.value.signal) == ("timeout", signal.SIGKILL)


def test_map_answers_every_file_in_order(echo: Sandbox) -> None:
    sources = [(number, bytes([number])) for number in range(40)]
    results = list(echo.map(iter(sources)))
    assert [key for key, _answer in results] == list(range(40))
    assert [answer.facts["checksum"] for _key, answer in results] == list(range(40))


def test_no_more_is_read_ahead_than_a_few_large_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight files of the largest size at once would be more memory than a worker has."""
    monkeypatch.setattr(parent, "MOST_HELD", 100)
    read: list[int] = []

    def sources() -> Iterator[tuple[int, bytes]]:
        for number in range(6):
            read.append(number)
            yield number, bytes(80)

    answers = parent.in_order(lambda _data: Answer({}), sources(), threads=2, ahead=8)
    assert [(key, len(read)) for key, _ in answers] == [(0, 2), (1, 3), (2, 4), (3, 5), (4, 6), (5, 6)]


def test_map_gives_a_failure_in_place_and_goes_on(misbehave: Sandbox) -> None:
    results = list(misbehave.map([("a", b"x"), ("b", b"x")], {"how": "crash"}))
    assert [(key, result.reason) for key, result in results] == [("a", "killed"), ("b", "killed")]


def test_map_left_early_leaves_nothing_behind(echo: Sandbox) -> None:
    assert next(echo.map((number, b"x") for number in range(1000)))[0] == 0
    assert echo.run(b"x").facts["length"] == 1


def test_many_threads_share_the_zygotes(echo: Sandbox) -> None:
    lengths: list[object] = []
    threads = [
        threading.Thread(target=lambda n=n: lengths.append(echo.run(bytes(n)).facts["length"])) for n in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(lengths) == list(range(16))


def test_a_zygote_that_died_while_idle_is_replaced_and_the_file_is_examined() -> None:
    with Sandbox(f"{MISDEEDS}:echo", zygotes=1) as sandbox:
        first = zygote_of(sandbox)._process
        zygote_of(sandbox)._kill()
        first.wait()
        assert isinstance(sandbox.run(b"abc"), Answer)
        assert zygote_of(sandbox)._process.pid != first.pid


def test_a_child_that_died_while_it_waited_costs_no_file_and_no_zygote() -> None:
    with Sandbox(f"{MISDEEDS}:echo", zygotes=1, limits=PATIENT) as sandbox:
        for number in range(3):
            assert sandbox.run(bytes(number)).facts["length"] == number
            waiting = zygote_of(sandbox)._next
            assert waiting is not None
            os.kill(children_of(inside(sandbox))[-1], signal.SIGKILL)
            while zygote_of(sandbox)._next is waiting:
                if zygote_of(sandbox)._says_something():
                    zygote_of(sandbox)._hear_end(0)
        assert sandbox.wear().restarts == 0
        assert sandbox.wear().files == 3


def test_each_file_has_a_child_of_its_own(echo: Sandbox) -> None:
    """A child is ready before its file comes, and none reads two."""
    for zygote in (slot.zygote for slot in echo._slots):
        before = zygote._seats
        for _file in range(3):
            zygote.run(b"x", {})
        assert zygote._next is not None
        assert zygote._next.number == zygote._seats == before + 3 + (before == 0)


def test_a_zygote_that_dies_during_a_file_fails_that_file_only() -> None:
    with Sandbox(f"{MISDEEDS}:misbehave", zygotes=1, limits=PATIENT) as sandbox:
        first = zygote_of(sandbox)

        def kill_once_it_has_the_file() -> None:
            while first._next is None:
                time.sleep(0.01)
            first._kill()

        threading.Thread(target=kill_once_it_has_the_file).start()
        with pytest.raises(Failure) as failure:
            sandbox.run(b"x", {"how": "stall"})
        assert failure.value.reason == "killed"
        with pytest.raises(Failure, match="not a picture"):
            sandbox.run(b"x", {"how": "refuse"})


def test_a_zygote_stuck_with_its_child_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stopped zygote answers nothing, not even "kill"; the file times out and the next gets a new zygote."""
    monkeypatch.setattr("openhotline.core.sandbox.worker._GRACE_SECONDS", 0.3)
    with Sandbox(f"{MISDEEDS}:echo", zygotes=1, limits=Limits(wall=5.0)) as sandbox:
        os.kill(inside(sandbox), signal.SIGSTOP)
        with pytest.raises(Failure) as failure:
            sandbox.run(b"x")
        assert failure.value.reason == "timeout"
        assert isinstance(sandbox.run(b"x"), Answer)


def test_closing_leaves_no_process_even_in_the_middle_of_a_file() -> None:
    marker = b'"wall": 17.5'
    sandbox = Sandbox(f"{MISDEEDS}:misbehave", limits=Limits(wall=17.5))
    failures = []

    def examine() -> None:
        try:
            sandbox.run(b"x", {"how": "stall"})
        except Failure as failure:
            failures.append(failure.reason)

    thread = threading.Thread(target=examine)
    thread.start()
    while not any(slot.zygote._next for slot in sandbox._slots):
        assert thread.is_alive()
    sandbox.close()
    thread.join()
    assert failures == ["killed"]
    assert processes_of(marker) == []


def test_a_closed_sandbox_says_so() -> None:
    sandbox = Sandbox(f"{MISDEEDS}:echo", zygotes=1)
    sandbox.close()
    sandbox.close()
    with pytest.raises(SandboxUnavailable, match="closed"):
        sandbox.run(b"x")


def test_a_forked_process_must_make_its_own(echo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(echo, "_process_id", 1)
    with pytest.raises(SandboxUnavailable, match="make one after forking"):
        echo.run(b"x")
    echo.close()
    monkeypatch.undo()
    assert echo.run(b"x").facts["length"] == 1


def test_a_replacement_with_a_hole_takes_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every zygote has to show its walls, not only the first."""
    whole = bubblewrap.wrapping
    with Sandbox(f"{MISDEEDS}:echo", zygotes=1) as sandbox:
        monkeypatch.setattr(launch, "wrapping", lambda *a: [*whole(*a)[:-1], "--share-net", "--"])
        zygote_of(sandbox)._kill()
        zygote_of(sandbox)._process.wait()
        for _attempt in range(2):
            with pytest.raises(SandboxUnavailable, match="sees a network"):
                sandbox.run(b"abc")


def test_zygotes_that_end_at_once_are_not_started_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(f"{MISDEEDS}:echo", zygotes=1) as sandbox:
        launched = []

        def dies(**_how: bool) -> Zygote:
            launched.append(zygote := launch_one(**_how))
            return zygote

        def never_ready(zygote: Zygote) -> list[str]:
            zygote._kill()
            zygote._process.wait()
            return []

        launch_one = sandbox._launch
        monkeypatch.setattr(sandbox, "_launch", dies)
        monkeypatch.setattr(Zygote, "await_ready", never_ready)
        never_ready(zygote_of(sandbox))
        with pytest.raises(SandboxUnavailable, match="as soon as it is started"):
            sandbox.run(b"abc")
        assert len(launched) == 1


def test_without_bubblewrap_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent, "find_bubblewrap", lambda: None)
    with pytest.raises(SandboxUnavailable, match="apt install bubblewrap"):
        Sandbox(f"{MISDEEDS}:echo")


def test_in_practice_files_are_opened_with_less_protection_and_the_posture_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parent, "find_bubblewrap", lambda: None)
    with Sandbox(f"{MISDEEDS}:echo", zygotes=1, require=False) as sandbox:
        assert sandbox.run(b"abc").facts["length"] == 3
        assert sandbox.posture().kind == "degraded"
        assert "apt install bubblewrap" in sandbox.posture().reasons[0]


@pytest.mark.parametrize("how", ["stall", "eat", "crash"])
def test_limits_and_the_childs_filter_hold_without_bubblewrap_too(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.setattr(parent, "find_bubblewrap", lambda: None)
    with Sandbox(f"{MISDEEDS}:misbehave", zygotes=1, limits=QUICK, require=False) as sandbox:
        assert not any("forbidden call" in reason for reason in sandbox.posture().reasons)
        with pytest.raises(Failure):
            sandbox.run(b"x", {"how": how})


def test_a_bubblewrap_that_fails_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "wrapping", lambda bwrap, *_rest: [bwrap, "--no-such-option"])
    with pytest.raises(SandboxUnavailable, match="no-such-option"):
        Sandbox(f"{MISDEEDS}:echo", zygotes=1)


def test_planted_bug_a_sandbox_with_a_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bubblewrap.wrapping
    monkeypatch.setattr(launch, "wrapping", lambda *a: [*whole(*a)[:-1], "--share-net", "--"])
    with pytest.raises(SandboxUnavailable, match="sees a network"):
        Sandbox(f"{MISDEEDS}:echo", zygotes=1)


def test_planted_bug_a_sandbox_with_a_writable_folder_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = bubblewrap.wrapping
    monkeypatch.setattr(launch, "wrapping", lambda *a: [whole(*a)[0], "--bind", str(tmp_path), "/mnt", *whole(*a)[1:]])
    with pytest.raises(SandboxUnavailable, match="writable file system"):
        Sandbox(f"{MISDEEDS}:echo", zygotes=1)


def test_a_processor_without_a_table_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent, "this_machine", lambda: None)
    with pytest.raises(SandboxUnavailable, match="no seccomp filter for this processor"):
        Sandbox(f"{MISDEEDS}:echo")


def test_a_target_that_cannot_be_imported_is_named() -> None:
    with pytest.raises(SandboxUnavailable, match="misdeeds:nothing cannot be made ready"):
        Sandbox(f"{MISDEEDS}:nothing", zygotes=1)


def test_options_that_do_not_fit_are_the_callers_error(echo: Sandbox) -> None:
    with pytest.raises(ValueError, match=f"at most {MAX_OPTIONS} fit"):
        echo.run(b"x", {"long": "x" * MAX_OPTIONS})


def test_compiled_code_is_found_where_numba_looks(tmp_path: Path) -> None:
    """The folder's name is numba's; were it another, every start would compile for seconds."""
    compiled = tmp_path / "package" / "__pycache__" / "kernels.f-1.py311.nbi"
    compiled.parent.mkdir(parents=True)
    compiled.write_bytes(b"index")
    Compiled(tmp_path / "cache").bring([tmp_path])
    name = _CacheLocator.get_suitable_cache_subpath(str(tmp_path / "package" / "kernels.py"))
    assert (tmp_path / "cache" / name / compiled.name).read_bytes() == b"index"


def test_a_zygote_that_had_to_compile_begins_anew_without_the_compilers_memory() -> None:
    with Sandbox(f"{MISDEEDS}:compiled_here", zygotes=1, warm=f"{MISDEEDS}:compile_once") as opened:
        assert opened.run(b"x").facts == {"compiled here": False}


def test_a_zygote_that_always_compiles_begins_anew_once_only() -> None:
    """Else one whose compiled code cannot be kept would never be ready."""
    with Sandbox(f"{MISDEEDS}:compiled_here", zygotes=1, warm=f"{MISDEEDS}:compile_always") as opened:
        assert opened.run(b"x").facts == {"compiled here": True}


def test_outside_bubblewrap_no_compiled_code_is_taken_from_a_shared_folder() -> None:
    assert "NUMBA_CACHE_DIR" in bubblewrap.environment(wrapped=True)
    assert "NUMBA_CACHE_DIR" not in bubblewrap.environment(wrapped=False)


def test_only_libraries_python_and_packages_are_visible() -> None:
    """Not the working directory, not the home: the database and the keys may lie there."""
    seen = bubblewrap.visible_paths(["openhotline.core.sandbox.misdeeds:echo"])
    assert not any(folder in (Path.cwd(), Path.home(), Path("/"), Path("/etc"), Path("/usr")) for folder in seen)
    assert any(folder.name == "openhotline" for folder in seen)


def test_what_numba_takes_in_where_it_is_installed_is_no_load_on_a_zygote() -> None:
    code = (
        "import sys\n"
        "from openhotline.core.sandbox.compiled import LEFT_OUT, leave_out\n"
        "leave_out()\n"
        "from openhotline.evidence.examiner import program\n"
        "program.warm()\n"
        "print([name for name in LEFT_OUT if sys.modules.get(name)])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "[]\n"
