"""What cannot be recorded is not shown: the database refuses a line of the log, and the door sends no picture."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.transaction import atomic
from django.test import Client

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.clock import now
from openhotline.evidence.models import Item
from openhotline.evidence.views import media
from openhotline.exposure.models import View
from openhotline.exposure.services.grant_view import grant_view

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox]

Refuse = Callable[[str], None]


@pytest.fixture
def desk(analyst: Person, examined: Item, at_hand: dict[tuple[str, int], str]) -> Client:
    """An analyst, signed in, who has the examined item at hand; errors come back as answers, as in service."""
    at_hand[analyst.public_id, examined.pk] = examined.public_id
    client = Client(raise_request_exception=False)
    client.force_login(analyst)
    return client


@pytest.fixture
def refuse(db: None) -> Refuse:
    """Let the database refuse every record of one action, as a full disk or a lost right would."""

    def install(action: str) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(
                    f"CREATE TRIGGER full_log BEFORE INSERT ON audit_record WHEN NEW.action = '{action}' "
                    "BEGIN SELECT RAISE(ABORT, 'the log is full'); END"
                )
                return
            cursor.execute(
                "CREATE FUNCTION full_log() RETURNS trigger AS "
                "$$ BEGIN RAISE EXCEPTION 'the log is full'; END $$ LANGUAGE plpgsql"
            )
            cursor.execute(
                f"CREATE TRIGGER full_log BEFORE INSERT ON audit_record FOR EACH ROW WHEN (NEW.action = '{action}') "
                "EXECUTE FUNCTION full_log()"
            )

    return install


def bytes_shown(desk: Client, item: Item) -> list[int]:
    """Ask for tile and reveal, and return how many bytes of a picture came of each."""
    answers = [desk.get(f"/media/tile/{item.public_id}/"), desk.post(f"/media/reveal/{item.public_id}/")]
    return [len(one.content) if one["Content-Type"].startswith("image/") else 0 for one in answers]


@pytest.mark.parametrize(("action", "door"), [("glimpse_noted", 0), ("view_granted", 1), ("view_shown", 1)])
def test_without_its_line_no_byte_is_shown(
    desk: Client, examined: Item, refuse: Refuse, action: str, door: int
) -> None:
    refuse(action)
    shown = bytes_shown(desk, examined)
    assert shown[door] == 0
    assert shown[1 - door] > 0
    assert not Record.objects.filter(action=action).exists()
    assert not View.objects.filter(kind=(View.GLIMPSE, View.REVEAL)[door], shown_at__isnull=False).exists()


def test_planted_a_door_that_goes_on_after_an_error_would_show_it(
    desk: Client, examined: Item, refuse: Refuse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "note_glimpse", lambda **_: None)
    refuse("glimpse_noted")
    assert bytes_shown(desk, examined)[0] > 0


def test_a_grant_is_never_part_of_a_larger_transaction(analyst: Person) -> None:
    """Else its line would not be committed when the bytes go out, and could still be taken back."""
    with atomic(), pytest.raises(RuntimeError, match="durable"):
        grant_view(subject="itm_a", kind=View.REVEAL, size=9, session="s", actor=analyst, now=now())
