"""Partners report by the API: what they are answered, and what comes of it."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from openhotline.core import models as core_models
from openhotline.core.clock import now as present
from openhotline.core.crypto import open_from_the_door
from openhotline.intake.models import Partner, PartnerKey, Report
from openhotline.intake.queries import report_page
from openhotline.intake.services.add_partner import add_partner
from openhotline.intake.services.make_partner_key import make_partner_key
from openhotline.intake.services.revoke_partner_key import revoke_partner_key
from openhotline.intake.states import Lane, ReportState, Scope

pytestmark = [pytest.mark.django_db, pytest.mark.urls("openhotline.config.urls_public")]

ONE = {"addresses": ["https://site.example/page"], "details": "seen on Monday", "kind": "picture", "reference": "T-7"}


class Desk:
    """A partner's machine: asks with a key."""

    def __init__(self, partner: Partner, text: str) -> None:
        self.partner, self.text = partner, text
        self.client = Client(raise_request_exception=True)

    def post(self, path: str, body: Any, key: str | None = "a", **headers: str) -> Any:
        """Send a body, as it is where it is bytes."""
        sent = body if isinstance(body, bytes) else json.dumps(body)
        heads = {"Authorization": f"Bearer {self.text}"} | ({"Idempotency-Key": key} if key is not None else {})
        return self.client.post(f"/api/v1/{path}", sent, "application/json", headers=heads | headers)

    def get(self, path: str) -> Any:
        """Ask."""
        return self.client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {self.text}"})


def desk_of(name: str, *scopes: Scope, hourly: int = 1000) -> Desk:
    """A partner with a key of these scopes."""
    moment = present()
    partner = add_partner(name=name, hourly=hourly, actor="test", now=moment)
    ends = moment + timedelta(days=30)
    return Desk(partner, make_partner_key(partner=partner, scopes=scopes, expires_at=ends, actor="test", now=moment)[1])


@pytest.fixture
def desk(db: None) -> Desk:
    """A partner that may do everything."""
    return desk_of("Example Platform", *Scope)


def test_a_report_is_received_sealed_and_announced(desk: Desk) -> None:
    answer = desk.post("reports", ONE)
    assert answer.status_code == 201
    report = Report.objects.get(public_id=answer.json()["id"])
    assert (report.state, report.source, report.lane) == (ReportState.RECEIVED, "partner", Lane.ORDINARY)
    assert b"site.example" not in bytes(report.addresses.get().sealed)
    facts = report_page(report.public_id)
    assert facts is not None
    assert facts.details == {"more": "seen on Monday", "what": "picture", "reference": "T-7"}
    assert core_models.Event.objects.get(kind="ReportReceived").ids == [report.pk]


def test_the_answer_says_the_word_and_when_it_changes(desk: Desk) -> None:
    answer = desk.post("reports", ONE).json()
    assert answer["stage"] == "received"
    gone_by = datetime.fromisoformat(answer["next_change"]) - datetime.fromisoformat(answer["received_at"])
    assert gone_by == timedelta(hours=24)
    assert desk.get(f"reports/{answer['id']}").json() == {k: v for k, v in answer.items() if k != "unreadable"}


def test_an_address_that_does_not_read_is_kept_and_named(desk: Desk) -> None:
    answer = desk.post("reports", ONE | {"addresses": ["https://a.example", "not an address", "b.example"]}).json()
    assert answer["unreadable"] == [1]
    rows = Report.objects.get().addresses.order_by("position")
    assert open_from_the_door(bytes(rows[1].sealed)) == "not an address"


def test_the_same_again_is_answered_the_same_and_comes_in_once(desk: Desk) -> None:
    assert desk.post("reports", ONE).content == desk.post("reports", ONE).content
    assert Report.objects.count() == 1


def test_another_body_under_the_same_key_is_refused_with_a_sentence(desk: Desk) -> None:
    desk.post("reports", ONE)
    answer = desk.post("reports", ONE | {"urgent": True})
    assert answer.status_code == 422
    assert "came before with another request" in answer.json()["detail"]
    assert Report.objects.count() == 1


def test_keys_of_two_partners_do_not_meet(desk: Desk) -> None:
    other = desk_of("Another Platform", *Scope)
    assert desk.post("reports", ONE).json()["id"] != other.post("reports", ONE).json()["id"]


def test_a_batch_is_received_whole(desk: Desk) -> None:
    answer = desk.post("reports/batch", {"reports": [ONE, ONE | {"urgent": True}]})
    names = [one["id"] for one in answer.json()["reports"]]
    assert [Report.objects.get(public_id=name).lane for name in names] == [Lane.ORDINARY, Lane.URGENT]


