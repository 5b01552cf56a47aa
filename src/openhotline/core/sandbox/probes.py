"""Programs that attack the sandbox from inside, for its tests and for an operator who wants to see it hold.

`attempt` tries one way out, named in the options. One that works is reported as `{"escaped": true}`; a sound
sandbox kills the child before it can report anything.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from .child import SINK
from .protocol import Answer, Json, Refused
from .seccomp import this_machine
from .syscalls import DENIED

_DOUBLINGS = 6
_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: int) -> None:
    """Make one system call; an error from the kernel raises, so only success counts as an escape."""
    machine = this_machine()
    number = machine.number(name) if machine else None
    if number is None:
        raise Refused("no-such-call", f"This machine has no call {name}.")
    _call_number(number, *arguments)


def _call_number(*words: int) -> None:
    if _libc.syscall(*(ctypes.c_long(word) for word in words)) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def _connect(family: int, kind: int, address: object) -> None:
    with socket.socket(family, kind) as connection:
        connection.connect(address)  # type: ignore[arg-type]  # each family has its own kind of address


def _map_executable() -> None:
    _call("mmap", 0, 4096, 7, 0x22, -1, 0)


def _make_executable() -> None:
    page = ctypes.create_string_buffer(8192)
    _call("mprotect", (ctypes.addressof(page) + 4095) & ~4095, 4096, 5)


def _use_other_descriptors() -> None:
    for descriptor in range(SINK + 1, 256):
        try:
            os.read(descriptor, 0)
        except OSError:
            continue
        return
    raise Refused("nothing-open", "No other descriptor is open.")


def _fork_bomb() -> None:
    # An endless one, tried where the filter was left out to see it missed, held up the whole machine for minutes.
    for _doubling in range(_DOUBLINGS):
        os.fork()


def _run_from_memory() -> None:
    descriptor = os.memfd_create("program", 0)
    os.write(descriptor, b"#!/bin/sh\n")
    os.execve(descriptor, ["program"], {})  # noqa: S606 - the point


def _send_datagram() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", 53))


def _signal_zygote() -> None:
    # Inside its namespace the zygote is process 2, after bubblewrap's own; its number needs no call to be known.
    os.kill(2, signal.SIGKILL)


def _start_thread() -> None:
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()


WAYS: dict[str, Callable[[], object]] = {
    "open-read": lambda: Path("/proc/self/maps").read_bytes(),
    "open-program": lambda: Path(sys.executable).read_bytes(),
    "open-write": lambda: Path("/tmp/escaped").write_bytes(b"x"),  # noqa: S108 - the point
    "list-directory": lambda: os.listdir("/"),  # noqa: PTH208 - the shortest way
    "stat": lambda: Path("/").stat(),
    "mkdir": lambda: Path("/tmp/escaped").mkdir(),  # noqa: S108 - the point
    "proc-of-parent": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
    "parent-pid": os.getppid,
    "fork": os.fork,
    "fork-bomb": _fork_bomb,
    "run-from-memory": _run_from_memory,
    "execute": lambda: os.execv(sys.executable, ["python"]),  # noqa: S606 - the point
    "spawn": lambda: subprocess.run([sys.executable], check=False),
    "thread": _start_thread,
    "tcp": lambda: _connect(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 9)),
    "udp-send": _send_datagram,
    "packets": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
    "virtual-machine-socket": lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM),
    "udp": lambda: _connect(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 9)),
    "tcp6": lambda: _connect(socket.AF_INET6, socket.SOCK_STREAM, ("::1", 9)),
    "unix": lambda: _connect(socket.AF_UNIX, socket.SOCK_STREAM, "/run/socket"),
    "abstract": lambda: _connect(socket.AF_UNIX, socket.SOCK_STREAM, "\0socket"),
    "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    "raw-socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW),
    "socket-pair": socket.socketpair,
    "kill-parent": lambda: os.kill(1, signal.SIGTERM),
    "kill-zygote": _signal_zygote,
    "kill-everyone": lambda: os.kill(-1, signal.SIGTERM),
    "signal-self": lambda: os.kill(os.getpid(), 0),
    "catch-signals": lambda: signal.signal(signal.SIGALRM, signal.SIG_IGN),
    "cancel-alarm": lambda: signal.setitimer(signal.ITIMER_REAL, 0),
    "other-descriptors": _use_other_descriptors,
    "duplicate-descriptor": lambda: os.dup(SINK),
    "pipe": os.pipe,
    "memory-file": lambda: os.memfd_create("escaped"),
    "map-executable": _map_executable,
    "make-executable": _make_executable,
    "become-root": lambda: os.setuid(0),
    "raise-limits": lambda: _call("prlimit64", 0, 9, 0, 0),
    "process-control": lambda: _call("prctl", 3, 0, 0, 0, 0),
    "own-filter": lambda: _call("seccomp", 2, 0, 0),
    "x32-call": lambda: _call_number(0x40000000 + 39),
    "clone3": lambda: _call("clone3", 0, 0),
    "wait-notification": lambda: _call("inotify_init1", 0),
} | {name: (lambda name=name: _call(name, 0, 0, 0, 0, 0, 0)) for name in DENIED}


def attempt(_data: bytes, options: dict[str, Json]) -> Answer:
    """Try the way out named in `options["way"]`; an error of the kernel is reported as a failed escape."""
    try:
        WAYS[str(options["way"])]()
    except (OSError, RuntimeError) as error:  # the latter is what Python says of a thread
        return Answer({"escaped": False, "error": str(error)})
    return Answer({"escaped": True})
