"""What can be translated, out of templates, Python and data files, by the table in ``locale/sources.toml``."""

import io
import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from django.utils.translation.template import templatize

from openhotline.core.languages.catalogues import Catalogue, empty
from openhotline.core.languages.places import LOCALE, SOURCES

NOTE = "Translators:"
KEYWORDS = dict(DEFAULT_KEYWORDS) | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def template(root: Path = LOCALE.parent, sources: Path = LOCALE / SOURCES) -> Catalogue:
    """Return every text that can be translated, in the order of files and lines; a text of two files stands once."""
    table = tomllib.loads(sources.read_text(encoding="utf-8"))
    methods = [(one["files"], one["method"]) for one in table["sources"]]
    made = empty()
    for name, line, text, comments, context in extract_from_dir(
        root, methods, keywords=KEYWORDS, comment_tags=(NOTE,), directory_filter=lambda _folder: True
    ):
        # The line orders files within one text; it is not written, since it moves with every change.
        made.add(text, None, [(name, line)], auto_comments=comments, context=context)
    return made


def from_template(
    file: IO[bytes], keywords: Mapping[str, Any], tags: Collection[str], options: Any
) -> Iterator[tuple[Any, ...]]:
    """Yield the texts of a Django template, as Babel asks its extractors for them.

    Django rewrites a template into calls of gettext with the rest crossed out; each of its lines is one line of Python.
    """
    lines = (line.strip() for line in templatize(file.read().decode("utf-8")).splitlines())
    yield from extract_python(io.BytesIO("\n".join(lines).encode("utf-8")), keywords, tags, options)
