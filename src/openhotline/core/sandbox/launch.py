"""Starts the zygote program, inside bubblewrap or (practice only) bare."""

import contextlib
import dataclasses
import fcntl
import json
import os
import platform
import subprocess
from collections.abc import Iterator
from typing import Any

from .bubblewrap import environment, find_bubblewrap, interpreter, source_roots, wrapping
from .protocol import Limits, SandboxUnavailable
from .seccomp import this_machine, zygote_filter

_SEALS = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
NO_FILTER = (
    f"There is no seccomp filter for this processor ({platform.machine()}); "
    "files can be opened safely on x86_64 and aarch64 only."
)


@dataclasses.dataclass(frozen=True)
class Program:
    """What a zygote runs: target and optional warm-up as "package.module:function", and the limits."""

    target: str
    warm: str | None
    limits: Limits


def launch(program: Program, control: int, complaints: int, *, wrapped: bool) -> subprocess.Popen[bytes]:
    """Start a zygote; `control` and `complaints` are its socket and where its standard error goes."""
    programs = [name for name in (program.target, program.warm) if name]
    settings: dict[str, Any] = {"target": program.target, "warm": program.warm, "socket": control}
    settings["sources"] = [str(root) for root in source_roots(programs)]
    command = [*interpreter(programs), json.dumps(settings | {"limits": dataclasses.asdict(program.limits)})]
    with contextlib.ExitStack() as stack:
        passed = [control]
        if wrapped:
            passed.append(stack.enter_context(_filter_file()))
            command = [*wrapping(find_bubblewrap() or "bwrap", passed[-1], programs), *command]
        return subprocess.Popen(  # noqa: S603 - our own interpreter, no shell, nothing from outside
            command,
            pass_fds=passed,
            env=environment(wrapped=wrapped),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            start_new_session=True,  # a Ctrl-C at our terminal is for us alone
        )


@contextlib.contextmanager
def _filter_file() -> Iterator[int]:
    machine = this_machine()
    if machine is None:
        raise SandboxUnavailable(NO_FILTER)
    with sealed(zygote_filter(machine)) as descriptor:
        yield descriptor


@contextlib.contextmanager
def sealed(data: bytes) -> Iterator[int]:
    """Yield a descriptor of a file in memory that nobody can change any more, positioned at its beginning."""
    descriptor = os.memfd_create("file", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.lseek(descriptor, 0, os.SEEK_SET)
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, _SEALS)
        yield descriptor
    finally:
        os.close(descriptor)
