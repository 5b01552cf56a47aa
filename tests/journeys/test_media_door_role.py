"""The media door under its own role in PostgreSQL: it shows what somebody has at hand, and does nothing else."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.http import HttpResponse  # noqa: TID251 - the answer a page gets
from django.test import Client

from journeys.door_roles import as_owner, as_role, refused, refused_to_read, with_role
from openhotline.accounts.models import Person
from openhotline.assessment.models import Turn
from openhotline.assessment.states import TurnState
from openhotline.config import checking
from openhotline.core import clock, crypto, doors
from openhotline.evidence.models import Item
from openhotline.evidence.tests.conftest import examined, keep_address, paint, seal
from openhotline.exposure.models import View

__all__ = ["examined", "keep_address", "paint", "seal"]
pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.urls("openhotline.config.urls_media")]
SECRETS = ("evidence_item.digests", "evidence_item.pdq", "evidence_item.provenance", "evidence_sighting.address_id",
           "hashlists_entry.public_id", "hashlists_knownfile.lookup", "audit_record.detail", "audit_record.subject",
           "accounts_invitation.token_hash", "accounts_approval.manifest_sha256", "mfa_authenticator.data",
           "intake_address.canonical", "intake_report.details", "intake_webhook.secret",
           "referral_referral.package_sha256", "assessment_assessment.facts", "assessment_turn.because")  # fmt: skip
CHANGES = ("UPDATE accounts_person SET role = 'manager'", "INSERT INTO accounts_approval DEFAULT VALUES",
           "UPDATE hashlists_entry SET state = 'x'", "UPDATE django_session SET session_data = ''",
           "DELETE FROM django_session", "UPDATE assessment_turn SET person = ''",
           "UPDATE exposure_view SET person = ''")  # fmt: skip


@pytest.fixture
def postgres(db: None) -> Iterator[None]:
    """A role with the rights of the media door, made by the owner of the tables."""
    yield from with_role("media")


@pytest.fixture
def media(postgres: None, settings: LazySettings) -> Client:
    """A browser at a media door that runs by itself, which brings no cookie."""
    settings.DOOR = "media"
    settings.ORIGINS = settings.ORIGINS | {"desk": "https://desk.hotline.example"}
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def turn(examined: Item, analyst: Person) -> Turn:
    """The analyst assesses an item."""
    until = clock.now() + timedelta(minutes=30)
    return Turn.objects.create(
        item=examined,
        state=TurnState.LOCKED,
        person=analyst.public_id,
        locked_until=until,
        queued_at=clock.now(),
    )


@pytest.fixture
def passed() -> Callable[..., dict[str, str]]:
    """Sign somebody in at the desk, and write a pass as its pages do."""
    browser = Client()

    def write(person: Person, subject: str = "", route: str = "tile") -> dict[str, str]:
        if not browser.cookies:
            browser.force_login(person)
        held = doors.Pass(str(browser.session.session_key), subject, f"media_{route}")
        return {"pass": doors.write(held, clock.now())}

    return write


def look(media: Client, item: Item, tickets: dict[str, dict[str, str]]) -> list[HttpResponse]:
    """See the tile, reveal, go on looking, let go."""
    tile = media.get(f"/media/tile/{item.public_id}/", tickets["tile"])
    shown = media.post(f"/media/reveal/{item.public_id}/", {}, query_params=tickets["reveal"])
    view = {"view": shown.headers.get("X-View", "")}
    beat = media.post("/media/beat/", view, query_params=tickets["beat"])
    seen = view | {"seconds": "1", "width": "9", "height": "9"}
    return [tile, shown, beat, media.post("/media/release/", seen, query_params=tickets["release"])]


def test_a_look_from_its_tile_to_its_end_works_under_the_role_and_without_the_key_of_columns(
    media: Client,
    turn: Turn,
    analyst: Person,
    passed: Callable[..., dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tickets = {name: passed(analyst, turn.item.public_id, name) for name in ("tile", "reveal")}
    tickets |= {name: passed(analyst, "", name) for name in ("beat", "release")}

    def lacking(*_: object, **__: object) -> str:
        raise AssertionError("the media door has no columns.key")

    monkeypatch.setattr("openhotline.core.fields.open_column", lacking)
    monkeypatch.setattr(crypto, "open_column", lacking)
    as_role("media")
    answers = look(media, turn.item, tickets)
    as_owner()
    assert [one.status_code for one in answers] == [200, 200, 204, 204]
    assert View.objects.count() == 2


def test_a_tile_that_is_fetched_ahead_and_one_of_a_sheet_are_asked_for_under_the_role(
    media: Client, turn: Turn, analyst: Person, passed: Callable[..., dict[str, str]]
) -> None:
    Turn.objects.update(
        state=TurnState.WAITING,
        person="",
        locked_until=None,
        reserved_for=analyst.public_id,
        reserved_until=clock.now() + timedelta(minutes=5),
    )
    ticket = passed(analyst, turn.item.public_id)
    as_role("media")
    ahead = media.get(f"/media/tile/{turn.item.public_id}/", ticket)
    as_owner()
    Turn.objects.all().delete()
    as_role("media")
    nothing = media.get(f"/media/tile/{turn.item.public_id}/", ticket)
    assert (ahead.status_code, nothing.status_code) == (200, 404)


def test_of_an_ended_session_nothing_is_shown_and_the_door_leaves_it_to_the_desk(
    media: Client, turn: Turn, analyst: Person, passed: Callable[..., dict[str, str]]
) -> None:
    ticket = passed(analyst, turn.item.public_id)
    analyst.end_sessions()
    analyst.save()
    as_role("media")
    assert media.get(f"/media/tile/{turn.item.public_id}/", ticket).status_code == 403


def test_its_health_and_its_check_are_asked_for_under_the_role(
    media: Client, operator: Person, passed: Callable[..., dict[str, str]]
) -> None:
    ticket = passed(operator, "", "health")
    as_role("media")
    assert media.get("/media/health/", ticket).status_code in {200, 503}
    assert list(checking._left_undone()) == []


@pytest.mark.parametrize("secret", SECRETS)
def test_it_reads_none_of_the_secrets(postgres: None, secret: str) -> None:
    as_role("media")
    assert refused_to_read(secret)


@pytest.mark.parametrize("statement", CHANGES)
def test_it_changes_nobody_and_nothing_that_was_decided(postgres: None, statement: str) -> None:
    as_role("media")
    assert refused(statement)
