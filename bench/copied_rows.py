"""Rows that the models wrote once, written again and again by the database with keys of their own: quickly millions."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, models, transaction

Model = type[models.Model]


def copy_rows(
    copied: Sequence[Model], first: dict[Model, int], copy: int, *, own: Collection[str], sign: int = 1
) -> None:
    """Write the first rows of each model once more, the tables that others point at first.

    ``first`` says how many rows each model had: with the keys 1, 2, … or, where ``sign`` is -1, -1, -2, … (rows that
    are made beside them by the software keep their own keys then). ``own`` are columns that must differ between rows.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for model in copied:
            cursor.execute(*_statement(model, copied, first, copy, own, sign))


def _statement(
    model: Model, copied: Sequence[Model], first: dict[Model, int], copy: int, own: Collection[str], sign: int
) -> tuple[str, list[int]]:
    table, names, values = model._meta.db_table, [], []
    for field in model._meta.concrete_fields:
        related: Any = field.related_model if isinstance(field, models.ForeignKey) else None
        names.append(f'"{field.column}"')
        if field.primary_key or related in copied:
            values.append(f'"{field.column}" + {sign * copy * first[related or model]}')
        elif field.name in own:
            values.append(f"\"{field.column}\" || '_{copy}'")
        else:
            values.append(f'"{field.column}"')
    low, high = sorted((sign, sign * first[model]))
    statement = (
        f'INSERT INTO "{table}" ({", ".join(names)}) SELECT {", ".join(values)} FROM "{table}" '  # noqa: S608 - names of our tables
        "WHERE id BETWEEN %s AND %s"
    )
    return statement, [low, high]
