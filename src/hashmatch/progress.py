"""Progress on standard error, only where a person looks at it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


@contextmanager
def shown() -> Iterator[Progress]:
    """Bars for the steps that are added to it; they vanish at the end, and on no terminal nothing is written."""
    looked_at = sys.stderr.isatty()  # not the console's word for it, which FORCE_COLOR overrules
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not looked_at) as progress:
        yield progress
