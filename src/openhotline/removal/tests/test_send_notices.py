"""Notices go to the providers as mail with XARF 4 reports, over SMTP, on this machine."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core import models as core
from openhotline.core.net.errors import MailFailed
from openhotline.evidence.queries import digests_of
from openhotline.hashlists.models import Entry
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import WithdrawalReason
from openhotline.removal.errors import XarfRefused
from openhotline.removal.models import AnswerCode, Contact, Hosting, Notice, Removal, checked_report, code_of, xarf
from openhotline.removal.policies import CLAIM_STAYS, VERIFIED_FOR
from openhotline.removal.queries import items_at, notices_due, progress
from openhotline.removal.services import send_notices as operation
from openhotline.removal.services.send_notices import NOTHING_THERE, send_notices
from openhotline.removal.states import ContactState, RemovalState
from openhotline.removal.tests.conftest import NETWORK

pytestmark = pytest.mark.django_db
Due = Callable[[int], list[Removal]]


def send(now: datetime, **further: Any) -> list[Notice]:
    ids = list(Removal.objects.values_list("pk", flat=True))
    return send_notices(ids=ids, actor="step:x", now=now, **further)


def reports(message: EmailMessage) -> list[dict[str, Any]]:
    return [json.loads(part.get_content()) for part in message.iter_attachments()]


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_one_mail_tells_one_provider_of_up_to_fifty_addresses(due: Due, box: Any, now: datetime) -> None:
    due(51)
    assert sorted(notice.addresses for notice in send(now)) == [1, 50]
    assert sorted(len(reports(message)) for message in box.messages) == [1, 50]
    assert progress().by_state == {"noticed": 51}
    assert core.Event.objects.filter(kind="NoticeSent").count() == progress().notices == 2


def test_the_sender_is_an_office_and_practice_is_written_large(due: Due, box: Any, now: datetime) -> None:
    due(1)
    send(now)
    (message,) = box.messages
    assert (message["To"], message["From"].addresses[0].addr_spec) == ("abuse@host.example", "notices@hotline.example")
    assert message["Subject"].startswith("PRACTICE - NOT FINDINGS")
    assert message["X-Practice"] == "PRACTICE - NOT FINDINGS"
    assert text_of(message).startswith("PRACTICE - NOT FINDINGS")


def test_real_addresses_stand_in_the_report_alone(due: Due, box: Any, now: datetime, site: Any) -> None:
    due(1)
    send(now)
    (message,) = box.messages
    url = f"http://127.0.0.1:{site.port}/pictures/0.png"
    assert url not in text_of(message)
    assert f"hxxp://127[.]0[.]0[.]1:{site.port}/pictures/0.png" in text_of(message)
    assert reports(message)[0]["url"] == url


def test_a_report_names_hashes_and_the_legal_basis(due: Due, box: Any, now: datetime) -> None:
    due(1)
    send(now)
    (report,) = reports(box.messages[0])
    digests = digests_of(Entry.objects.get().item)
    assert report["hash_values"] == {name: digests[name] for name in ("md5", "sha1", "sha256")}
    assert (report["category"], report["type"], report["classification"]) == ("content", "csam", "baseline")
    assert (report["detection_method"], report["xarf_version"]) == ("manual_review", "4.2.0")
    assert report["openhotline"]["items"][0]["provision"] == "Protection of Children Act 1978 s1"
    assert not {"screenshot_url", "evidence", "confidence"} & set(report)


@pytest.mark.parametrize(
    ("assessed", "tags"),
    [
        ("wholly_synthetic", ["generation:ai"]),
        ("real_picture_altered", ["generation:ai-altered"]),
        ("none_seen", []),
        ("not_determined", []),
        ("", []),
    ],
)
def test_the_ai_tag_is_set_only_when_assessed_so(
    due: Due, box: Any, now: datetime, assessed: str, tags: list[str]
) -> None:
    due(1)
    Entry.objects.update(ai_involvement=assessed or "not_determined")
    send(now)
    (report,) = reports(box.messages[0])
    assert report["tags"] == tags
    assert report["openhotline"]["items"][0]["ai_involvement"] == (assessed or "not_determined")


def test_an_address_with_several_items_is_tagged_only_with_what_holds_for_all(
    due: Due, box: Any, now: datetime, confirmed: Callable[..., Entry]
) -> None:
    (removal,) = due(1)
    confirmed(removal.address, ai_involvement="none_seen")
    send(now)
    (report,) = reports(box.messages[0])
    assert (len(report["openhotline"]["items"]), report["tags"]) == (2, [])
    assert len(items_at([removal.pk])) == 2


def test_no_mail_carries_a_picture(due: Due, box: Any, now: datetime, confirmed: Callable[..., Entry]) -> None:
    (removal,) = due(1)
    data = b"GIF89a" + bytes(range(256))
    confirmed(removal.address, data=data)
    send(now)
    for part in box.messages[0].walk():
        assert part.get_content_type() in {"multipart/mixed", "text/plain", "application/json"}
        if not part.is_multipart():
            assert data[:32] not in (part.get_payload(decode=True) or b"")


@pytest.mark.parametrize(
    "extra",
    [
        {"evidence": [{"content_type": "image/png", "payload": "iVBORw0KGgo="}]},
        {"screenshot_url": "https://x.example/y"},
        {"photo": "iVBORw0KGgo="},
        {"hash_values": {"pdq": "ab" * 32}},
        {"openhotline": {"practice": True, "items": [{"distance": 3}]}},
    ],
)
def test_the_schema_has_no_place_for_anything_else(due: Due, box: Any, now: datetime, extra: dict[str, Any]) -> None:
    """Evidence payloads, screenshots, perceptual hashes and distances cannot leave by a report."""
    due(1)
    send(now)
    (report,) = reports(box.messages[0])
    with pytest.raises(XarfRefused, match="Nothing was sent"):
        checked_report(report | extra)


def test_planted_bug_a_report_with_a_picture_stops_the_notice(
    due: Due, box: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A builder that adds evidence meets the schema, and nothing is handed in."""
    due(1)
    real = operation.report_of
    bad = {"evidence": [{"content_type": "image/png", "payload": ""}]}
    monkeypatch.setattr(operation, "report_of", lambda *a, **k: checked_report(real(*a, **k) | bad))
    assert send(now) == box.messages == []
    assert "Nothing was sent" in Removal.objects.get().sentence


