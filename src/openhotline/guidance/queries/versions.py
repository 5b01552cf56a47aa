"""Versions of the flows: those that were frozen, by hash, and what changed from one to the next."""

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from django.conf import settings

from openhotline.guidance.errors import GuidanceInvalid, NoSuchVersion
from openhotline.guidance.models.flow import Flow
from openhotline.guidance.models.guidance import Guidance
from openhotline.guidance.models.table import Table
from openhotline.guidance.queries.content import SHIPPED
from openhotline.guidance.queries.document import Document, document_of, statements, version_of

PAST = "past"
HISTORY = "history.toml"
SHORT = 12


@dataclass(frozen=True)
class Frozen:
    """A version that was frozen: when, why, and the folder that holds its document."""

    flow: str
    version: str
    on: date
    because: str
    folder: Traversable

    @property
    def short(self) -> str:
        """The beginning of the hash, for people to compare."""
        return self.version[:SHORT]


@dataclass(frozen=True)
class Change:
    """What a version says that the one before did not, and the other way round: (place, text) each."""

    added: tuple[tuple[str, str], ...]
    gone: tuple[tuple[str, str], ...]


def folders() -> list[Traversable]:
    """Return the folders that hold versions: the shipped one, and the hotline's own."""
    own = [settings.GUIDANCE / PAST] if settings.GUIDANCE else []
    return [SHIPPED / PAST, *own]


def history(places: Iterable[Traversable] | None = None) -> list[Frozen]:
    """Return every frozen version, the oldest first. Raises GuidanceInvalid when a history cannot be read."""
    return [one for folder in (folders() if places is None else places) for one in _history_in(folder)]


def _history_in(folder: Traversable) -> list[Frozen]:
    file = folder / HISTORY
    if not file.is_file():
        return []
    try:
        whole = Table.of(tomllib.loads(file.read_text("utf-8")), f"{PAST}/{HISTORY}")
    except (OSError, ValueError) as error:
        raise GuidanceInvalid(f"{PAST}/{HISTORY} cannot be read: {error}. Put back the file as it was.") from error
    return [
        Frozen(one.text("flow"), one.text("version"), one.day("frozen"), one.text("because"), folder)
        for one in whole.tables("version")
    ]


def frozen_document(version: str) -> tuple[Frozen, Document]:
    """Return a frozen version and its document. Raises NoSuchVersion, and GuidanceInvalid when the file was changed."""
    found = next((one for one in history() if one.version == version), None)
    if found is None:
        raise NoSuchVersion("No version of the guidance has this number. Look for it in the list of all versions.")
    return found, document_in(found)


def document_in(found: Frozen) -> Document:
    """Return the document of a frozen version. Raises GuidanceInvalid when it is not the one that was frozen."""
    try:
        document: Document = json.loads((found.folder / f"{found.version}.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise GuidanceInvalid(f"Version {found.version} cannot be read: {error}. Put back the file.") from error
    if version_of(document) != found.version:
        raise GuidanceInvalid(f"Version {found.version} was changed after it was frozen. Put back the file as it was.")
    return document


def difference(before: Document, after: Document) -> Change:
    """Return what one document says and the other does not."""
    old, new = statements(before), statements(after)
    return Change(tuple(sorted(new - old)), tuple(sorted(old - new)))


def earlier(flow: str, version: str) -> Frozen | None:
    """Return the frozen version of a flow before this one; for a version that is not frozen, the newest there is."""
    known = [one for one in history() if one.flow == flow]
    at = next((number for number, one in enumerate(known) if one.version == version), len(known))
    return known[at - 1] if at else None


@dataclass(frozen=True)
class PresentVersion:
    """The version of a flow as it is now: its record when it was frozen, the one before, and the change between."""

    version: str
    frozen: Frozen | None
    before: Frozen | None
    change: Change | None

    @property
    def short(self) -> str:
        """The beginning of the hash, for people to compare."""
        return self.version[:SHORT]


def present_version(flow: Flow, guidance: Guidance) -> PresentVersion:
    """Return the version of a flow and what changed. Raises GuidanceInvalid when a kept version was damaged."""
    document = document_of(flow, guidance)
    version = version_of(document)
    before = earlier(flow.id, version)
    return PresentVersion(
        version=version,
        frozen=next((one for one in history() if one.version == version), None),
        before=before,
        change=difference(document_in(before), document) if before else None,
    )


def not_frozen(guidance: Guidance, folder: Path | None) -> list[Flow]:
    """Return the flows whose present version is kept nowhere."""
    places: list[Traversable] = [SHIPPED / PAST, *([folder / PAST] if folder else [])]
    known = {one.version for one in history(places)}
    return [one for one in guidance.flows.values() if version_of(document_of(one, guidance)) not in known]
