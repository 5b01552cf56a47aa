"""The words in which it is said how a class ends: its records, the rows that hang on them, and what keeps them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import CharField, F, Model, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

Rewrite = Callable[[Any], Any]
"""Returns what a column says from now on, given what it said."""
NOW = object()
"""Stands for the moment of the end among the columns that are written."""


@dataclass(frozen=True)
class Part:
    """Rows of one model that end with a record. ``by``: the way from the row to the record.

    ``columns``: what is written in place of what was there; None: the rows go. ``rewrites``: columns of which a part
    stays. ``where``: only these rows. ``named``: the row has the record's outside id, not its key.
    """

    model: str
    by: str = "pk"
    columns: Mapping[str, object] | None = None
    rewrites: Mapping[str, Rewrite] = field(default_factory=dict)
    where: Q = field(default_factory=Q)
    named: bool = False

    @property
    def deletes(self) -> bool:
        """Say whether the rows go."""
        return self.columns is None and not self.rewrites

    @property
    def rows(self) -> QuerySet[Any]:
        """Return all rows of the model."""
        return model_of(self.model)._base_manager.filter(self.where)


def goes(model: str, by: str = "pk", **more: Any) -> Part:
    """Return rows that go."""
    return Part(model, by, **more)


def blank(model: str, by: str = "pk", *, where: Q | None = None, **columns: object) -> Part:
    """Return rows that stay, with these columns written over."""
    return Part(model, by, columns, where=where or Q())


@dataclass(frozen=True)
class Kept:
    """What keeps a record from ending though its time is over, and the sentence for whoever asked for it."""

    where: Q | Callable[[QuerySet[Any]], QuerySet[Any]]
    because: str

    def among(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that this keeps."""
        return rows.filter(self.where) if isinstance(self.where, Q) else self.where(rows)


@dataclass(frozen=True)
class Records:
    """One kind of record of a class: the rows by which it is named, and all that happens to it at its end.

    ``due`` returns the rows whose time was over before a moment. ``subjects``: the ways to reports and items whose
    legal hold keeps it. ``parts`` are carried out in their order.
    """

    model: str
    prefix: str
    due: Callable[[datetime], QuerySet[Any]]
    parts: tuple[Part, ...]
    kept: tuple[Kept, ...] = ()
    subjects: tuple[str, ...] = ()

    @property
    def goes(self) -> bool:
        """Say whether the record's own row goes; else it stays, with what is counted."""
        return any(one.deletes and (one.model, one.by) == (self.model, "pk") for one in self.parts)

    def named(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return rows with their outside id as ``end_name``; of what has none it is the prefix and the key."""
        number = Concat(Value(f"{self.prefix}_"), Cast("pk", CharField()), output_field=CharField())
        named: QuerySet[Any] = rows.annotate(end_name=F("public_id") if self.has_id else number)
        return named

    def by_name(self, names: list[str]) -> QuerySet[Any]:
        """Return the rows of these outside ids."""
        rows = self.named(model_of(self.model)._base_manager.all())
        if self.has_id:
            return rows.filter(public_id__in=names)
        numbers = (name.removeprefix(f"{self.prefix}_") for name in names)
        return rows.filter(pk__in=[int(number) for number in numbers if number.isdecimal()])

    @property
    def has_id(self) -> bool:
        """Say whether its rows have an outside id; of others the key is the name."""
        return any(one.name == "public_id" for one in model_of(self.model)._meta.concrete_fields)


@dataclass(frozen=True)
class Ends:
    """How a class ends. ``stays``: models of the class that are not touched, each with the reason."""

    records: tuple[Records, ...]
    stays: Mapping[str, str] = field(default_factory=dict)

    def models(self) -> set[str]:
        """Return every model that is spoken of."""
        parts = {part.model for one in self.records for part in one.parts}
        return {*parts, *(one.model for one in self.records), *self.stays}


def model_of(label: str) -> type[Model]:
    """Return a model by its label."""
    return apps.get_model(label)
