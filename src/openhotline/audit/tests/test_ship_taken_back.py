"""What was taken back is certified, chained and shipped; a chain that is not whole is refused with a sentence."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from openhotline.audit.errors import ChainRefused
from openhotline.audit.models import ChainPlace, Checkpoint, Record, TakenBack
from openhotline.audit.models.taken_back import COUNTS, FOLDER, RECORDS_A_COUNT, Certificate
from openhotline.audit.queries import public_key
from openhotline.audit.services.certify import certify, take_over
from openhotline.audit.services.seal import seal
from openhotline.audit.services.ship_taken_back import ship_taken_back

pytestmark = pytest.mark.django_db
TAKEN = {f"prg_{number}": {"items": [f"itm_{number}"]} for number in range(3)}


@pytest.fixture
def to(tmp_path: Path) -> ChainPlace:
    """An empty second place."""
    return ChainPlace(tmp_path / "second")


@pytest.fixture
def shipped(to: ChainPlace, now: datetime) -> ChainPlace:
    """Three certificates were shipped."""
    certify(kind="purge", taken=TAKEN, actor="test", now=now)
    assert ship_taken_back(to=to) == 3
    return to


def files(place: ChainPlace) -> list[Path]:
    """The certificates, in their order."""
    return sorted((place.folder / FOLDER).glob("*.json"))


def read(place: ChainPlace, *, at_least: int = 0, records: int = 0) -> list[Certificate]:
    return place.read(public_key(), at_least=at_least, records=records)


def test_what_was_shipped_is_read_again_once_each_in_order(shipped: ChainPlace, now: datetime) -> None:
    assert certify(kind="purge", taken=TAKEN, actor="test", now=now) == ship_taken_back(to=shipped) == 0
    assert [(one.number, one.subject, one.content) for one in read(shipped)] == [
        (number + 1, subject, content) for number, (subject, content) in enumerate(TAKEN.items())
    ]
    assert Record.objects.filter(action="taken_back_certified").count() == 1


def test_a_hole_is_named(shipped: ChainPlace) -> None:
    files(shipped)[1].unlink()
    with pytest.raises(ChainRefused, match="certificate 2 is not in"):
        read(shipped)


def test_a_cut_is_contradicted_by_how_many_were_told(shipped: ChainPlace) -> None:
    files(shipped)[2].unlink()
    with pytest.raises(ChainRefused, match="3 certificates were shipped"):
        read(shipped)


def test_a_cut_is_contradicted_by_the_backup(shipped: ChainPlace) -> None:
    files(shipped)[2].unlink()
    for count in (shipped.folder / FOLDER / COUNTS).iterdir():
        count.unlink()
    with pytest.raises(ChainRefused, match="3 certificates were shipped"):
        read(shipped, at_least=3)


def test_a_cut_of_certificates_and_counts_is_contradicted_by_the_newest_checkpoint(shipped: ChainPlace) -> None:
    assert len(read(shipped, records=RECORDS_A_COUNT)) == 3
    with pytest.raises(ChainRefused, match="what came since is not there"):
        read(shipped, records=3 * RECORDS_A_COUNT)


def test_planted_bug_a_reader_that_does_not_count_would_take_it(
    shipped: ChainPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    files(shipped)[2].unlink()
    monkeypatch.setattr(ChainPlace, "_check_whole", lambda *_: None)
    assert len(read(shipped)) == 2


@pytest.mark.parametrize("change", [{"content": {"items": []}}, {"number": 2}, {"signature": "00"}])
def test_one_that_was_changed_is_refused(shipped: ChainPlace, change: dict[str, object]) -> None:
    path = files(shipped)[2]
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ChainRefused, match="signature"):
        read(shipped)


def test_two_histories_are_refused(shipped: ChainPlace, now: datetime) -> None:
    """A database that was rolled back without a restore gives a number twice."""
    TakenBack.objects.filter(number=3).delete()
    certify(kind="purge", taken={"prg_other": {}}, actor="test", now=now)
    shipped.keep(TakenBack.objects.get(number=3))
    with pytest.raises(ChainRefused):
        read(shipped)


def test_an_older_database_takes_the_chain_over_and_goes_on(shipped: ChainPlace, now: datetime) -> None:
    TakenBack.objects.filter(number__gt=1).delete()
    assert take_over(read(shipped)) == 2
    assert certify(kind="purge", taken={"prg_0": {}, "prg_new": {}}, actor="test", now=now) == 1
    ship_taken_back(to=shipped)
    assert [one.subject for one in read(shipped)] == [*TAKEN, "prg_new"]


def test_that_nothing_was_taken_back_is_told_as_well(to: ChainPlace, now: datetime) -> None:
    seal(now=now)
    assert (ship_taken_back(to=to), to.newest_count()[1], read(to)) == (0, 0, [])
    assert to.newest_count()[0] == max(Checkpoint.objects.values_list("size", flat=True), default=0)


def test_a_place_of_before_says_nothing(to: ChainPlace) -> None:
    assert (read(to, records=9999), to.newest_count()) == ([], (-1, 0))


def test_a_place_that_cannot_be_written_stops_nothing(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "file").write_text("")
    certify(kind="purge", taken=TAKEN, actor="test", now=now)
    assert ship_taken_back(to=ChainPlace(tmp_path / "file" / "below")) == 0
