"""Catalogues: read, made to fit the code, checked, written and compiled."""

import difflib
import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, PoFileParser, write_po

from openhotline.core.languages import kept
from openhotline.core.languages.places import LOCALE, TEMPLATE, codes, folder, place
from openhotline.core.languages.pseudo import pseudo
from openhotline.core.languages.reviews import CatalogueInvalid, is_translated, lowest, review_of, settle, texts
from openhotline.core.languages.states import PSEUDO, Review

_ALIKE = 0.75
_WIDTH = 100


class Catalogue(Catalog):
    """Babel's catalogue, without a header that changes by itself: no dates, versions or people."""

    more: tuple[tuple[str, str], ...] = ()

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header: language, plural forms, encoding, and what is ``more``."""
        return [
            *([("Language", self.locale_identifier)] if self.locale_identifier else []),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            *self.more,
            ("Content-Transfer-Encoding", "8bit\n"),
        ]

    @mime_headers.setter
    def mime_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        self._set_mime_headers(headers)

    def messages(self) -> Iterator[Message]:
        """Yield the messages, without the header."""
        return (message for message in self if message.id)


def empty(code: str = "") -> Catalogue:
    """Return a catalogue without messages; of the made-up language with plurals as in English."""
    made = Catalogue(locale=folder(code) if code else None, charset="utf-8", fuzzy=False, header_comment="")
    forms = get_plural("en" if code in {"", PSEUDO} else folder(code))
    made.mime_headers = [("Plural-Forms", forms.plural_forms)]
    return made


def read(path: Path, code: str = "") -> Catalogue:
    """Return a catalogue as its file has it. Raises CatalogueInvalid with file and line when it cannot be read."""
    made = empty(code)
    try:
        PoFileParser(made, ignore_obsolete=True, abort_invalid=True).parse(path.read_bytes().splitlines())
    except (PoFileError, UnicodeDecodeError) as error:
        at = f", line {error.lineno + 1}" if isinstance(error, PoFileError) else ""
        raise CatalogueInvalid(f"{path}{at} cannot be read: {error}. Mend it by hand.") from None
    return made


def written(catalogue: Catalogue) -> bytes:
    """Return the file of a catalogue: by source file, with the files' names and without their lines, which move."""
    out = io.BytesIO()
    write_po(out, catalogue, width=_WIDTH, include_lineno=False, include_previous=True, ignore_obsolete=True)
    return out.getvalue().lstrip(b"\n").rstrip() + b"\n"


def updated(old: Catalogue, template: Catalogue, code: str) -> tuple[Catalogue, int]:
    """Return a catalogue that fits the template, and how many reviews it lost.

    What no longer occurs is left out. A source that was changed keeps the translation of what it was before, marked as
    fuzzy: it is shown to nobody until somebody has looked at it.
    """
    made = empty(code)
    made.header_comment = old.header_comment
    gone = {texts(one.id)[0]: one for one in old.messages() if template.get(one.id, one.context) is None}
    lost = 0
    for source in template.messages():
        message, before = source.clone(), old.get(source.id, source.context)
        if before is not None and type(before.id) is type(message.id):
            message.string, message.user_comments = before.string, list(before.user_comments)
            message.flags |= before.flags & {"fuzzy"}
            message.previous_id = before.previous_id
        else:
            _take_over(message, gone)
        lost += settle(message)
        made[message.id] = message
    return made, lost


def _take_over(message: Message, gone: dict[str, Message]) -> None:
    nearest = difflib.get_close_matches(texts(message.id)[0], gone, n=1, cutoff=_ALIKE)
    if not nearest or type(gone[nearest[0]].id) is not type(message.id):
        return
    before = gone[nearest[0]]
    if any(texts(before.string)):
        message.string, message.previous_id = before.string, list(texts(before.id))
        message.flags.add("fuzzy")


def made_up(template: Catalogue) -> Catalogue:
    """Return the catalogue of the made-up language."""
    made = empty(PSEUDO)
    for source in template.messages():
        message = source.clone()
        said = tuple(pseudo(text) for text in texts(message.id))
        message.string = said[0] if isinstance(message.id, str) else said
        settle(message)
        made[message.id] = message
    return made


def faults(code: str, locale: Path = LOCALE) -> list[str]:
    """Return what is wrong with the translations of a language, a line each."""
    catalogue = read(place(code, locale), code)
    return [
        f"{place(code, locale)}: {texts(message.id)[0]!r}: {fault}"
        for message in catalogue.messages()
        for fault in _faults_of(message, catalogue)
    ]


def _faults_of(message: Message, catalogue: Catalogue) -> list[str]:
    if not is_translated(message):
        return []
    return [*kept.faults_of(message), *(f"{error}." for error in message.check(catalogue))]


def reviews(code: str, locale: Path = LOCALE) -> list[Review]:
    """Return how far each text that can be translated was looked at, in one language."""
    return _reviews(read(place(code, locale), code), read(locale / TEMPLATE))


def _reviews(catalogue: Catalogue, template: Catalogue) -> list[Review]:
    found = ((source, catalogue.get(source.id, source.context)) for source in template.messages())
    return [Review.MISSING if one is None or _faults_of(one, catalogue) else review_of(one) for _, one in found]


def compiled(catalogue: Catalogue, template: Catalogue) -> bytes:
    """Return what pages read: translations without a fault, and in the header how far the least was looked at."""
    made = empty()
    made.mime_headers = catalogue.mime_headers
    made.more = (("X-Review", lowest(_reviews(catalogue, template))),)
    for message in catalogue.messages():
        if is_translated(message) and not _faults_of(message, catalogue):
            made[message.id] = message.clone()
    out = io.BytesIO()
    write_mo(out, made)
    return out.getvalue()


def compile_all(locale: Path = LOCALE) -> list[str]:
    """Compile the catalogues whose compiled file is not newer than they and the template are; return their codes."""
    done = []
    for code in codes(locale):
        source, target = place(code, locale), place(code, locale, "mo")
        newest = max(path.stat().st_mtime_ns for path in (source, locale / TEMPLATE))
        if target.exists() and target.stat().st_mtime_ns > newest:
            continue
        # In one step: a page that is read meanwhile gets the old one or the new one.
        half = target.with_name(f"{target.name}.{os.getpid()}")
        half.write_bytes(compiled(read(source, code), read(locale / TEMPLATE)))
        half.replace(target)
        done.append(code)
    return done