def test_sending_twice_is_sending_once(due: Due, box: Any, now: datetime) -> None:
    due(3)
    assert [len(send(now)) for _ in range(2)] == [1, 0]
    assert len(box.messages) == 1


def test_after_a_crash_between_rows_and_mail_it_is_sent_once(due: Due, box: Any, now: datetime) -> None:
    due(1)

    def crash(_message: EmailMessage) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send(now, deliver=crash)
    assert Notice.objects.get().sent_at is None
    assert send(now + timedelta(minutes=1)) == []
    assert [len(send(now + CLAIM_STAYS)) for _ in range(2)] == [1, 0]
    assert len(box.messages) == 1


def test_after_a_crash_between_mail_and_rows_the_same_message_comes_again(due: Due, box: Any, now: datetime) -> None:
    """At least once: Message-ID, words, code and reports are the same, so the receiver can drop the second."""
    due(1)

    def then_crash(message: EmailMessage) -> None:
        operation.hand_in(message)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send(now, deliver=then_crash)
    send(now + timedelta(hours=1))
    first, second = box.messages
    assert (first["Message-ID"], first["Date"], reports(first)) == (
        second["Message-ID"],
        second["Date"],
        reports(second),
    )
    assert text_of(first) == text_of(second), "the code that works once is the same one"
    assert Notice.objects.count() == 1


def test_what_the_mail_server_does_not_take_stays_due_with_a_sentence(due: Due, box: Any, now: datetime) -> None:
    (removal,) = due(1)
    box.busy = True
    assert send(now) == []
    removal.refresh_from_db()
    assert removal.state == RemovalState.NOTICE_DUE
    assert "451" in removal.sentence
    assert (notices_due(now), notices_due(now + timedelta(hours=1))) == ([], [removal.pk])
    box.busy = False
    assert len(send(now + timedelta(hours=1))) == 1


