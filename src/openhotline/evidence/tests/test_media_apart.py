"""The media door as a process of its own: no cookie comes here, and a pass lets one session see one picture."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from openhotline.accounts.models import Person
from openhotline.core import clock, doors
from openhotline.evidence.models import Item
from openhotline.exposure.models import View

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.urls("openhotline.config.urls_media")]
DESK = "https://desk.hotline.example"


@pytest.fixture
def media(settings: LazySettings, examined: Item, analyst: Person, at_hand: dict[tuple[str, int], str]) -> Client:
    """A browser at the media door, without any cookie; the analyst has the examined item at hand."""
    settings.DOOR = "media"
    settings.ORIGINS = settings.ORIGINS | {"desk": DESK, "media": "https://media.hotline.example"}
    at_hand[analyst.public_id, examined.pk] = examined.public_id
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def session(analyst: Person) -> str:
    """The key of the analyst's session at the desk."""
    browser = Client()
    browser.force_login(analyst)
    return str(browser.session.session_key)


def passed(session: str, subject: str, route: str = "media_tile") -> dict[str, str]:
    """Return the query that the desk writes into an address."""
    return {"pass": doors.write(doors.Pass(session, subject, route), clock.now())}


def status(browser: Client, session: str, item: Item, subject: str | None = None, **headers: str) -> int:
    """Return what the door says to a tile asked for with a pass."""
    asked = passed(session, item.public_id if subject is None else subject)
    return browser.get(f"/media/tile/{item.public_id}/", asked, headers=headers).status_code


def test_with_a_pass_the_tile_is_shown(media: Client, session: str, examined: Item) -> None:
    assert status(media, session, examined) == 200


def test_without_one_nothing_is(media: Client, examined: Item) -> None:
    assert media.get(f"/media/tile/{examined.public_id}/").status_code == 403
    assert not View.objects.exists()


@pytest.mark.parametrize("subject", ["", "itm_other"])
def test_a_pass_is_good_for_its_picture_alone(media: Client, session: str, examined: Item, subject: str) -> None:
    assert status(media, session, examined, subject) == 403


def test_a_pass_is_good_while_its_session_lives(media: Client, session: str, examined: Item, analyst: Person) -> None:
    analyst.end_sessions()
    analyst.save()
    assert status(media, session, examined) == 403


def test_a_pass_is_good_while_the_role_is(media: Client, session: str, examined: Item, analyst: Person) -> None:
    Person.objects.filter(pk=analyst.pk).update(role="auditor")
    assert status(media, session, examined) == 403


def test_a_pass_of_another_s_session_shows_what_they_have_at_hand(
    media: Client, examined: Item, other_analyst: Person
) -> None:
    browser = Client()
    browser.force_login(other_analyst)
    assert status(media, str(browser.session.session_key), examined) == 404


def test_an_old_pass_opens_nothing(media: Client, session: str, examined: Item) -> None:
    old = passed(session, examined.public_id)
    clock.advance(timedelta(minutes=16))
    assert media.get(f"/media/tile/{examined.public_id}/", old).status_code == 403


def test_a_reveal_and_its_end_need_no_token_of_a_page(media: Client, session: str, examined: Item) -> None:
    asked = passed(session, examined.public_id, "media_reveal")
    shown = media.post(f"/media/reveal/{examined.public_id}/", {}, query_params=asked)
    assert shown.status_code == 200
    said = {"view": shown["X-View"], "seconds": "1", "width": "9", "height": "9"}
    back = passed(session, "", "media_release")
    assert media.post("/media/release/", said, query_params=back).status_code == 204


def test_the_address_of_a_tile_reveals_nothing(media: Client, session: str, examined: Item) -> None:
    """It stands in the page, where it is easily copied."""
    asked = passed(session, examined.public_id)
    assert media.post(f"/media/reveal/{examined.public_id}/", {}, query_params=asked).status_code == 403
    assert not View.objects.exists()


def test_the_address_of_a_look_shows_one_and_the_answer_brings_the_next(
    media: Client, session: str, examined: Item
) -> None:
    place, asked = f"/media/reveal/{examined.public_id}/", passed(session, examined.public_id, "media_reveal")
    first, stolen = (media.post(place, {}, query_params=asked, headers={"Origin": DESK}) for _ in range(2))
    assert (first.status_code, stolen.status_code) == (200, 409)
    assert "Load the page again" in stolen.content.decode()
    assert first["Access-Control-Expose-Headers"] == "X-View, X-Next"
    origin, _, after = first["X-Next"].partition("/media/")
    assert origin == "https://media.hotline.example"
    assert media.post(f"/media/{after}").status_code == 200
    assert View.objects.count() == 2


def test_a_refusal_before_the_look_uses_up_nothing(
    media: Client, session: str, examined: Item, at_hand: dict[tuple[str, int], str], analyst: Person
) -> None:
    place, asked = f"/media/reveal/{examined.public_id}/", passed(session, examined.public_id, "media_reveal")
    mine = at_hand.pop((analyst.public_id, examined.pk))
    assert media.post(place, {}, query_params=asked).status_code == 404
    at_hand[analyst.public_id, examined.pk] = mine
    assert media.post(place, {}, query_params=asked).status_code == 200


def test_planted_bug_a_look_that_uses_up_nothing_is_shown_to_whoever_has_its_address(
    media: Client, session: str, examined: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openhotline.evidence.views.media._ticket", lambda _: "")
    asked = passed(session, examined.public_id, "media_reveal")
    looks = [media.post(f"/media/reveal/{examined.public_id}/", {}, query_params=asked) for _ in range(2)]
    assert [one.status_code for one in looks] == [200, 200]


def test_without_a_pass_a_post_needs_one(media: Client, examined: Item) -> None:
    assert media.post(f"/media/reveal/{examined.public_id}/").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "iframe"},
    ],
)
def test_a_picture_is_not_embedded_and_not_opened_as_a_page(
    media: Client, session: str, examined: Item, headers: dict[str, str]
) -> None:
    assert status(media, session, examined, **headers) == 403


def test_the_desk_s_page_may_ask_and_no_other(media: Client, session: str, examined: Item) -> None:
    place = f"/media/reveal/{examined.public_id}/"
    ours = media.options(place, headers={"Origin": DESK})
    assert (ours.status_code, ours["Access-Control-Allow-Origin"]) == (204, DESK)
    theirs = media.options(place, headers={"Origin": "https://evil.example"})
    assert theirs.status_code == 403
    assert "Access-Control-Allow-Origin" not in theirs.headers


def test_pages_of_another_site_cannot_show_it(media: Client, session: str, examined: Item) -> None:
    answer = media.get(f"/media/tile/{examined.public_id}/", passed(session, examined.public_id))
    assert answer["Cross-Origin-Resource-Policy"] == "same-site"
    assert answer["Cache-Control"] == "no-store"


def test_planted_bug_a_pass_for_any_picture_shows_it(
    media: Client, session: str, examined: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With passes that fit whatever is asked for, the pass of another picture would show this one."""
    monkeypatch.setattr(doors, "read", lambda *_: doors.Pass(session, examined.public_id, "media_tile"))
    assert status(media, session, examined, "itm_other") == 200
