"""New rows of several tables, written all or none, and on PostgreSQL in one statement.

Seven rows by seven statements are nine round trips, and seven times the work of making a statement. Here the database
numbers the rows, and those that name another take its number inside the statement.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction

Rows: TypeAlias = Sequence[models.Model]
Field: TypeAlias = "models.Field[Any, Any]"

_MARK = "\0"
"""Stands for a number in JSON that is being put together: PostgreSQL's JSON takes no such character."""


@dataclass(frozen=True, eq=False)
class KeyOf:
    """Stands, in a JSON value, for the primary key that another row gets when it is written."""

    row: models.Model


@dataclass(eq=False)
class Together:
    """Rows to be written at once. A row may name one that was added before it: as a relation, or by `KeyOf`."""

    _rows: list[models.Model] = field(default_factory=list)

    def add(self, *rows: models.Model) -> None:
        """Add rows that are not saved yet; those of one table one after another."""
        self._rows.extend(rows)

    def write(self) -> None:
        """Write every row, or none; afterwards each has its primary key. Outside of a transaction it is its own.

        Raises IntegrityError for a row that is in the way; the caller's transaction can then go on.
        """
        groups = [list(rows) for _, rows in groupby(self._rows, type)]
        if connection.vendor != "postgresql":
            _write_one_by_one(groups)
        elif connection.in_atomic_block:
            with transaction.atomic():
                _Statement(groups).run()
        else:
            _Statement(groups).run()


def _write_one_by_one(groups: Sequence[Rows]) -> None:
    with transaction.atomic():
        for rows in groups:
            for row, one in _json_values(rows):
                _told_keys(row, one, *_pieces(getattr(row, one.attname)))
            type(rows[0])._base_manager.bulk_create(rows)


def _json_values(rows: Rows) -> Iterator[tuple[models.Model, Field]]:
    fields = [one for one in type(rows[0])._meta.concrete_fields if isinstance(one, models.JSONField)]
    return ((row, one) for row in rows for one in fields)


def _pieces(value: object) -> tuple[list[str], list[KeyOf]]:
    """Return a value as JSON, in pieces between which stand the keys."""
    keys: list[KeyOf] = []

    def marked(one: object) -> str:
        if not isinstance(one, KeyOf):
            raise TypeError(f"{type(one).__name__} cannot be written as JSON.")
        keys.append(one)
        return _MARK

    return json.dumps(value, default=marked).split(json.dumps(_MARK)), keys


def _told_keys(row: models.Model, one: Field, pieces: Sequence[str], keys: Sequence[KeyOf]) -> None:
    """Put the primary keys of rows that are written into a value that names them."""
    if keys:
        named = [*(str(key.row.pk) for key in keys), ""]
        setattr(row, one.attname, json.loads("".join(map(str.__add__, pieces, named))))


class _Column(NamedTuple):
    field: Field
    relation: "models.ForeignKey[Any, Any] | None"
    is_json: bool


class _Table(NamedTuple):
    """What the rows of a model have in common: how their part begins, and columns but for a key that is numbered."""

    begins: str
    columns: tuple[_Column, ...]
    is_numbered: bool


@cache
def _table(model: type[models.Model]) -> _Table:
    meta = model._meta
    is_numbered = isinstance(meta.pk, models.AutoField)
    fields = [one for one in meta.concrete_fields if not (is_numbered and one.primary_key)]
    names = ", ".join(f'"{one.column}"' for one in fields)
    return _Table(
        f'INSERT INTO "{meta.db_table}" ({names}) VALUES ',  # noqa: S608 - names of our tables
        tuple(
            _Column(one, one if isinstance(one, models.ForeignKey) else None, isinstance(one, models.JSONField))
            for one in fields
        ),
        is_numbered,
    )


class _Statement:
    """One statement of PostgreSQL that adds all rows: for each group a part, and a part with the numbers it was given.

    The rows of a group are numbered in their order, so the numbers in order are theirs.
    """

    def __init__(self, groups: Sequence[Rows]) -> None:
        self.groups = groups
        # Not the name that finds the connection of this thread anew with every use.
        self.connection = connections[DEFAULT_DB_ALIAS]
        self.values: list[Any] = []
        self.numbers: dict[int, str] = {}
        self.numbered: dict[str, Rows] = {}
        self.naming: list[tuple[models.Model, Field, list[str], list[KeyOf]]] = []

    def run(self) -> None:
        parts = [part for place, rows in enumerate(self.groups) for part in self._parts(place, rows)]
        asked = ", ".join(f"(SELECT ids FROM {name})" for name in self.numbered) or "1"  # noqa: S608 - our own names
        with self.connection.cursor() as cursor:
            cursor.execute(f"WITH {', '.join(parts)} SELECT {asked}", self.values)
            found = cursor.fetchone()
        for rows, ids in zip(self.numbered.values(), found, strict=False):
            for row, key in zip(rows, ids, strict=True):
                row.pk = key
        for rows in self.groups:
            relations = [one.relation for one in _table(type(rows[0])).columns if one.relation]
            for row in rows:
                for one in relations:
                    if (related := one.get_cached_value(row, default=None)) is not None:
                        setattr(row, one.attname, related.pk)
                row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
        for told in self.naming:
            _told_keys(*told)

    def _parts(self, place: int, rows: Rows) -> Iterator[str]:
        table, added, numbers = _table(type(rows[0])), f"added_{place}", f"numbers_{place}"
        lines = ", ".join(f"({', '.join([self._spelt(row, column) for column in table.columns])})" for row in rows)
        if not table.is_numbered:
            yield f"{added} AS ({table.begins}{lines})"
            return
        yield f"{added} AS ({table.begins}{lines} RETURNING id)"
        yield f"{numbers} AS (SELECT array_agg(id ORDER BY id) AS ids FROM {added})"  # noqa: S608 - our own names
        self.numbered[numbers] = rows
        for number, row in enumerate(rows, 1):
            self.numbers[id(row)] = f"(SELECT ids[{number}] FROM {numbers})"  # noqa: S608 - our own names

    def _spelt(self, row: models.Model, column: _Column) -> str:
        """Return how a column of a row stands in the statement; its value is kept where it is no part of the text."""
        one, relation, is_json = column
        if relation and (number := self.numbers.get(id(relation.get_cached_value(row, default=None)))):
            return number
        value = one.pre_save(row, add=True)
        if is_json and value is not None:
            return self._json(row, one, value)
        told = one.get_db_prep_save(value, self.connection)
        if told is None:
            return "NULL"
        self.values.append(told)
        return "%s"

    def _json(self, row: models.Model, one: Field, value: object) -> str:
        pieces, keys = _pieces(value)
        self.values.extend(pieces)
        if not keys:
            return "%s::jsonb"
        self.naming.append((row, one, pieces, keys))
        return f"({'%s::text' + ''.join(f' || {self.numbers[id(key.row)]} || %s::text' for key in keys)})::jsonb"
