"""The program inside the sandbox: it imports and warms the target, then forks one child a file.

It never reads a file itself. It talks with the parent over one SEQPACKET socket: orders come, the end of each child
goes back (both in `protocol.py`). A new child gets a seat, two descriptors for a file and its answer, and waits there.
The end of the socket is the end of the zygote.
"""

import contextlib
import importlib
import json
import os
import signal
import socket
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from .child import Target, complain, die_with_parent
from .compiled import Compiled, leave_out
from .mapped import share_code
from .memory import settle, spread
from .protocol import Limits, encode_answer
from .seccomp import Installer, child_filter, this_machine

_OFTEN = 30  # by then Python 3.11 has specialised what runs once a file


def main() -> None:
    """Run until the parent hangs up. The argument is JSON: what `launch` put together."""
    config: dict[str, Any] = json.loads(sys.argv[1])
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A descriptor that children must not inherit past their own fork; bubblewrap handed it down to us.
    control = socket.socket(fileno=config["socket"])
    try:
        target = _warm(config)
    except Exception as error:  # noqa: BLE001 - a target may fail to import in any way; the parent shows this line
        complain(f"{config['target']} cannot be made ready in the sandbox: {type(error).__name__}: {error}")
        sys.exit(1)
    beginning = settle()
    child, observe, nursery = (_anew(name) for name in ("child", "observe", "nursery"))
    machine = this_machine()
    installer = Installer(child_filter(machine)) if machine else None
    cell = child.Cell(target, Limits(**json.loads(sys.argv[1])["limits"]), installer, child.room_taken())
    ready = json.dumps({"missing": observe.missing_walls(cell)}).encode()
    children = nursery.Nursery(control, cell)
    # All that is done once is done now: a huge page that is written to after this is huge no more.
    spread(beginning)
    with contextlib.suppress(ConnectionError):
        children.serve(ready)


def _warm(config: dict[str, Any]) -> Target:
    """Return the target once it is imported and warm."""
    leave_out()
    cache = os.environ.get("NUMBA_CACHE_DIR")
    compiled = Compiled(Path(cache)) if cache else None
    if compiled:
        compiled.bring([Path(folder) for folder in config["sources"]])
    target: Target = _load(config["target"])
    usual: bytes | None = _load(config["warm"])() if config["warm"] else None
    if compiled:
        compiled.begin_anew()
    if usual is not None:
        _prepare_for(target, usual, Limits(**config["limits"]))
    # Here and not in each child; and after the warm-up, in which a library may have set a handler of its own.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    return target


def _prepare_for(target: Target, usual: bytes, limits: Limits) -> None:
    """Have children find code that is as it is after many files: specialised by the interpreter, and mapped."""

    def examine() -> None:
        encode_answer(target(usual, {}), limits)

    for _file in range(_OFTEN):
        examine()
    share_code(examine)


def _anew(name: str) -> ModuleType:
    """Import a module of ours, once more if it was, for what it makes to lie where `settle` put an end to holes."""
    sys.modules.pop(f"{__package__}.{name}", None)
    return importlib.import_module(f".{name}", __package__)


def _load(dotted: str) -> Any:
    module, _, name = dotted.partition(":")
    return getattr(importlib.import_module(module), name)
