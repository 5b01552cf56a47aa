"""The media door: nobody sees a byte without a reason and a committed View."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core import clock
from openhotline.evidence import queries
from openhotline.evidence.models import Item
from openhotline.evidence.views import media
from openhotline.exposure.models import View

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox]


@pytest.fixture
def desk(analyst: Person, examined: Item, at_hand: dict[tuple[str, int], str]) -> Client:
    """An analyst, signed in, who has the examined item at hand."""
    at_hand[analyst.public_id, examined.pk] = examined.public_id
    client = Client()
    client.force_login(analyst)
    return client


def _tile(client: Client, item_id: str) -> Any:
    return client.get(f"/media/tile/{item_id}/")


def _reveal(client: Client, item_id: str, **fields: str) -> Any:
    return client.post(f"/media/reveal/{item_id}/", fields)


def test_a_tile_is_shown_after_its_glimpse_is_committed(desk: Client, examined: Item) -> None:
    answer = _tile(desk, examined.public_id)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "image/webp", "no-store")
    assert View.objects.get().kind == View.GLIMPSE
    assert Record.objects.filter(action="glimpse_noted", subject=examined.public_id).count() == 1


def test_a_reveal_is_re_encoded_bounded_and_recorded(desk: Client, examined: Item) -> None:
    answer = _reveal(desk, examined.public_id, step="colour")
    picture = Image.open(io.BytesIO(answer.content))
    assert (picture.size, picture.mode, answer["Cache-Control"]) == ((1024, 768), "RGB", "no-store")
    view = View.objects.get()
    assert (view.kind, view.size, view.subject) == (View.REVEAL, 1024 * 768, examined.public_id)
    assert Record.objects.filter(subject=examined.public_id, action__startswith="view_").count() == 2


def test_the_first_step_is_grey(desk: Client, examined: Item) -> None:
    assert Image.open(io.BytesIO(_reveal(desk, examined.public_id).content)).mode == "L"


def test_the_smallest_step_is_a_tenth_of_the_pixels(desk: Client, examined: Item) -> None:
    picture = Image.open(io.BytesIO(_reveal(desk, examined.public_id, step="small").content))
    assert (picture.size, picture.mode, View.objects.get().size) == ((320, 240), "L", 320 * 240)


def test_what_only_comes_next_shows_its_tile_and_no_more(
    desk: Client, examined: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "reason_to_see", lambda *_: media.Reason(examined.public_id, reveals=False))
    assert _tile(desk, examined.public_id).status_code == 200
    assert _reveal(desk, examined.public_id).status_code == 404
    assert not View.objects.filter(kind=View.REVEAL).exists()


def test_what_is_heavy_counts_double(desk: Client, examined: Item, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "reason_to_see", lambda *_: media.Reason(examined.public_id, heavy=True))
    _tile(desk, examined.public_id)
    _reveal(desk, examined.public_id)
    assert set(View.objects.values_list("weight", flat=True)) == {2.0}


def test_a_look_goes_on_while_the_page_says_so(desk: Client, examined: Item) -> None:
    token = _reveal(desk, examined.public_id)["X-View"]
    assert desk.post("/media/beat/", {"view": token}).status_code == 204
    desk.post("/media/release/", {"view": token, "seconds": "1"})
    assert desk.post("/media/beat/", {"view": token}).status_code == 409


def test_the_row_is_committed_before_the_original_is_opened(
    desk: Client, examined: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    real = queries.open_original
    monkeypatch.setattr(queries, "open_original", lambda item: seen.append(View.objects.count()) or real(item))
    _reveal(desk, examined.public_id)
    assert seen == [1]


def test_planted_a_door_that_grants_nothing_shows_nothing(
    desk: Client, examined: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the row were left out, there would be nothing to redeem, and no byte would follow."""
    monkeypatch.setattr(media, "grant_view", lambda **_: "token")
    answer = _reveal(desk, examined.public_id)
    assert (answer.status_code, View.objects.count()) == (409, 0)
    assert answer["Content-Type"].startswith("text/plain")


def test_the_time_of_a_look_is_counted_and_bounded(desk: Client, examined: Item) -> None:
    token = _reveal(desk, examined.public_id)["X-View"]
    form = {"view": token, "seconds": "9000", "width": "512", "height": "384"}
    assert desk.post("/media/release/", form).status_code == 204
    view = View.objects.get()
    assert view.seconds < 60
    assert view.size == 512 * 384


@pytest.mark.parametrize("seconds", ["", "nan", "-5", "inf", "many"])
def test_a_time_that_is_no_number_ends_the_look_all_the_same(desk: Client, examined: Item, seconds: str) -> None:
    token = _reveal(desk, examined.public_id)["X-View"]
    assert desk.post("/media/release/", {"view": token, "seconds": seconds}).status_code == 204
    assert View.objects.get().seconds is not None


def test_unknown_and_not_yours_are_the_same_answer(
    desk: Client, examined: Item, at_hand: dict[tuple[str, int], str]
) -> None:
    unknown = _tile(desk, "itm_unknown")
    at_hand.clear()
    for answer in (_tile(desk, examined.public_id), _reveal(desk, examined.public_id)):
        assert (answer.status_code, answer.content) == (404, unknown.content)
    assert not View.objects.exists()


def test_a_colleague_sees_nothing_of_my_turn(desk: Client, examined: Item, other_analyst: Person) -> None:
    colleague = Client()
    colleague.force_login(other_analyst)
    assert _reveal(colleague, examined.public_id).status_code == 404


def test_planted_a_door_that_asks_nobody_would_show_it(
    desk: Client, examined: Item, other_analyst: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "reason_to_see", lambda *_: media.Reason(examined.public_id))
    colleague = Client()
    colleague.force_login(other_analyst)
    assert _reveal(colleague, examined.public_id).status_code == 200


def test_a_stranger_learns_nothing_at_any_media_address(stranger: Client, examined: Item) -> None:
    known, unknown = _tile(stranger, examined.public_id), _tile(stranger, "itm_unknown")
    assert known.status_code == unknown.status_code == 302
    assert _reveal(stranger, examined.public_id).status_code == 302
    assert stranger.post("/media/release/", {"view": "x"}).status_code == 302
    assert not View.objects.exists()


def test_somebody_who_does_not_assess_is_refused(examined: Item, manager: Person) -> None:
    client = Client()
    client.force_login(manager)
    assert _tile(client, examined.public_id).status_code == 403


def test_a_spent_budget_is_a_sentence(desk: Client, examined: Item, analyst: Person) -> None:
    day = clock.now() - timedelta(seconds=1)
    View.objects.create(
        person=analyst.public_id, subject="x", kind=View.REVEAL, size=1, grant="x", granted_at=day, shown_at=day,
        seconds=4 * 3600,
    )  # fmt: skip
    answer = _reveal(desk, examined.public_id)
    assert answer.status_code == 409
    assert "today" in answer.content.decode()


def test_an_item_that_was_not_examined_cannot_be_shown(desk: Client, examined: Item) -> None:
    examined.width = None
    examined.save()
    assert _reveal(desk, examined.public_id).status_code == 404
    assert not View.objects.exists()


def test_a_token_is_not_taken_from_an_address(desk: Client, examined: Item) -> None:
    assert desk.get(f"/media/reveal/{examined.public_id}/").status_code == 405
    assert desk.get("/media/release/?view=x").status_code == 405
