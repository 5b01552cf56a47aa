"""The public door under its own role in PostgreSQL: it serves every page of its own, and reads nothing else."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.http import HttpResponse  # noqa: TID251 - the answer a stranger gets
from django.test import Client

from faults.asking_partners import XARF
from journeys.door_roles import as_owner, as_role, refused_to_read, with_role
from journeys.young_walks import all_pages
from openhotline.accounts.models import Person
from openhotline.core.clock import now
from openhotline.intake.models import Report
from openhotline.intake.services.add_partner import add_partner
from openhotline.intake.services.ask_reporter import ask_reporter
from openhotline.intake.services.make_partner_key import make_partner_key
from openhotline.intake.services.start_report import words_of
from openhotline.intake.states import Scope

pytestmark = [pytest.mark.django_db, pytest.mark.urls("openhotline.config.urls_public")]

SECRETS = ("evidence_item.pdq", "evidence_rendition.sealed", "hashlists_entry.public_id", "hashlists_selfreported.pdq",
           "hashlists_knownfile.lookup", "audit_record.detail", "audit_record.subject", "accounts_person.username",
           "accounts_invitation.token_hash", "django_session.session_key", "mfa_authenticator.data",
           "intake_address.lookup", "intake_webhook.secret", "intake_reportedaddress.sealed",
           "intake_devicehash.sealed",
           "core_event.ids", "django_tasks_database_dbtaskresult.args_kwargs", "exposure_view.person",
           "referral_referral.package_sha256", "triage_match.distance", "assessment_assessment.facts")  # fmt: skip


def as_the_door() -> None:
    as_role("public")


@pytest.fixture
def postgres(db: None) -> Iterator[None]:
    """A role with the rights of the public door, made by the owner of the tables."""
    yield from with_role("public")


@pytest.fixture
def door(postgres: None, settings: LazySettings) -> Client:
    """A visitor of a public door that runs by itself."""
    settings.DOOR = "public"
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    return Client()


def carried(page: HttpResponse) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode())
    return {name: unescape(value) for name, value in found}


def report(visitor: Client) -> HttpResponse:
    """Go the whole way of a report, and return the page of the receipt."""
    first = visitor.get("/report/")
    step = visitor.post("/report/", carried(first) | {"addresses": "https://a.example/1"}, follow=True)
    held = {"report": parse_qs(urlsplit(step.redirect_chain[-1][0]).query)["report"][0]}
    told = {"more": "a page of pictures", "contact": "me@mail.example"}
    for path in ("/report/details/", "/report/more/"):
        assert visitor.post(path, held | told).status_code == 200
    return visitor.post("/report/check/", held | told, follow=True)


def machine() -> dict[str, str]:
    """Return the headers of a partner's machine that may do everything."""
    partner = add_partner(name="Example Platform", hourly=1000, actor="test", now=now())
    ends = now() + timedelta(days=30)
    key = make_partner_key(partner=partner, scopes=tuple(Scope), expires_at=ends, actor="test", now=now())[1]
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.slow
def test_every_page_and_form_of_the_door_works_under_its_role(door: Client, manager: Person) -> None:
    urgent = carried(door.get("/report/no-address/"))
    as_the_door()
    assert report(door).status_code == 200
    told = door.post("/report/no-address/", urgent | {"place": "a game", "where": "a game"}, follow=True)
    assert told.status_code == 200
    pages = all_pages(door) | {
        path: door.get(path, follow=True)
        for path in ("/", "/parents/", "/safety/", "/privacy/", "/privacy/young-people/", "/numbers/", "/guidance/",
                     "/guidance/search/?q=help", "/guidance/directory/", "/guidance/versions/", "/receipt/")
    }  # fmt: skip
    assert {name: page.status_code for name, page in pages.items() if page.status_code >= 500} == {}


def test_a_receipt_is_looked_up_answered_and_its_contact_withdrawn(door: Client, analyst: Person) -> None:
    as_the_door()
    report(door)
    as_owner()
    Report.objects.update(lane="urgent")
    row = Report.objects.get()
    ask_reporter(report=row.public_id, text="Which game?", actor=analyst, now=now() - timedelta(hours=1))
    as_the_door()
    page = door.post("/receipt/", {"words": words_of(row)})
    fields = carried(page)
    answered = door.post("/receipt/answer/", fields | {"text": "The blue one"})
    withdrawn = door.post("/receipt/withdraw/", {"held": fields["held"]})
    assert (page.status_code, answered.status_code, withdrawn.status_code) == (200, 200, 200)
    assert "Your answer was sent" in answered.content.decode()


def test_a_partner_reports_and_asks(door: Client) -> None:
    key = machine()
    as_the_door()
    one = {"addresses": ["https://site.example/page"], "details": "seen on Monday"}

    def send(path: str, body: object, name: str) -> HttpResponse:
        return door.post(
            f"/api/v1/{path}", json.dumps(body), "application/json", headers=key | {"Idempotency-Key": name}
        )

    first, again = send("reports", one, "a"), send("reports", one, "a")
    batch, xarf = send("reports/batch", {"reports": [one]}, "b"), send("xarf", XARF, "c")
    assert [first.status_code, again.status_code, batch.status_code, xarf.status_code] == [201] * 4
    asked = door.get(f"/api/v1/reports/{json.loads(first.content)['id']}", headers=key)
    assert asked.status_code == 200


def test_whoever_brings_a_session_leaves_without_a_look_at_sessions(door: Client) -> None:
    as_the_door()
    door.cookies["sessionid"] = "made-up"
    assert door.get("/leave/").status_code == 302


@pytest.mark.parametrize("secret", SECRETS)
def test_it_reads_none_of_the_secrets(postgres: None, secret: str) -> None:
    as_the_door()
    assert refused_to_read(secret)