def test_what_was_withdrawn_is_not_noticed(due: Due, box: Any, now: datetime, senior: Person) -> None:
    due(2)
    entry = Entry.objects.order_by("pk")[0].public_id
    withdraw_entry(entry=entry, reason=WithdrawalReason.LISTED_BY_MISTAKE, actor=senior, now=now)
    send(now)
    assert len(reports(box.messages[0])) == 1
    first = Removal.objects.order_by("pk")[0]
    assert (first.state, first.sentence, first.notice) == (RemovalState.NOTICE_DUE, NOTHING_THERE, None)


def test_what_is_withdrawn_while_the_notice_waits_is_taken_out_of_it(
    due: Due, box: Any, now: datetime, senior: Person
) -> None:
    due(1)
    box.busy = True
    send(now)
    box.busy = False
    withdraw_entry(entry=Entry.objects.get().public_id, reason=WithdrawalReason.FEEDBACK, actor=senior, now=now)
    assert send(now) == box.messages == []
    assert not Notice.objects.exists()


def test_the_log_names_the_notice_and_the_digest_of_its_reports(due: Due, box: Any, now: datetime) -> None:
    due(2)
    (notice,) = send(now)
    assert Record.objects.get(action="notice_sent", subject=notice.public_id).detail == {
        "addresses": 2,
        "xarf": notice.xarf_sha256,
    }


