"""A flood waits in quarantine; who reports once is heard; nobody can tell from the answer; no address is kept."""

import re
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from limits import parse_many

from journeys import young_walks
from openhotline.core.clock import now as present
from openhotline.core.limits import forget_tallies, hash_of_today
from openhotline.core.models import DaySalt, Event, Tally
from openhotline.intake.models import Quarantined, Report
from openhotline.intake.policies import lane_of, why_quarantined
from openhotline.intake.services.start_report import words_of
from openhotline.intake.states import Lane, Why
from openhotline.intake.views import flood
from openhotline.intake.views import report as door

pytestmark = [pytest.mark.django_db, pytest.mark.urls("openhotline.intake.urls")]

SENDER, OTHER = "198.51.100.7", "203.0.113.9"
PROXY = "127.0.0.1"
Send = Callable[..., Any]


@pytest.fixture
def few(settings: Any) -> Any:
    """Limits that a test can reach, behind a proxy that is trusted."""
    said = {
        "sender": "3/hour",
        "site": "5/hour",
        "shared": "4/hour",
        "door": "6/hour",
        "tight": "1/hour",
        "most": "12/hour",
        "tries": "2/10 minutes",
        "site_tries": "4/10 minutes",
        "all_tries": "5/10 minutes",
    }
    settings.FLOOD = {name: tuple(parse_many(text)) for name, text in said.items()}
    settings.PROXIES = (ip_network(PROXY),)
    return settings


@pytest.fixture
def send(few: Any, stranger: Client) -> Send:
    """Report one address from a network address, and return the report."""

    def sent(sender: str, **more: str) -> Report:
        typed = {"addresses": "a.example", "sending": str(Report.objects.count())}
        stranger.post("/report/", typed, headers={"X-Forwarded-For": sender} | more)
        return Report.objects.order_by("-pk")[0]

    return sent


def test_more_than_usual_from_one_sender_waits(send: Send) -> None:
    assert [send(SENDER).lane for _ in range(5)] == [Lane.ORDINARY] * 3 + [Lane.QUARANTINE] * 2
    assert {one.why for one in Quarantined.objects.all()} == {Why.SENDER}


def test_others_are_heard_in_a_flood_of_one(send: Send) -> None:
    for _ in range(8):
        send(SENDER)
    assert send(OTHER).lane == Lane.ORDINARY


def test_above_the_most_everybody_waits(send: Send) -> None:
    for turn in range(12):
        send(f"198.51.100.{turn}")
    assert send(OTHER).lane == Lane.QUARANTINE
    assert Quarantined.objects.get(report=Report.objects.order_by("-pk")[0]).why == Why.DOOR


def test_the_answer_is_the_same_to_the_byte(send: Send, stranger: Client) -> None:
    def page() -> bytes:
        typed = {"addresses": "a.example", "sending": str(Report.objects.count())}
        answer = stranger.post("/report/", typed, headers={"X-Forwarded-For": SENDER}, follow=True)
        return re.sub(rb'name="(csrfmiddlewaretoken|report)" value="[^"]+"', b"SIGNED", answer.content)

    pages = [page() for _ in range(5)]
    assert [one.lane for one in Report.objects.order_by("pk")][-1] == Lane.QUARANTINE
    assert len(set(pages)) == 1


def test_codes_from_devices_are_counted_as_reports_are_and_answered_alike(few: Any, stranger: Client) -> None:
    pages = [young_walks.send(stranger, young_walks.keep_page(stranger), follow=True) for _ in range(5)]
    lanes = list(Report.objects.order_by("pk").values_list("lane", flat=True))
    assert lanes == [Lane.ORDINARY] * 4 + [Lane.QUARANTINE]
    assert Event.objects.filter(kind="DeviceHashesKept").count() == 4
    words = re.compile(rb'class="receipt-code">[^<]+<|value="[^"]{40,}"')
    assert len({words.sub(b"THE WORDS", page.content) for page in pages}) == 1


