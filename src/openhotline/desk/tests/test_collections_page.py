"""A collection's page: the funnel, what was refused and why, what is left to do, when each stage worked."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.desk.queries.collections import collection_whole, spans_of
from openhotline.evidence.models import Item, Sighting
from openhotline.evidence.states import ItemState, UnreadableReason
from openhotline.intake.models import Batch, Collection, Find
from openhotline.intake.states import FindState, WhyRefused
from openhotline.triage.models import Match, Selection
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
    assert "a picture of a kind that is not read here: TIFF, BMP, HEIF, AVIF or JPEG XL." in page
    assert "saved as one of those that are read and imported again" in page


def test_where_everything_can_be_read_nothing_is_said_of_it(at_desk: Client, collection: Collection) -> None:
    assert "cannot be read, by reason" not in _page(at_desk, collection)


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
