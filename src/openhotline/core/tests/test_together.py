"""Rows of several tables are written at once: all or none, and each finds those it names."""

from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from openhotline.core.models import Delivery, Event
from openhotline.core.together import KeyOf, Together

pytestmark = pytest.mark.django_db(transaction=True)


def _events(now: datetime, many: int) -> list[Event]:
    return [Event(kind="SomethingHappened", ids=[number], at=now) for number in range(many)]


def _write(*rows: Event | Delivery) -> None:
    together = Together()
    together.add(*rows)
    together.write()


def test_a_row_names_others_that_are_written_with_it(now: datetime) -> None:
    """As a relation, and within a value of JSON."""
    first, second = _events(now, 2)
    named = Event(kind="Named", ids=[KeyOf(second), {"first": KeyOf(first)}, "as it is"], at=now)
    step = Delivery(event=second, step="keep", at=now)
    _write(first, second, step, named)
    assert first.pk != second.pk
    assert Delivery.objects.get().event_id == step.event_id == second.pk
    assert Event.objects.get(kind="Named").ids == named.ids == [second.pk, {"first": first.pk}, "as it is"]


def test_rows_keep_their_order_and_their_keys(now: datetime) -> None:
    rows = _events(now, 150)
    steps = [Delivery(event=row, step="keep", at=now) for row in reversed(rows)]
    _write(*rows, *steps)
    assert [row.ids for row in Event.objects.order_by("pk")] == [[number] for number in range(150)]
    assert {row.pk: row.ids for row in rows} == dict(Event.objects.values_list("pk", "ids"))
    assert {row.pk: row.event_id for row in steps} == dict(Delivery.objects.values_list("pk", "event_id"))


def test_a_row_is_written_as_one_that_is_saved_alone(now: datetime) -> None:
    """The same values in every column, also where they are empty or hold what a statement could trip over."""
    text = "50 % of 'it', \"so\" to say: \\ {} é"
    alone = Event.objects.create(kind=text, ids=[text], at=now)
    _write(Event(kind=text, ids=[text], at=now), Event(kind=text, ids=[], at=now, delivered_at=now))
    saved = Event.objects.values("kind", "ids", "at", "delivered_at")
    assert saved.get(pk=alone.pk) in list(saved.exclude(pk=alone.pk))
    assert Event.objects.get(ids=[]).delivered_at == now


def test_what_was_written_can_be_changed(now: datetime) -> None:
    (row,) = _events(now, 1)
    _write(row)
    row.delivered_at = now
    row.save(update_fields=["delivered_at"])
    assert Event.objects.get().delivered_at == now


def test_one_row_in_the_way_and_none_is_written(now: datetime) -> None:
    """The last of them: those before it are not there either."""
    (row,) = _events(now, 1)
    twice = [Delivery(event=row, step="keep", at=now) for _ in range(2)]
    with pytest.raises(IntegrityError):
        _write(row, *twice)
    assert not Event.objects.exists()


def test_a_transaction_goes_on_after_a_row_in_the_way(now: datetime) -> None:
    with transaction.atomic():
        kept = Event.objects.create(kind="Kept", ids=[1], at=now)
        (row,) = _events(now, 1)
        with pytest.raises(IntegrityError):
            _write(row, *(Delivery(event=row, step="keep", at=now) for _ in range(2)))
    assert list(Event.objects.all()) == [kept]


def test_what_its_transaction_takes_back_is_gone(now: datetime) -> None:
    def fails() -> None:
        with transaction.atomic():
            _write(*_events(now, 1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert not Event.objects.exists()


def test_on_postgresql_it_is_one_statement(now: datetime) -> None:
    """And so a transaction by itself: there is nothing between its rows where a process could be killed."""
    if connection.vendor != "postgresql":
        pytest.skip("other databases write one table after another, in one transaction")
    first, second = _events(now, 2)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        _write(first, second, Delivery(event=first, step="keep", at=now))
    assert len(asked) == 1