def test_a_danger_is_never_held(send: Send, stranger: Client) -> None:
    for _ in range(4):
        send(SENDER)
    typed = {"addresses": "a.example", "sending": "danger"}
    first = stranger.post("/report/", typed, headers={"X-Forwarded-For": SENDER}, follow=True)
    carried = re.search(rb'name="report" value="([^"]+)"', first.content)
    assert carried
    form = {"report": carried[1].decode(), "danger": "yes", "place": "", "found": "", "more": ""}
    stranger.post("/report/details/", form)
    stranger.post("/report/check/", form)
    assert Report.objects.order_by("-pk")[0].lane == Lane.URGENT


def test_no_network_address_is_kept_anywhere(send: Send) -> None:
    for _ in range(5):
        send(SENDER)
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')  # a name of our own
            assert SENDER not in str(cursor.fetchall())


def test_a_sender_cannot_choose_another_address(send: Send) -> None:
    """Only what the proxy itself wrote counts: it stands last."""
    lanes = [send(f"192.0.2.{turn}, {SENDER}").lane for turn in range(5)]
    assert lanes[-1] == Lane.QUARANTINE


def test_without_a_trusted_proxy_the_header_is_not_believed(send: Send, few: Any) -> None:
    few.PROXIES = ()
    lanes = [send(f"192.0.2.{turn}").lane for turn in range(5)]
    assert lanes == [Lane.ORDINARY] * 4 + [Lane.QUARANTINE]


def test_a_home_has_one_address_however_many_it_uses(send: Send) -> None:
    lanes = [send(f"2001:db8:1:2::{turn}").lane for turn in range(4)]
    assert lanes[-1] == Lane.QUARANTINE
    assert send("2001:db8:1:3::1").lane == Lane.ORDINARY


def test_a_site_with_many_homes_has_a_limit_too(send: Send) -> None:
    """Whoever holds 48 bits takes another home for each report."""
    lanes = [send(f"2001:db8:1:{home}::1").lane for home in range(6)]
    assert lanes == [Lane.ORDINARY] * 5 + [Lane.QUARANTINE]
    assert send("2001:db8:2::1").lane == Lane.ORDINARY


def test_planted_without_the_site_each_home_begins_anew(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flood, "_site", lambda *_: "")
    assert {send(f"2001:db8:1:{home}::1").lane for home in range(6)} == {Lane.ORDINARY}


def test_what_the_proxy_saw_from_this_machine_is_tor_whatever_the_visitor_wrote(send: Send) -> None:
    """Tor hands visitors to the proxy from this machine, and the header's first part is their own word."""
    lanes = [send(f"192.0.2.{turn}, {PROXY}").lane for turn in range(5)]
    assert lanes == [Lane.ORDINARY] * 4 + [Lane.QUARANTINE]
    assert send(SENDER).lane == Lane.ORDINARY


def test_a_proxy_is_known_by_its_address_in_the_other_notation(send: Send, few: Any) -> None:
    few.PROXIES = (ip_network("10.0.0.0/24"), ip_network(PROXY))
    assert [send(f"{SENDER}, ::ffff:10.0.0.5").lane for _ in range(4)][-1] == Lane.QUARANTINE
    assert send(f"{OTHER}, ::ffff:10.0.0.5").lane == Lane.ORDINARY
    assert send(f"::ffff:{SENDER}").lane == Lane.QUARANTINE


def test_who_comes_by_tor_is_held_to_no_limit_of_one_person_while_it_is_busy(send: Send) -> None:
    for turn in range(6):
        send(f"198.51.100.{turn}")
    assert [send(PROXY).lane for _ in range(3)] == [Lane.ORDINARY] * 3


@pytest.mark.parametrize("header", ["", "junk", "1.2.3.4.5", "\x00", "a" * 9000, "[::1", "," * 500])
def test_an_odd_header_is_no_error(send: Send, header: str) -> None:
    assert send(header).lane == Lane.ORDINARY


def test_tomorrow_the_same_sender_has_another_hash_and_the_salt_is_gone(db: None) -> None:
    today = present()
    first, salt = hash_of_today(SENDER, now=today), bytes(DaySalt.objects.get().salt)
    assert hash_of_today(SENDER, now=today) == first
    assert hash_of_today(SENDER, now=today + timedelta(days=1)) != first
    assert bytes(DaySalt.objects.get().salt) != salt


