"""People at work in forked processes, which end themselves at named moments, one after the other."""

import os
import signal
import traceback
from collections.abc import Callable

import failing

# Long, as a busy machine is slow; who is neither dead nor done by then waits for something that never comes.
MOST_SECONDS = 300


class EndedByItselfError(Exception):
    """A process ended in another way than by a named death or at the end of its work."""


def work_until_dead(work: Callable[[], bool], rate: float) -> bool:
    """Fork, and in the child work for as long as ``work`` says that there is more, dying as often as the rate says.

    Return whether it died; False when there was nothing left to do. Nobody may hold a connection to the database when
    this is called. Raises EndedByItselfError.
    """
    child = os.fork()
    if child == 0:
        _work(work, rate)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return True
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        raise EndedByItselfError(f"A process was neither dead nor done after {MOST_SECONDS} seconds.")
    if status:
        raise EndedByItselfError(f"A process ended by itself with status {status}; its reason stands above.")
    return False


def _work(work: Callable[[], bool], rate: float) -> None:
    """Work to the end or until dead; never go back to the parent's code."""
    code = 1
    try:
        signal.alarm(MOST_SECONDS)
        failing.RATE = rate
        while work():
            pass
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it was, this process ends here and says so
        traceback.print_exc()
    finally:
        os._exit(code)
