"""A collection's page: the funnel, what was refused and why, what is left to do, when each stage worked."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.core.net.addresses import parse
from openhotline.desk.queries.collections import collection_whole, spans_of
from openhotline.desk.queries.seen_whole import MOST_MONTHS, files_of_collection, seen_whole
from openhotline.evidence.models import Item, Sighting
from openhotline.evidence.states import ItemState, UnreadableReason
from openhotline.intake.models import Address, Batch, Collection, Find
from openhotline.intake.states import FindState, WhyRefused
from openhotline.triage.models import Match, Selection
from openhotline.triage.queries import overview
from openhotline.triage.queries.overview import Standing
from openhotline.triage.services.triage_items import triage_items
from openhotline.triage.states import Reason, SelectionState

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]


@pytest.fixture
def collection(make_item: Callable[..., Item], analyst: Person, now: datetime) -> Collection:
    """Six files: two pictures, one of them found twice, one refused, one that waits, one sealed and not examined."""
    opened = Collection.objects.create(
        name="Forum\u202e", folder="/secret/place", authority="aut_1", opened_at=now, finds_expected=6
    )
    batch = Batch.objects.create(collection=opened, at=now, by=analyst.public_id, authority="aut_1", finds=6)
    pictures = [make_item(seed=seed) for seed in range(2)]
    sealed = Item.objects.create(lookup="x", digests="{}", bytes=1, sealed_at=now)
    for number, item in enumerate([*pictures, pictures[0], sealed]):
        state = FindState.FOLDED if number == 2 else FindState.TAKEN
        find = Find.objects.create(collection=opened, batch=batch, number=number, path="secret.png", state=state)
        Sighting.objects.create(item=item, find=find, seen_at=now + timedelta(minutes=number))
    Find.objects.create(collection=opened, batch=batch, number=8, path="secret.png")
    Find.objects.create(
        collection=opened,
        batch=batch,
        number=9,
        path="secret.png",
        state=FindState.REFUSED,
        why=WhyRefused.SWELLS,
        refusal="The file would swell.",
    )
    triage_items(ids=[item.pk for item in pictures], actor="test", now=now + timedelta(minutes=9))
    first = Selection.objects.filter(item=pictures[0])
    first.update(state=SelectionState.SET_ASIDE, reason=Reason.TOO_SMALL, by="rule:too_small")
    Match.objects.create(item=pictures[1], list_name="known", kind="file", verdict="known", distance=0, found_at=now)
    return opened


def _page(client: Client, collection: Collection) -> str:
    return client.get(reverse("desk_collection", args=[collection.public_id])).content.decode()


def test_everything_is_counted_once(collection: Collection) -> None:
    whole = collection_whole(collection)
    assert (whole.found, whole.waiting, whole.refused, whole.items) == (6, 1, 1, 3)
    assert (whole.stacks, whole.matched, whole.unexamined, whole.untriaged, whole.unsorted) == (2, 1, 1, 0, 1)
    assert whole.set_aside == {"The picture is an icon, too small to assess.": 1}
    assert (whole.selected, whole.assessed, whole.unassessed) == ({}, 0, 0)


def test_what_cannot_be_read_is_told_by_reason(at_desk: Client, collection: Collection) -> None:
    """A folder may hold pictures of kinds that are not read, and nobody would look for them."""
    Item.objects.filter(sightings__find__number=1).update(
        state=ItemState.UNREADABLE, unreadable_reason=UnreadableReason.OTHER_KIND
    )
    page = _page(at_desk, collection)
    assert "Files that cannot be read, by reason" in page
    assert "a picture or a video whose pixels are not decoded here" in page


def test_where_pictures_stand_that_nobody_could_open_is_said_in_numbers(
    at_desk: Client, collection: Collection, make_item: Callable[..., Item], now: datetime
) -> None:
    """None of them ends silently: each waits for a person, or a person decided on it."""
    for number in (20, 21, 22):
        unseen = make_item(
            seed=number, state=ItemState.UNREADABLE, unreadable_reason=UnreadableReason.OTHER_KIND, pdq=None
        )
        find = Find.objects.create(collection=collection, number=number, path="x", state=FindState.TAKEN)
        Sighting.objects.create(item=unseen, find=find, seen_at=now)
    first, second, _ = Item.objects.filter(unreadable_reason=UnreadableReason.OTHER_KIND).order_by("pk")
    triage_items(ids=[first.pk, second.pk], actor="test", now=now)
    Selection.objects.filter(item=second).update(state=SelectionState.SELECTED, reason=Reason.KEPT, by="per_1")
    assert collection_whole(collection).unseen == {
        "waiting for a person at a sorting sheet": 1,
        "in the queue for assessment": 1,
        "not triaged yet": 1,
    }
    page = _page(at_desk, collection)
    assert "1 waiting for a person at a sorting sheet, 1 in the queue for assessment, 1 not triaged yet." in page


def test_where_everything_can_be_read_nothing_is_said_of_it(at_desk: Client, collection: Collection) -> None:
    assert "cannot be read, by reason" not in _page(at_desk, collection)


def _seen_at(collection: Collection, number: int, address: str, now: datetime) -> None:
    kept = Address.objects.keep([parse(address)], now=now)
    Sighting.objects.filter(find__collection=collection, find__number=number).update(address=next(iter(kept.values())))


def test_its_files_are_drawn_by_reason_by_day_and_by_host(
    at_desk: Client, collection: Collection, now: datetime
) -> None:
    """A picture of each, with a table of the same figures under it."""
    _seen_at(collection, 0, "http://one.example/a", now)
    page = " ".join(_page(at_desk, collection).split())
    assert page.count('<ul class="bars"') == 4
    assert '<th scope="row">Set aside</th><td>The picture is an icon, too small to assess.</td><td>2</td>' in page
    assert '<th scope="row">Not triaged yet</th><td></td><td>1</td><td>25.0 %</td>' in page
    assert f'<th scope="row">{now:%Y-%m-%d}</th><td>4</td><td>1</td><td>0</td><td>2</td>' in page
    assert '<th scope="row">one.example</th><td>1</td><td>0</td><td>0</td><td>1</td>' in page
    assert "3 files came without an address." in page


def test_days_are_those_of_finding_where_the_manifest_tells_them(at_desk: Client, collection: Collection) -> None:
    """All of a collection comes in on one day; when each file was found is what shows how it grew."""
    for number, day in enumerate(["2026-01-02T10:00:00Z", "2026-01-02", "yesterday"]):
        Find.objects.filter(collection=collection, number=number).update(told=json.dumps({"found_at": day}))
    page = " ".join(_page(at_desk, collection).split())
    assert "as the manifest tells" in page
    assert '<th scope="row">2026-01-02</th><td>2</td>' in page
    assert '<th scope="row">Not told</th><td>2</td>' in page


def test_many_days_are_put_together(collection: Collection) -> None:
    days = {f"20{20 + n // 365:02}-{n // 31 % 12 + 1:02}-{n % 28 + 1:02}": Standing(found=1) for n in range(400)}
    made = seen_whole(overview(files_of_collection(collection)), days=days)["days"]
    assert len(made.bars) <= MOST_MONTHS
    assert sum(bar["value"] for bar in made.bars) == len(days)


def test_who_only_sees_how_far_a_collection_is_reads_no_host(
    sign_in: SignIn, collection: Collection, operator: Person, now: datetime
) -> None:
    """Names of hosts are as sensitive as pictures."""
    _seen_at(collection, 0, "http://one.example/a", now)
    page = _page(sign_in(operator), collection)
    assert "By the day" in page
    assert "one.example" not in page
    assert "By host" not in page


def test_another_collection_s_files_are_not_counted(collection: Collection, now: datetime) -> None:
    other = Collection.objects.create(name="o", folder="x", authority="a", opened_at=now, finds_expected=0)
    assert collection_whole(other).items == 0
    assert spans_of(other) == []


def test_each_stage_says_when_it_worked(collection: Collection, now: datetime) -> None:
    spans = {span.stage: span for span in spans_of(collection)}
    sealing = spans["Read and sealed"]
    assert (sealing.many, sealing.first, sealing.last) == (4, now, now + timedelta(minutes=3))
    assert spans["Registered"].until == sealing.last
    assert spans["Triaged"].last == now + timedelta(minutes=9)


def test_sorting_by_people_does_not_move_the_machine_s_moments(collection: Collection, now: datetime) -> None:
    later = now + timedelta(days=3)
    Selection.objects.update(state=SelectionState.SELECTED, reason=Reason.KEPT, by="per_1", at=later)
    spans = {span.stage: span for span in spans_of(collection)}
    assert spans["Triaged"].last == now + timedelta(minutes=9)


def test_the_page_shows_funnel_reasons_and_what_is_left(at_desk: Client, collection: Collection) -> None:
    page = _page(at_desk, collection)
    assert 'class="bar bar-funnel"' in page
    assert "3 different files, in 2 stacks" in page
    assert "Swells too much when unpacked" in page
    assert "File 9: The file would swell." in page
    assert "1 to be sorted by people" in page
    assert "3 min 0 s" in page


def test_no_path_and_no_turned_letters_are_shown(at_desk: Client, collection: Collection) -> None:
    page = _page(at_desk, collection) + at_desk.get(reverse("desk_collections")).content.decode()
    assert "secret" not in page
    assert "\u202e" not in page
    assert "[U+202E]" in page


def test_the_list_shows_every_collection_in_few_queries(
    at_desk: Client, collection: Collection, now: datetime, django_assert_max_num_queries: Callable[..., object]
) -> None:
    rows = [
        Collection(name=f"n{number}", folder="x", authority="a", opened_at=now, finds_expected=1)
        for number in range(60)
    ]
    Collection.objects.bulk_create(rows)
    with django_assert_max_num_queries(40):  # type: ignore[attr-defined]
        page = at_desk.get(reverse("desk_collections")).content.decode()
    assert "Page 1 of 2, 61 collections." in page


def test_who_may_not_see_reports_sees_no_collection(
    sign_in: SignIn, collection: Collection, operator: Person, auditor: Person
) -> None:
    place = reverse("desk_collection", args=[collection.public_id])
    assert sign_in(operator).get(place).status_code == 200
    assert sign_in(auditor).get(place).status_code == 403


def test_a_wrong_id_is_told_nothing(at_desk: Client) -> None:
    assert at_desk.get(reverse("desk_collection", args=["col_none"])).status_code == 404