def test_what_is_over_is_forgotten(send: Send) -> None:
    send(SENDER)
    assert Tally.objects.exists()
    forget_tallies(before=present() + timedelta(days=1))
    assert not Tally.objects.exists()
    assert not DaySalt.objects.exists()


def test_a_window_that_is_over_begins_anew(send: Send) -> None:
    for _ in range(4):
        send(SENDER)
    Tally.objects.update(ends=present())
    assert send(SENDER).lane == Lane.ORDINARY


def test_wrong_receipts_are_tried_a_few_times_and_then_not(few: Any, stranger: Client) -> None:
    words = "abacus abacus abacus abacus abacus abacus"

    def tried(sender: str) -> int:
        answer = stranger.post("/receipt/", {"words": words}, headers={"X-Forwarded-For": sender})
        return int(answer.status_code)

    assert [tried(SENDER) for _ in range(3)] == [200, 200, 429]
    assert tried(OTHER) == 200
    assert [tried(f"2001:db8:1:{home}::1") for home in range(5)] == [200] * 2 + [429] * 3
    assert (
        "Your report is safe"
        in stranger.post("/receipt/", {"words": words}, headers={"X-Forwarded-For": SENDER}).content.decode()
    )


@pytest.mark.parametrize("page", ["/receipt/", "/young/undo/"])
def test_whoever_has_to_wait_keeps_what_was_written(few: Any, stranger: Client, page: str) -> None:
    words = {"words": "abacus abacus abacus abacus abacus abacus", "kept": "an answer written before"}
    for _ in range(3):
        answer = stranger.post(page, words, headers={"X-Forwarded-For": SENDER})
    shown = answer.content.decode()
    assert (answer.status_code, words["words"] in shown) == (429, True)
    assert (words["kept"] in shown) == (page == "/receipt/")


def test_one_visitor_by_tor_does_not_lock_out_the_others(few: Any, stranger: Client) -> None:
    words = "abacus abacus abacus abacus abacus abacus"
    tried = [stranger.post("/receipt/", {"words": words}, headers={"X-Forwarded-For": PROXY}) for _ in range(6)]
    assert [one.status_code for one in tried] == [200] * 5 + [429]


def test_right_receipts_are_not_counted(few: Any, stranger: Client, start: Callable[..., Report]) -> None:
    words = words_of(start("a.example"))
    for _ in range(4):
        answer = stranger.post("/receipt/", {"words": words}, headers={"X-Forwarded-For": SENDER})
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("over", "why"),
    [
        ("", None),
        ("tight", None),
        ("sender", Why.SENDER),
        ("door", None),
        ("door tight", Why.SENDER),
        ("door most", Why.DOOR),
        ("sender tight door most", Why.SENDER),
    ],
)
def test_which_limit_it_was(over: str, why: Why | None) -> None:
    said = {f"{one}_within": one not in over for one in ("sender", "tight", "door", "most")}
    assert why_quarantined(**said) == why


def test_danger_has_its_own_lane_whatever_the_limits_say() -> None:
    assert {lane_of(why, urgent=True) for why in (None, *Why)} == {Lane.URGENT}


def places(stranger: Client) -> set[str]:
    """Where five reports of one sender are led to, without the pass that is signed for each."""
    answers = [
        stranger.post("/report/", {"addresses": "a.example", "sending": str(turn)}, headers={"X-Forwarded-For": SENDER})
        for turn in range(5)
    ]
    return {re.sub(r"report=[^&]+", "", answer["Location"]) for answer in answers}


def test_all_are_led_on_alike(few: Any, stranger: Client) -> None:
    assert len(places(stranger)) == 1


def test_planted_an_answer_that_shows_the_lane_is_seen(
    few: Any, stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    redirected = door._redirected

    def leaking(route: str, **query: str) -> Any:
        held = Report.objects.order_by("-pk")[0].lane == Lane.QUARANTINE
        return redirected(route, **(query | ({"slow": "1"} if held else {})))

    monkeypatch.setattr(door, "_redirected", leaking)
    assert len(places(stranger)) == 2
