"""A seat: the two pipes of one child, from the parent's side."""

import contextlib
import fcntl
import os
import socket

from .protocol import ORDER

_PIPE_BYTES = 1 << 20


class Seat:
    """Where one file goes in (`files`) and its answer comes out (`answers`), as descriptors. Close it when done."""

    def __init__(self, number: int) -> None:
        self.number = number
        with contextlib.ExitStack() as undo:
            self._source, self.files = _pipe(undo)
            self.answers, self._sink = _pipe(undo)
            os.set_blocking(self.files, False)
            undo.pop_all()

    def hand_over(self, control: socket.socket, *, begun: int) -> None:
        """Give the far ends to a zygote, for a new child, and say which other seat has its file now (0 for none).

        Raises OSError when the zygote is gone; the seat is closed then.
        """
        try:
            socket.send_fds(control, [ORDER.pack(begun, 0, self.number)], [self._source, self._sink])
        except OSError:
            self.close()
            raise
        finally:
            os.close(self._source)
            os.close(self._sink)

    def put(self, rest: list[memoryview]) -> bool:
        """Write what the pipe takes, and remove it from `rest`; return whether some is left for another time."""
        try:
            while rest:
                written = os.writev(self.files, rest)
                while rest and written >= len(rest[0]):
                    written -= len(rest.pop(0))
                if rest:
                    rest[0] = rest[0][written:]
        except BlockingIOError:
            return True
        except BrokenPipeError:  # nobody reads it any more; how the child ended says why
            rest.clear()
        return False

    def close(self) -> None:
        """Close the near ends; a child that still waits leaves."""
        os.close(self.files)
        os.close(self.answers)


def _pipe(undo: contextlib.ExitStack) -> tuple[int, int]:
    ends = os.pipe2(os.O_CLOEXEC)
    for end in ends:
        undo.callback(os.close, end)
    with contextlib.suppress(OSError):  # the system's allowance for large pipes may be used up
        fcntl.fcntl(ends[0], fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return ends
