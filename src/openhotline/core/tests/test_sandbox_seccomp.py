"""The filters, run on a small BPF machine: what they decide for every call on every processor."""

import struct

import pytest

from openhotline.core.sandbox import seccomp
from openhotline.core.sandbox.seccomp import ALLOW, KILL, MACHINES, Machine, child_filter, zygote_filter
from openhotline.core.sandbox.syscalls import ALLOWED, DENIED, NUMBERS

EPERM, EACCES, ENOSYS = 0x50001, 0x5000D, 0x50026
machines = pytest.mark.parametrize("machine", MACHINES.values(), ids=list(MACHINES))
JUMPS = {0x15: lambda a, k: a == k, 0x35: lambda a, k: a >= k, 0x45: lambda a, k: bool(a & k)}


def decide(program: bytes, machine: Machine, number: int, *arguments: int, audit: int | None = None) -> int:
    """Run a filter the way the kernel does; returns its action."""
    words = list(arguments) + [0] * (6 - len(arguments))
    seen = struct.pack("<IIQ6Q", number, audit or machine.audit, 0, *words)
    steps = list(struct.iter_unpack("<HBBI", program))
    accumulator = at = 0
    while True:
        code, when, otherwise, value = steps[at]
        if code == 0x06:
            return value
        if code == 0x20:
            accumulator = struct.unpack_from("<I", seen, value)[0]
            at += 1
        else:
            at += 1 + (when if JUMPS[code](accumulator, value) else otherwise)


@machines
def test_a_child_may_make_the_listed_calls_and_no_other(machine: Machine) -> None:
    allowed = set(machine.numbers(ALLOWED))
    program = child_filter(machine)
    refused = set(machine.numbers(["clone", "clone3", "openat", "rt_sigaction"]))
    for number in set(range(600)) - refused:
        assert decide(program, machine, number) == (ALLOW if number in allowed else KILL)


@machines
def test_numbers_that_wrap_or_carry_the_x32_bit_are_killed(machine: Machine) -> None:
    program = child_filter(machine)
    read = machine.number("read")
    for number in (0x40000000 | read, 0x80000000 | read, 0xFFFFFFFF, 600, 2**31 - 1):
        assert decide(program, machine, number) == KILL


@machines
@pytest.mark.parametrize("name", ["mmap", "mprotect"])
def test_memory_can_never_be_made_executable(machine: Machine, name: str) -> None:
    program = child_filter(machine)
    for protection in range(16):
        expected = KILL if protection & 4 else ALLOW
        assert decide(program, machine, machine.number(name), 0, 0, protection) == expected


@machines
def test_a_child_is_told_that_there_are_no_threads_and_killed_for_a_fork(machine: Machine) -> None:
    program = child_filter(machine)
    assert decide(program, machine, machine.number("clone"), 0x003D0F00) == ENOSYS
    assert decide(program, machine, machine.number("clone"), 0x01200011) == KILL
    assert decide(program, machine, machine.number("clone3")) == ENOSYS


@machines
def test_a_child_may_not_read_a_file_and_is_killed_for_writing_one(machine: Machine) -> None:
    program = child_filter(machine)
    assert decide(program, machine, machine.number("openat"), 0, 0, 0x80000) == EACCES
    for flags in (1, 2, 0x40, 0x80041, 0x242):
        assert decide(program, machine, machine.number("openat"), 0, 0, flags) == KILL


@machines
def test_the_calls_of_another_processor_are_killed(machine: Machine) -> None:
    """Number 0 is read on one processor and io_setup on another: the number alone means nothing."""
    for program in (child_filter(machine), zygote_filter(machine)):
        assert decide(program, machine, machine.number("read"), audit=0x40000003) == KILL


def test_planted_bug_without_the_processor_check_a_foreign_call_would_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = MACHINES["x86_64"]
    monkeypatch.setattr(seccomp, "_prologue", lambda _machine: seccomp._load(0))
    assert decide(child_filter(machine), machine, machine.number("read"), audit=0x40000003) == ALLOW


@machines
def test_the_zygote_loses_what_is_dangerous_and_keeps_what_it_needs(machine: Machine) -> None:
    program = zygote_filter(machine)
    assert all(decide(program, machine, number) == EPERM for number in machine.numbers(DENIED))
    needed = machine.numbers(["read", "openat", "execve", "mmap", "recvmsg", "sendmsg", "seccomp", "prctl"])
    assert all(decide(program, machine, number) == ALLOW for number in needed)


@machines
@pytest.mark.parametrize("bit", [7, 17, 25, 26, 27, 28, 29, 30])
def test_the_zygote_forks_but_makes_no_namespace(machine: Machine, bit: int) -> None:
    program = zygote_filter(machine)
    clone = machine.number("clone")
    assert decide(program, machine, clone, 0x01200011) == ALLOW
    assert decide(program, machine, clone, 1 << bit) == EPERM


@machines
def test_the_zygote_cannot_type_into_a_terminal_and_has_no_clone3(machine: Machine) -> None:
    program = zygote_filter(machine)
    assert decide(program, machine, machine.number("ioctl"), 0, 0x5412) == EPERM
    assert decide(program, machine, machine.number("ioctl"), 0, 0x5401) == ALLOW
    assert decide(program, machine, machine.number("clone3")) == ENOSYS


def test_no_call_is_both_allowed_and_denied() -> None:
    assert not set(ALLOWED) & set(DENIED)


@pytest.mark.parametrize("column", [0, 1])
def test_no_two_names_share_a_number(column: int) -> None:
    numbers = [pair[column] for pair in NUMBERS.values() if pair[column] is not None]
    assert len(numbers) == len(set(numbers))