def test_a_batch_with_one_mistake_is_refused_whole(desk: Desk) -> None:
    answer = desk.post("reports/batch", {"reports": [ONE, {"addresses": []}]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "reports/1"
    assert not Report.objects.exists()


def test_nobody_learns_of_others_reports(desk: Desk) -> None:
    name = desk.post("reports", ONE).json()["id"]
    other = desk_of("Another Platform", *Scope)
    answers = [other.get(f"reports/{one}") for one in (name, "rep_none", "rep_%00")]
    assert [one.status_code for one in answers] == [404] * 3
    assert len({one.content for one in answers}) == 1


def test_without_a_key_nothing_is_answered(desk: Desk) -> None:
    for text in ("", "ohk_wrong", "x" * 5000):
        desk.text = text
        answer = desk.post("reports", ONE)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
        assert answer["Content-Type"] == "application/problem+json"


def test_a_key_may_be_used_for_its_scope_alone(db: None) -> None:
    reads = desk_of("Reads", Scope.READ)
    assert reads.post("reports", ONE).status_code == 403
    writes = desk_of("Writes", Scope.WRITE)
    assert writes.get(f"reports/{writes.post('reports', ONE).json()['id']}").status_code == 403


def test_a_revoked_and_an_ended_key_open_nothing(desk: Desk) -> None:
    revoke_partner_key(key=PartnerKey.objects.get().public_id, actor="test", now=present())
    assert desk.post("reports", ONE).status_code == 401
    late = desk_of("Late", *Scope)
    PartnerKey.objects.filter(partner=late.partner).update(expires_at=present())
    assert late.post("reports", ONE).status_code == 401


def test_over_the_agreed_number_reports_wait_in_quarantine_and_the_answer_is_the_same(db: None) -> None:
    desk = desk_of("Loud", *Scope, hourly=1)
    answers = [desk.post("reports", ONE, key=str(turn)).json() for turn in range(2)]
    assert [Report.objects.get(public_id=one["id"]).lane for one in answers] == [Lane.ORDINARY, Lane.QUARANTINE]
    assert [one.keys() for one in answers] == [answers[0].keys()] * 2
    assert core_models.Event.objects.filter(kind="ReportReceived").count() == 1


def test_a_request_that_is_sent_again_uses_up_nothing_of_what_was_agreed(db: None) -> None:
    desk = desk_of("Unsure", *Scope, hourly=2)
    for key in ("a", "a", "a", "b"):
        desk.post("reports", ONE, key=key)
    assert list(Report.objects.values_list("lane", flat=True)) == [Lane.ORDINARY] * 2


def test_danger_is_never_quarantined(db: None) -> None:
    desk = desk_of("Loud", *Scope, hourly=1)
    for turn in range(3):
        desk.post("reports", ONE | {"urgent": True}, key=str(turn))
    assert set(Report.objects.values_list("lane", flat=True)) == {Lane.URGENT}


HOSTILE = [
    (b"{", 400),
    (b"[" * 100_000, 400),
    (b'{"addresses": ["\\ud800"]}', 400),
    (b'{"addresses": ["a.example"], "urgent": NaN}', 400),
    (b"\xff\xfe", 400),
    (b"", 422),
    (b"null", 422),
    (b"[]", 422),
    (b'{"addresses": "a.example"}', 422),
    (b'{"addresses": ["a.example"], "more": 1}', 422),
    (b'{"addresses": ["' + b"a" * 9000 + b'"]}', 422),
    (b'{"addresses": ' + json.dumps(["a.example"] * 101).encode() + b"}", 422),
    (b'{"details": "' + b"a" * 1_000_001 + b'"}', 413),
]


@pytest.mark.parametrize(("body", "status"), HOSTILE, ids=[str(body[:30]) for body, _ in HOSTILE])
def test_hostile_json_is_refused_with_a_sentence(desk: Desk, body: bytes, status: int) -> None:
    answer = desk.post("reports", body)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"].endswith("Nothing was kept.")
    assert not Report.objects.exists()


def test_control_characters_and_other_scripts_are_kept_as_they_are(desk: Desk) -> None:
    odd = "https://пример.example/\u202e\u0000=cmd()"
    assert desk.post("reports", {"addresses": [odd]}).status_code == 201
    assert open_from_the_door(bytes(Report.objects.get().addresses.get().sealed)) == odd


@pytest.mark.parametrize("key", ["", "é", "a\tb", "x" * 256, None])
def test_a_key_of_a_sending_is_needed_and_plain(desk: Desk, key: str | None) -> None:
    answer = desk.post("reports", ONE, key=key)
    assert answer.status_code in {400, 422}
    assert "Idempotency-Key" in answer.json()["detail"]


def test_a_picture_in_a_text_is_refused_with_the_reason(desk: Desk) -> None:
    picture = "iVBORw0KGgo" + "A" * 400
    in_links = "_9j_4AAQSkZJRgABAQ" + "Ab3-" * 60
    texts = (f"see {picture}", in_links, "data:;base64,AAAA")
    bodies: list[Any] = [{"details": text} for text in texts]
    for body in [*bodies, {"addresses": [f"data:image/png;base64,{picture}"]}]:
        answer = desk.post("reports", body)
        assert answer.status_code == 422
        assert "no imagery from anybody" in answer.json()["detail"]


def test_the_page_and_the_description_need_no_key_and_no_script(stranger: Client) -> None:
    page = stranger.get("/api/v1/").content.decode()
    assert "/api/v1/reports/batch" in page
    assert "<script" not in page.partition("<main")[2]
    paths = stranger.get("/api/v1/openapi.json").json()["paths"]
    assert {*paths} == {"/api/v1/reports", "/api/v1/reports/batch", "/api/v1/xarf", "/api/v1/reports/{report_id}"}
