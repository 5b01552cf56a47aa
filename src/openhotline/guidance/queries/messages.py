"""The texts of the guidance files for translators: an extraction method for Babel.

`locale/sources.toml` names it. The texts go to gettext as they stand in the files.
"""

import tomllib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

SPOKEN = frozenset({"title", "summary", "text", "help", "name", "for_whom", "what", "words"})
Message = tuple[int, str, str, list[str]]


def extract(fileobj: BinaryIO, keywords: object, comment_tags: object, options: object) -> Iterator[Message]:
    """Yield (line, function, message, comments) for every text of a TOML file that readers see."""
    del keywords, comment_tags, options
    content = fileobj.read().decode("utf-8")
    lines = content.splitlines()
    for where, message in _texts(tomllib.loads(content), ""):
        yield _line(lines, message), "gettext", message, [where]


def _texts(value: object, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        here = f"{where} {value.get('id', '')}".strip()
        for key, inner in value.items():
            if key in SPOKEN and isinstance(inner, str):
                yield f"{here} {key}".strip(), inner
            else:
                yield from _texts(inner, f"{here} {key}".strip())
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, where)


def _line(lines: Iterable[str], message: str) -> int:
    """The line on which a message begins; 1 when it is written in a way that does not show it."""
    start = message.splitlines()[0] if message else ""
    return next((number for number, line in enumerate(lines, 1) if start in line), 1)
