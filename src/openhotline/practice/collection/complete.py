"""Files that are there whole or not at all."""

from pathlib import Path


def write_complete(path: Path, data: bytes | str) -> None:
    """Write under a passing name first: the file has its own name only once it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    passing = path.with_name(f".{path.name}.part")
    passing.write_bytes(data.encode() if isinstance(data, str) else data)
    passing.replace(path)
