"""A hold that is in force keeps the key of what it holds, whenever it was placed; or it is refused."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from openhotline.accounts.models import Person
from openhotline.core.datakeys import DataKeys, data_keys
from openhotline.core.errors import NotNow
from openhotline.evidence import queries
from openhotline.evidence.models import Item, Purge
from openhotline.evidence.services import purge_items as operation
from openhotline.evidence.services.draft_purge import draft_purge
from openhotline.evidence.services.purge_items import purge_items
from openhotline.evidence.states import PurgeReason, PurgeState
from openhotline.intake.models import Address, Report, ReportedAddress
from openhotline.retention.models import Hold
from openhotline.retention.policies import gone_of
from openhotline.retention.services.lift_hold import lift_hold
from openhotline.retention.services.place_hold import place_hold
from openhotline.retention.states import HoldCause

Place = Callable[[str], Hold]


@pytest.fixture
def place(now: datetime) -> Place:
    """Place a hold of the police on a subject for thirty days."""

    def placing(subject: str) -> Hold:
        until = now + timedelta(days=30)
        return place_hold(
            subject=subject, cause=HoldCause.POLICE, reference="7", until=until, actor="per_a", now=now
        )  # fmt: skip

    return placing


@pytest.fixture
def approved(
    vault: Path, seal: Callable[..., list[Item]], paint: Callable[..., bytes], operator: Person,
    approve_all: Callable[[], int], now: datetime,
) -> Purge:  # fmt: skip
    """A purge of one item that two people agreed on."""
    (item,) = seal(paint(1))
    drafted = draft_purge(names=[item.public_id], reason=PurgeReason.RETENTION_ENDED, actor=operator, now=now)
    approve_all()
    return drafted


@pytest.fixture
def interrupted(approved: Purge, operator: Person, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Purge:
    """The same, killed between the tombstones and the keys."""

    def dies(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(DataKeys, "destroy", dies)
        with pytest.raises(KeyboardInterrupt):
            purge_items(purge_id=approved.pk, actor=operator, now=now)
    return Purge.objects.get(state=PurgeState.BEGUN)


@pytest.mark.django_db
def test_an_interrupted_purge_is_not_brought_to_its_end_over_a_hold(
    interrupted: Purge, place: Place, operator: Person, now: datetime
) -> None:
    (name,) = interrupted.names
    hold = place(name)
    with pytest.raises(NotNow, match=r"legal hold .*No key was destroyed"):
        purge_items(purge_id=interrupted.pk, actor=operator, now=now)
    assert queries.open_original(Item.objects.get(public_id=name))
    lift_hold(hold=hold.public_id, actor="per_a", now=now)
    assert purge_items(purge_id=interrupted.pk, actor=operator, now=now).state == PurgeState.DONE


@pytest.mark.django_db
def test_planted_bug_without_asking_again_it_would_be_destroyed(
    interrupted: Purge, place: Place, operator: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(interrupted.names[0])
    monkeypatch.setattr(operation, "check_may_go", lambda *_: None)
    purge_items(purge_id=interrupted.pk, actor=operator, now=now)
    assert not data_keys().wrapped(interrupted.names)


@pytest.mark.django_db
def test_what_was_destroyed_cannot_be_held(approved: Purge, place: Place, operator: Person, now: datetime) -> None:
    purge_items(purge_id=approved.pk, actor=operator, now=now)
    with pytest.raises(NotNow, match="was purged, so nothing is left"):
        place(approved.names[0])
    assert not Hold.objects.exists()


@pytest.mark.django_db
def test_of_a_held_report_it_is_told_what_was_destroyed_before(
    approved: Purge, place: Place, operator: Person, now: datetime
) -> None:
    report = Report.objects.create(started_at=now)
    ReportedAddress.objects.create(report=report, position=1, sealed=b"", address=Address.objects.get())
    assert gone_of(report.public_id) == []
    purge_items(purge_id=approved.pk, actor=operator, now=now)
    place(report.public_id)
    assert gone_of(report.public_id) == approved.names


@pytest.fixture
def _on_postgres(request: pytest.FixtureRequest) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a moment, whatever it does.")
    request.getfixturevalue("log_for_one_test")


@pytest.fixture
def other_hand() -> Iterator[ThreadPoolExecutor]:
    """Somebody else, with a connection of their own."""
    with ThreadPoolExecutor(1) as hand:
        yield hand
        hand.submit(lambda: connection.close()).result()  # noqa: PLW0108 - of the other thread, not of this one


def _until_it_waits_or_is_done(placing: Future[Hold]) -> None:
    """Return once the other is done, or waits for what this transaction holds (in this database: others test too)."""
    with connection.cursor() as cursor:
        waiting = 0
        while not placing.done() and not waiting:
            cursor.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
                "WHERE NOT granted AND locktype = 'advisory' AND datname = current_database()"
            )
            (waiting,) = cursor.fetchone()


WINDOWS = pytest.mark.parametrize("window", ["after holds were asked for", "before the keys are destroyed"])


@pytest.fixture
def beside(
    approved: Purge, place: Place, operator: Person, other_hand: ThreadPoolExecutor, now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str], tuple[bool, bool]]:  # fmt: skip
    """Carry the purge out while somebody places a hold: whether they were told that it holds, and if a key is left."""

    def running(window: str) -> tuple[bool, bool]:
        placing: list[Future[Hold]] = []
        owner, step = (operation, "use_approval") if window.startswith("after") else (DataKeys, "destroy")
        real = getattr(owner, step)

        def meanwhile(*given: object, **rest: object) -> object:
            placing.append(other_hand.submit(place, approved.names[0]))
            _until_it_waits_or_is_done(placing[0])
            return real(*given, **rest)

        monkeypatch.setattr(owner, step, meanwhile)
        with suppress(NotNow):
            purge_items(purge_id=approved.pk, actor=operator, now=now)
        return placing[0].exception() is None, bool(data_keys().wrapped(approved.names))

    return running


@WINDOWS
@pytest.mark.usefixtures("_on_postgres")
@pytest.mark.django_db(transaction=True)
def test_a_hold_placed_beside_a_purge_keeps_the_key_or_is_refused(
    beside: Callable[[str], tuple[bool, bool]], window: str
) -> None:
    """Whoever places it is never told that it holds what is destroyed all the same."""
    told, left = beside(window)
    assert told == left == Hold.objects.exists()


@WINDOWS
@pytest.mark.usefixtures("_on_postgres")
@pytest.mark.django_db(transaction=True)
def test_planted_bug_without_settling_holds_one_would_hold_what_is_gone(
    beside: Callable[[str], tuple[bool, bool]], window: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operation, "settle_holds", lambda: None)
    if window.startswith("after"):
        # As it was: asked for once, before the approval is used.
        real = operation.finish_purge
        monkeypatch.setattr(operation, "finish_purge", lambda **given: real(**given | {"unless_held": False}))
    assert beside(window) == (True, False)
