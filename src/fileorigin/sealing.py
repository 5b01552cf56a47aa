"""Collect what must be encrypted: prompts, names, free text, thumbnails."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_SEALED = 32_000_000  # bytes of one file's sealed parts


@dataclass
class Seal:
    """Grows while a file is examined; becomes `Evidence.sealed`."""

    contents: dict[str, bytes] = field(default_factory=dict)
    full: bool = False
    _size: int = 0

    def put(self, name: str, content: str | bytes) -> str:
        """Keep `content` under `name.N`; returns that reference, for `Finding.sealed_refs`."""
        raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        reference = f"{name}.{len(self.contents)}"
        self._size += len(raw)
        if self._size > MAX_SEALED:
            self.full = True
            raw = b""
        self.contents[reference] = raw
        return reference