def test_nothing_goes_to_a_contact_that_nobody_approved(
    waiting: Due, box: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(1)
    Removal.objects.update(state=RemovalState.NOTICE_DUE)
    assert send(now) == box.messages == []
    assert Removal.objects.get().state == RemovalState.CONTACT_WAITS


def test_a_contact_that_is_refused_while_its_notice_waits_gets_none(due: Due, box: Any, now: datetime) -> None:
    """Whoever refuses it is heeded up to the moment in which the mail is handed in."""
    due(1)
    box.busy = True
    send(now)
    Contact.objects.update(state=ContactState.REFUSED)
    box.busy = False
    assert send(now + timedelta(minutes=30)) == box.messages == []
    assert not Notice.objects.exists()


def test_planted_bug_without_the_last_look_it_would_get_one(
    due: Due, box: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    due(1)
    box.busy = True
    send(now)
    Contact.objects.update(state=ContactState.REFUSED)
    box.busy = False
    monkeypatch.setattr(operation, "_still_approved", lambda _notice: True)
    send(now + timedelta(minutes=30))
    assert len(box.messages) == 1


def test_the_host_is_asked_again_just_before_when_the_answer_is_an_hour_old(
    due: Due, box: Any, now: datetime, site: Any
) -> None:
    due(1)
    asked = len(site.asked)
    del site.pages["/ip/127.0.0.1"]
    assert send(now + VERIFIED_FOR) == box.messages == []
    assert (Removal.objects.get().state, len(site.asked)) == (RemovalState.HOST_UNKNOWN, asked + 1)


def test_no_notice_goes_out_on_a_day_that_the_contact_blocked(due: Due, box: Any, now: datetime) -> None:
    due(1)
    Contact.objects.update(blocked_days=f"{now:%a}".lower())
    assert send(now) == []
    tomorrow = now.replace(hour=0) + timedelta(days=1)
    assert notices_due(tomorrow - timedelta(seconds=1)) == []
    assert notices_due(tomorrow) == [Removal.objects.get().pk]
    assert len(send(tomorrow)) == 1


def test_nor_does_one_that_was_made_the_day_before(due: Due, box: Any, now: datetime) -> None:
    due(1)
    box.busy = True
    send(now)
    box.busy = False
    Contact.objects.update(blocked_days=f"{now + timedelta(days=1):%a}".lower())
    assert send(now + timedelta(days=1)) == box.messages == []
    assert len(send(now + timedelta(days=2))) == 1


def test_what_is_not_taken_is_tried_less_and_less_often(due: Due, box: Any, now: datetime) -> None:
    due(1)
    box.busy = True
    waits = []
    for _ in range(4):
        send(now)
        waits.append(Removal.objects.get().next_check_at - now)
        now += waits[-1]
    assert waits == sorted(waits)
    assert waits[-1] > waits[0]


def test_a_contact_whose_server_refuses_it_for_good_waits_for_a_person(due: Due, now: datetime) -> None:
    def refuse(_message: EmailMessage) -> None:
        raise MailFailed("refused", lasting=True)

    due(1)
    assert send(now, deliver=refuse) == []
    assert Contact.objects.get().state == ContactState.BOUNCED
    assert Removal.objects.get().state == RemovalState.CONTACT_WAITS


def test_a_clock_that_is_set_back_stops_nothing(due: Due, box: Any, now: datetime) -> None:
    """Half-way through a mail the worker dies; then the clock goes back by a year."""
    due(1)

    def crash(_message: EmailMessage) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send(now, deliver=crash)
    Removal.objects.update(next_check_at=now)
    before = now - timedelta(days=365)
    assert notices_due(before) == [Removal.objects.get().pk]
    assert len(send(before)) == 1


def test_the_receiver_is_told_where_to_answer_and_with_which_code(due: Due, box: Any, now: datetime) -> None:
    due(1)
    (notice,) = send(now)
    text = text_of(box.messages[0])
    assert code_of(notice.public_id) in text
    assert "/provider/" in text
    assert code_of(notice.public_id) not in str(AnswerCode.objects.values_list().get())


@pytest.mark.parametrize(("cdn", "level", "says"), [("", "host", "you host"), ("Front", "host", "who that is")])
def test_a_network_in_front_is_asked_who_hosts_what_is_behind(
    due: Due, box: Any, now: datetime, cdn: str, level: str, says: str
) -> None:
    due(1)
    Hosting.objects.update(cdn=cdn)
    send(now)
    assert says in text_of(box.messages[0])


def test_a_trusted_flagger_says_so_and_how_it_is_named(due: Due, box: Any, now: datetime, settings: Any) -> None:
    """What a platform then publishes is found again by its notice (`keep_statements`)."""
    settings.TRUSTED_FLAGGER = "Example Hotline"
    due(1)
    send(now)
    assert f'"Example Hotline, {Notice.objects.get().public_id}"' in text_of(box.messages[0])


def test_who_is_no_trusted_flagger_says_nothing_of_it(due: Due, box: Any, now: datetime) -> None:
    due(1)
    send(now)
    assert "flagger" not in text_of(box.messages[0])


def test_a_report_fits_the_schema_that_the_project_publishes(
    due: Due, box: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: were our own schema as wide as can be, the published one would still refuse."""
    due(1)
    send(now)
    (report,) = reports(box.messages[0])
    assert checked_report(report) == report
    monkeypatch.setattr(xarf, "_validator", lambda: Draft202012Validator({}))
    with pytest.raises(XarfRefused, match="as it is published"):
        checked_report(report | {"classification": "C"})


@pytest.fixture
def moves(site: Any, box: Any, now: datetime, senior: Person) -> Callable[[], None]:
    """The site goes to another provider, whose contact a person approves."""

    def move() -> None:
        said = json.dumps(NETWORK).replace("abuse@host.example", "new@other.example")
        site.pages["/ip/127.0.0.1"] = (200, "application/rdap+json", said.encode())

    return move


def test_a_notice_that_waits_goes_to_no_provider_that_another_address_showed_to_be_the_old_one(
    due: Due, box: Any, now: datetime, moves: Callable[[], None]
) -> None:
    """Its mail was not taken; an hour later the other address of the same site was asked about, and it has moved."""
    first, second = due(2)
    box.busy = True
    send_notices(ids=[first.pk], actor="step:x", now=now)
    box.busy = False
    moves()
    later = now + VERIFIED_FOR
    assert send_notices(ids=[second.pk], actor="step:x", now=later) == []
    assert send_notices(ids=[first.pk], actor="step:x", now=later) == []
    assert box.messages == []
    assert set(Removal.objects.values_list("state", "notice")) == {(RemovalState.CONTACT_WAITS, None)}


def test_all_that_stands_in_a_notice_is_verified_before_it_goes(
    due: Due, box: Any, now: datetime, moves: Callable[[], None]
) -> None:
    """Only one of its addresses is taken up again."""
    first, _ = due(2)
    box.busy = True
    send(now)
    box.busy = False
    moves()
    assert send_notices(ids=[first.pk], actor="step:x", now=now + VERIFIED_FOR) == []
    assert box.messages == []
    assert set(Removal.objects.values_list("state", "notice")) == {(RemovalState.CONTACT_WAITS, None)}
