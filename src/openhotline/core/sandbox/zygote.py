"""The program inside the sandbox: it imports and warms the target, then forks one child a file.

It never reads a file itself. It talks with the parent over one SEQPACKET socket: a job comes with two
descriptors (the bytes, the way out), "kill" ends the child early, and each child's wait status goes back. The
end of the socket is the end of the zygote.
"""

import contextlib
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from .child import Cell, Job, address_space, complain, die_with_parent, fork, live
from .compiled import bring_compiled
from .memory import settle
from .observe import missing_walls
from .protocol import Limits
from .seccomp import Installer, child_filter, this_machine

MAX_MESSAGE = 64 << 10


def main() -> None:
    """Run until the parent hangs up. The argument is JSON: what `launch` put together."""
    config: dict[str, Any] = json.loads(sys.argv[1])
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A descriptor that children must not inherit past their own fork; bubblewrap handed it down to us.
    control = socket.socket(fileno=config["socket"])
    try:
        cell = _prepare(config)
    except Exception as error:  # noqa: BLE001 - a target may fail to import in any way; the parent shows this line
        complain(f"{config['target']} cannot be made ready in the sandbox: {type(error).__name__}: {error}")
        sys.exit(1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    _tell(control, {"missing": missing_walls(cell), "peak": peak})
    with contextlib.suppress(ConnectionError):
        while (job := _next_job(control)) is not None:
            _run(control, cell, job)


def _prepare(config: dict[str, Any]) -> Cell:
    limits = Limits(**config["limits"])
    if cache := os.environ.get("NUMBA_CACHE_DIR"):
        bring_compiled(Path(cache), [Path(folder) for folder in config["sources"]])
    target = _load(config["target"])
    if config["warm"]:
        _load(config["warm"])()
    machine = this_machine()
    installer = Installer(child_filter(machine)) if machine else None
    # Here and not in each child; and after the warm-up, in which a library may have set a handler of its own.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    settle()
    return Cell(target, limits, installer, address_space())


def _load(dotted: str) -> Any:
    module, _, name = dotted.partition(":")
    return getattr(importlib.import_module(module), name)


def _tell(control: socket.socket, message: dict[str, Any]) -> None:
    control.send(json.dumps(message).encode())


def _next_job(control: socket.socket) -> Job | None:
    while True:
        text, descriptors, _flags, _address = socket.recv_fds(control, MAX_MESSAGE, 2)
        if not text:
            return None
        message = json.loads(text)
        # A "kill" that came too late, after the child's own end, has no descriptors and means nothing now.
        if len(descriptors) == 2:
            source, sink = descriptors
            return Job(source, message["size"], sink, message["options"])


def _run(control: socket.socket, cell: Cell, job: Job) -> None:
    pid = fork()
    if pid == 0:
        control.detach()
        live(cell, job)
    os.close(job.source)
    os.close(job.sink)
    status, used = _wait(control, pid, cell.limits.wall + 1)
    # ru_maxrss is in KiB (getrusage(2)); it counts the pages shared with the zygote too.
    _tell(control, {"status": status, "peak": used.ru_maxrss << 10, "cpu": used.ru_utime + used.ru_stime})


def _wait(control: socket.socket, pid: int, seconds: float) -> tuple[int, resource.struct_rusage]:
    """Wait for the child; kill it when the parent says so, hangs up, or `seconds` have passed."""
    end = os.pidfd_open(pid)
    try:
        poll = select.poll()
        poll.register(end, select.POLLIN)
        poll.register(control, select.POLLIN)
        ready = {descriptor for descriptor, _events in poll.poll(seconds * 1000)}
        if end not in ready:
            # The message, if it is one, is read and dropped by the next `_next_job`.
            signal.pidfd_send_signal(end, signal.SIGKILL)
    finally:
        os.close(end)
    return os.wait4(pid, 0)[1:]
