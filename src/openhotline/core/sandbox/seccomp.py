"""Seccomp filters as hand-assembled BPF: a deny-list around the zygote, an allow-list around each child.

The zygote has to import programs and fork, so it keeps most calls and loses those that reach the kernel's
darker corners or the network. The child has to compute and write, so it gets a handful and dies at any other.
"""

import ctypes
import dataclasses
import errno
import platform
import struct
from collections.abc import Iterable

from .syscalls import ALLOWED, DENIED, NUMBERS

KILL, ALLOW, ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
_LOAD, _JUMP_EQ, _JUMP_GE, _JUMP_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_AT_NUMBER, _AT_MACHINE, _AT_ARGUMENTS = 0, 4, 16
_X32_BIT = 0x40000000
_PROT_EXEC = 4
# CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET,TIME}: a zygote that forks needs none of them.
_CLONE_NEW = 0x7E020080
_CLONE_THREAD = 0x00010000
_WRITING = 0x00000043  # O_WRONLY, O_RDWR, O_CREAT
_TERMINAL_INJECTION = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER_MODE = 38, 22, 2
_prctl = ctypes.PyDLL(None, use_errno=True).prctl


@dataclasses.dataclass(frozen=True)
class Machine:
    """A processor family: its AUDIT_ARCH word, its column in the table, and whether it has x32 calls."""

    audit: int
    column: int
    x32: bool

    def number(self, name: str) -> int | None:
        """Return the number of a system call, or None when this machine has no such call."""
        return NUMBERS[name][self.column]

    def numbers(self, names: Iterable[str]) -> list[int]:
        """Return the numbers of those of `names` that this machine has."""
        return [number for name in names if (number := self.number(name)) is not None]


MACHINES = {"x86_64": Machine(0xC000003E, 0, x32=True), "aarch64": Machine(0xC00000B7, 1, x32=False)}


def this_machine() -> Machine | None:
    """Return the processor we run on, or None when we have no table for it (nothing can be filtered then)."""
    return MACHINES.get(platform.machine()) if struct.calcsize("P") == 8 else None


def child_filter(machine: Machine) -> bytes:
    """Assemble the allow-list of a child; no new process or thread, nothing executable."""
    program = _prologue(machine)
    for name in ("mmap", "mprotect"):
        program += _when_argument(machine, name, 2, _if_set(_PROT_EXEC, KILL) + _return(ALLOW))
    checked = {"mmap", "mprotect"}
    for number in machine.numbers(name for name in ALLOWED if name not in checked):
        program += _if_equal(number, _return(ALLOW))
    # Libraries look for what they can do without: C2PA's reads how many processors it may use, and makes a pool of
    # threads. Told "not allowed" and "no such call", they go on; nothing is opened and no thread begins.
    program += _if_equal(machine.numbers(["rt_sigaction"])[0], _return(ERRNO | errno.EPERM))
    unreadable = _if_set(_WRITING, KILL) + _return(ERRNO | errno.EACCES)
    program += _when_argument(machine, "openat", 2, unreadable)
    no_threads = _return(ERRNO | errno.ENOSYS)
    program += _if_equal(machine.numbers(["clone3"])[0], no_threads)
    program += _when_argument(machine, "clone", 0, _if_clear(_CLONE_THREAD, KILL) + no_threads)
    return program + _return(KILL)


def zygote_filter(machine: Machine) -> bytes:
    """Assemble the deny-list that bubblewrap puts around the zygote before it starts."""
    refuse = ERRNO | errno.EPERM
    program = _prologue(machine)
    program += _when_argument(machine, "clone", 0, _if_set(_CLONE_NEW, refuse) + _return(ALLOW))
    injection = b"".join(_if_equal(request, _return(refuse)) for request in _TERMINAL_INJECTION)
    program += _when_argument(machine, "ioctl", 1, injection + _return(ALLOW))
    # clone3 hides its flags behind a pointer; "no such call" makes glibc fall back to clone.
    program += _if_equal(machine.numbers(["clone3"])[0], _return(ERRNO | errno.ENOSYS))
    for number in machine.numbers(DENIED):
        program += _if_equal(number, _return(refuse))
    return program + _return(ALLOW)


class Installer:
    """A filter made ready before the fork, so that the child only has to switch it on."""

    def __init__(self, program: bytes) -> None:
        self._code = ctypes.create_string_buffer(program, len(program))
        address = ctypes.addressof(self._code)
        # struct sock_fprog: unsigned short len, padding to 8, pointer.
        self._head = ctypes.create_string_buffer(struct.pack("@HxxxxxxQ", len(program) // 8, address), 16)
        # Every argument as an object, too: what a child makes anew costs it pages to copy, 110 for these two calls.
        self._privileges = _words(_PR_SET_NO_NEW_PRIVS, 1, 0)
        self._filter = _words(_PR_SET_SECCOMP, _FILTER_MODE, ctypes.addressof(self._head))

    def install(self) -> None:
        """Put the filter on this process for ever. Raises OSError when the kernel refuses."""
        if _prctl(*self._privileges) != 0 or _prctl(*self._filter) != 0:
            raise OSError(ctypes.get_errno(), "The kernel refused the seccomp filter of the child.")


def _words(*arguments: int) -> tuple[ctypes.c_ulong, ...]:
    return tuple(ctypes.c_ulong(argument) for argument in (*arguments, 0, 0))


def _prologue(machine: Machine) -> bytes:
    """Kill a foreign machine's calls (their numbers mean other things), then load the call's number."""
    program = _load(_AT_MACHINE) + _jump(_JUMP_EQ, machine.audit, 1, 0) + _return(KILL) + _load(_AT_NUMBER)
    return program + (_jump(_JUMP_GE, _X32_BIT, 0, 1) + _return(KILL) if machine.x32 else b"")


def _when_argument(machine: Machine, name: str, argument: int, body: bytes) -> bytes:
    """For call `name` run `body`, which ends in a return, on the low word of an argument."""
    return _if_equal(machine.numbers([name])[0], _load(_AT_ARGUMENTS + 8 * argument) + body)


def _if_equal(value: int, body: bytes) -> bytes:
    return _jump(_JUMP_EQ, value, 0, len(body) // 8) + body


def _if_set(bits: int, action: int) -> bytes:
    return _jump(_JUMP_SET, bits, 0, 1) + _return(action)


def _if_clear(bits: int, action: int) -> bytes:
    return _jump(_JUMP_SET, bits, 1, 0) + _return(action)


def _load(at: int) -> bytes:
    return struct.pack("<HBBI", _LOAD, 0, 0, at)


def _jump(kind: int, value: int, when: int, otherwise: int) -> bytes:
    return struct.pack("<HBBI", kind, when, otherwise, value)


def _return(action: int) -> bytes:
    return struct.pack("<HBBI", _RETURN, 0, 0, action)
