"""All of the guidance: the shipped files, with a hotline's own laid over them."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self, TypeVar

from openhotline.guidance.errors import GuidanceInvalid
from openhotline.guidance.models.flow import Flow
from openhotline.guidance.models.outcome import Names, Step
from openhotline.guidance.models.source import Entry, Nation, Source
from openhotline.guidance.models.table import Table

LISTS = {"nations.toml": "nation", "sources.toml": "source", "directory.toml": "entry", "blocks.toml": "block"}
FLOWS = "flows/"
Kind = TypeVar("Kind", Nation, Source, Entry)


@dataclass(frozen=True)
class Guidance:
    """Everything, by id. Flows stand in the order in which they are offered. `digest`: SHA-256 (hex) of all files."""

    nations: Mapping[str, Nation]
    sources: Mapping[str, Source]
    entries: Mapping[str, Entry]
    flows: Mapping[str, Flow]
    digest: str

    @classmethod
    def read(cls, *layers: Mapping[str, str]) -> Self:
        """Read files, text by name (`sources.toml`, `flows/….toml`); a later layer replaces what has the same id.

        What a later layer marks `left_out = true` is gone. Raises GuidanceInvalid with the file and key at fault.
        """
        tables = {key: _merged(name, key, layers) for name, key in LISTS.items()}
        nations = _by_id(Nation.read(one) for one in tables["nation"])
        sources = _by_id(Source.read(one, tuple(nations)) for one in tables["source"])
        entries = _by_id(Entry.read(one, tuple(nations), tuple(sources)) for one in tables["entry"])
        names = Names(tuple(nations), tuple(sources), tuple(entries))
        blocks = {one.text("id"): _block(one, names) for one in tables["block"]}
        flows = [Flow.read(one, names, blocks) for one in _flow_tables(layers)]
        in_order = {one.id: one for one in sorted(flows, key=lambda one: one.order)}
        return cls(nations, sources, entries, in_order, _digest(layers))


def _digest(layers: Iterable[Mapping[str, str]]) -> str:
    told = hashlib.sha256()
    for layer in layers:
        for name, text in sorted(layer.items()):
            told.update(f"{name}\0{text}\0".encode())
    return told.hexdigest()


def _block(table: Table, names: Names) -> tuple[Step, ...]:
    steps = tuple(Step.read(one, names) for one in table.tables("step"))
    if not steps:
        table.refuse("step", "a block has one step or more.")
    table.end()
    return steps


def _by_id(found: Iterable[Kind]) -> dict[str, Kind]:
    return {one.id: one for one in found}


def parsed(name: str, text: str) -> dict[str, object]:
    """Return what a TOML file holds. Raises GuidanceInvalid with the file and the line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GuidanceInvalid(f"{name} is not TOML: {error}. Correct the file.") from error


def _merged(name: str, key: str, layers: Iterable[Mapping[str, str]]) -> list[Table]:
    """The tables of one list file over all layers, the later ones in place of the earlier ones."""
    found: dict[str, Table] = {}
    for layer in layers:
        if name not in layer:
            continue
        whole = Table.of(parsed(name, layer[name]), name)
        fresh: dict[str, Table] = {}
        for one in whole.tables(key):
            if one.text("id") in fresh:
                one.refuse("id", "two of them have this id. Give each its own.")
            fresh[one.text("id")] = one
        whole.end()
        found |= fresh
    return _kept(found)


def _flow_tables(layers: Iterable[Mapping[str, str]]) -> list[Table]:
    found: dict[str, Table] = {}
    for layer in layers:
        fresh: dict[str, Table] = {}
        for name in sorted(name for name in layer if name.startswith(FLOWS)):
            one = Table.of(parsed(name, layer[name]), name)
            if one.text("id") in fresh:
                one.refuse("id", f"{fresh[one.text('id')].place} has this id too. Give each flow its own.")
            fresh[one.text("id")] = one
        found |= fresh
    return _kept(found)


def _kept(found: Mapping[str, Table]) -> list[Table]:
    return [one for one in found.values() if not one.flag("left_out")]
