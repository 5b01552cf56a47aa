"""Types what an operator types, each line in a process of its own, without loading the program anew for each.

One process loads the program as it stands on an installation, and forks for every line: the child runs the command from
its beginning to its end, with its own connections, and leaves. Each line that comes in is a JSON object: ``words``,
``act`` (whether they are for ``acting.py``), and the files ``out`` and ``err`` that take what is said; each that goes
out is the code with which the command ended.
"""

import json
import os
import sys
from typing import Any

import acting  # sets Django up

from openhotline.config import cli


def said(words: list[str], *, act: bool) -> int:
    """Run one command and return the code with which it ended."""
    try:
        if act:
            acting.main(words)
        else:
            sys.argv = ["openhotline", *words]
            cli.main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def typed(line: dict[str, Any]) -> int:
    """Run one line in a child; return the code with which that ended, negative for a signal."""
    child = os.fork()
    if child == 0:
        for name, descriptor in (("out", 1), ("err", 2)):
            os.dup2(os.open(line[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), descriptor)
        # By the ordinary way out: what runs at the end of a command runs at the end of this one.
        sys.exit(said(line["words"], act=line["act"]))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    """Type line by line until nobody dictates any more."""
    answers = os.dup(1)
    while line := sys.stdin.readline():
        os.write(answers, f"{typed(json.loads(line))}\n".encode())


if __name__ == "__main__":
    main()
