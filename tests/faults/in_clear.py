"""The hotline with a planted bug: encrypted columns are written as they are.

python in_clear.py serve --port 8000
"""

from openhotline.config import cli
from openhotline.core import fields


def plant() -> None:
    """Let columns be written, and read, in clear in this process."""
    fields.lock_column = lambda text, column: text.encode()  # noqa: ARG005 # type: ignore[assignment]
    fields.open_column = lambda locked, column: locked.decode()  # noqa: ARG005 # type: ignore[assignment]


if __name__ == "__main__":
    plant()
    cli.main()
