"""The members' door under its own role in PostgreSQL: it answers members, and reads no report, evidence or session."""

import io
from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings
from django.http import HttpResponse  # noqa: TID251 - the answer a member gets
from PIL import Image

from journeys.door_roles import as_owner, as_role, refused, refused_to_read, with_role
from openhotline.core.clock import now as present
from openhotline.hashlists.models import Entry, Feedback, Member, QueryFlag
from openhotline.hashlists.services.count_lookups import accounts, close_accounts
from openhotline.hashlists.services.keep_met import keep_met
from openhotline.hashlists.tests.asking import Machine, picture
from openhotline.hashlists.tests.conftest import (
    begin,
    listable,
    machine_of,
    make_entry,
    make_item,
    make_member,
    nothing_served_yet,
    papers,
    publish,
    release,
)

__all__ = ["begin", "listable", "machine_of", "make_entry", "make_item", "make_member", "nothing_served_yet", "papers",
           "publish", "release"]  # fmt: skip
pytestmark = [pytest.mark.django_db, pytest.mark.urls("openhotline.config.urls_members")]
PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
SECRETS = ("evidence_item.pdq", "evidence_item.public_id", "evidence_rendition.sealed", "evidence_sighting.address_id",
           "hashlists_selfreported.pdq", "hashlists_knownfile.lookup", "audit_record.detail", "audit_record.subject",
           "accounts_person.username", "accounts_person.password", "accounts_approval.manifest_sha256",
           "django_session.session_key", "mfa_authenticator.data", "intake_report.details", "intake_report.contact",
           "intake_address.lookup", "intake_webhook.secret", "core_event.ids", "exposure_view.person",
           "referral_referral.package_sha256", "triage_match.distance", "assessment_decision.facts")  # fmt: skip
CHANGES = ("UPDATE hashlists_member SET state = 'admitted'", "UPDATE hashlists_entry SET state = 'withdrawn'",
           "INSERT INTO hashlists_entry DEFAULT VALUES", "UPDATE intake_partnerkey SET scopes = '[]'",
           "INSERT INTO intake_partnerkey DEFAULT VALUES", "INSERT INTO accounts_approval DEFAULT VALUES")  # fmt: skip


@pytest.fixture
def postgres(db: None) -> Iterator[None]:
    """A role with the rights of the members' door, made by the owner of the tables."""
    yield from with_role("members")


@pytest.fixture
def machine(
    postgres: None,
    make_entry: Callable[..., Entry],
    publish: Callable[..., object],
    make_member: Callable[..., Member],
    machine_of: Callable[..., Machine],
    settings: LazySettings,
) -> Machine:
    """A member that may do everything, at a door that runs by itself."""
    make_entry(pdq=PDQ)
    every = {"see_ids": True, "see_distances": True, "see_states": True, "send_files": True}
    member = make_member(**every)
    publish(member)
    settings.DOOR = "members"
    return machine_of(member)


def status(answer: HttpResponse) -> int:
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code


def test_it_answers_lookups_and_takes_a_word_on_an_entry(machine: Machine) -> None:
    """A dispute is announced, and people behind the door look again."""
    as_role("members")
    (yes, no) = machine.match(picture(PDQ), picture("0" * 64))
    assert (yes["match"], no["match"]) == ("yes", "no")
    for said in ({"verdict": "confirm"}, {"verdict": "dispute", "reason": "adult"}):
        word = {"entry": yes["matches"][0]["id"], **said}
        answer = machine.post("v1/feedback", word)
        assert answer.status_code == 204, answer.content
    close_accounts(now=present(), all_of_them=True)
    assert keep_met(actor="step:members", now=present(), all_of_them=True) == 1
    as_owner()
    assert Feedback.objects.get().verdict == "dispute"


def test_lookups_counted_ahead_are_given_back_under_the_role(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "ahead", True)
    as_role("members")
    for _ in range(3):
        machine.match(picture("0" * 64))
    assert close_accounts(now=present(), all_of_them=True) == 1


@pytest.mark.parametrize(
    "path",
    ["v1/status", "v1/list", "v1/vectors", "v1/openapi.json", "hma/status", "hma/m/index/status", "hma/c/banks",
     f"hma/m/lookup?signal_type=pdq&signal={PDQ}", f"hma/m/raw_lookup?signal_type=pdq&signal={PDQ}",
     "ncmec/v2/status", "ncmec/v2/members", "ncmec/v2/entries", "ncmec/v2/feedback/PDQ/reasons"],
)  # fmt: skip
def test_every_page_is_answered_under_the_role(machine: Machine, path: str) -> None:
    as_role("members")
    assert status(machine.get(path)) == 200, path


@pytest.mark.parametrize("path", ["v1/exploitative", "v1/addresses", "v1/self-reported", "hma/anything"])
def test_what_this_member_is_not_given_is_refused_and_nothing_breaks(machine: Machine, path: str) -> None:
    as_role("members")
    assert 400 <= status(machine.get(path)) < 500


@pytest.mark.sandbox
def test_a_file_is_hashed_under_the_role(machine: Machine) -> None:
    sink = io.BytesIO()
    Image.radial_gradient("L").save(sink, "PNG")
    as_role("members")
    headers = machine.bearer
    sent = machine.client.post("/members/v1/match/file", sink.getvalue(), "application/octet-stream", headers=headers)
    assert sent.status_code == 200, sent.content


def test_queries_that_feel_their_way_are_flagged_under_the_role(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "openhotline.hashlists.services.answer_lookups.related_of", lambda _name: type("Few", (), {"note": _one})
    )
    as_role("members")
    machine.match(picture("0" * 64))
    as_owner()
    assert QueryFlag.objects.count() == 1


def _one(*_: object, **__: object) -> list[int]:
    return [7]


def test_a_stranger_and_a_key_that_is_none_are_told_so(machine: Machine) -> None:
    as_role("members")
    assert Machine("made-up").get("v1/status").status_code == 401


@pytest.mark.parametrize("secret", SECRETS)
def test_it_reads_none_of_the_secrets(postgres: None, secret: str) -> None:
    as_role("members")
    assert refused_to_read(secret)


@pytest.mark.parametrize("statement", CHANGES)
def test_it_admits_nobody_and_changes_no_entry(postgres: None, statement: str) -> None:
    as_role("members")
    assert refused(statement)
