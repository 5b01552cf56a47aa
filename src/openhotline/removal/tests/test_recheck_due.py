"""Addresses are looked at again until they are gone: three misses, never fewer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.accounts.models import Authority, Person
from openhotline.core import models as core
from openhotline.core.net.addresses import parse
from openhotline.core.net.errors import FetchFailed
from openhotline.evidence.models import Item
from openhotline.evidence.queries import open_original
from openhotline.removal.models import Hosting, Removal
from openhotline.removal.models.composing import defanged
from openhotline.removal.policies import LOOKS_AFTER, seen_in
from openhotline.removal.queries import items_at, items_gone
from openhotline.removal.services import recheck_due as operation
from openhotline.removal.services.find_hosts import find_hosts
from openhotline.removal.services.hold_removals import hold_removals
from openhotline.removal.services.recheck_due import Rechecked, recheck_due
from openhotline.removal.services.send_notices import send_notices
from openhotline.removal.states import RemovalState, Seen

HALF_DAY = timedelta(hours=12)
HERE = (200, "image/png", b"x")


def confirmed_bytes() -> bytes:
    """Return the bytes of the only confirmed item."""
    return open_original(Item.objects.get())


def recheck(at: datetime) -> Rechecked:
    return recheck_due(actor="step:x", now=at, clock=lambda: at)


@pytest.mark.django_db
def test_three_misses_and_it_is_gone(noticed: Callable[[int], list[Removal]], now: datetime) -> None:
    (removal,) = noticed(1)
    seen = [recheck(now + HALF_DAY * time) for time in (1, 2, 3)]
    assert [one.gone for one in seen] == [0, 0, 1]
    removal.refresh_from_db()
    assert (removal.state, removal.gone_at, removal.next_check_at) == (
        RemovalState.GONE,
        now + HALF_DAY * 3,
        now + HALF_DAY * 3 + LOOKS_AFTER[0],
    )
    assert core.Event.objects.get(kind="AddressesGone").ids == [removal.pk]
    assert items_gone([removal.pk]) == items_at([removal.pk]) != []


@pytest.mark.django_db
def test_planted_bug_with_one_miss_allowed_a_short_outage_would_count_as_gone(
    noticed: Callable[[int], list[Removal]], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    noticed(1)
    monkeypatch.setattr(operation, "MISSES_UNTIL_GONE", 1)
    assert recheck(now + HALF_DAY).gone == 1


@pytest.mark.django_db
def test_an_address_that_comes_back_starts_again(
    noticed: Callable[[int], list[Removal]], now: datetime, site: Any
) -> None:
    (removal,) = noticed(1)
    for time in (1, 2):
        recheck(now + HALF_DAY * time)
    site.pages["/pictures/0.png"] = (200, "image/png", confirmed_bytes())
    assert recheck(now + HALF_DAY * 3).present == 1
    removal.refresh_from_db()
    assert (removal.misses, removal.sentence) == (0, "")
    assert site.asked[-2:] == ["HEAD /pictures/0.png", "GET /pictures/0.png"]
    assert items_gone([removal.pk]) == []


@pytest.mark.django_db
def test_another_file_at_the_address_is_for_a_person(
    noticed: Callable[[int], list[Removal]], now: datetime, site: Any
) -> None:
    """The bytes are compared in memory: neither the same picture nor its absence is concluded from another file."""
    (removal,) = noticed(1)
    site.pages["/pictures/0.png"] = HERE
    assert recheck(now + HALF_DAY).unclear == 1
    removal.refresh_from_db()
    assert (removal.misses, removal.sentence) == (0, operation.ANOTHER_FILE)
    assert removal.rechecks.get().same_file is False


def gone(removal: Removal, now: datetime) -> datetime:
    for time in (1, 2, 3):
        recheck(now + HALF_DAY * time)
    removal.refresh_from_db()
    assert removal.state == RemovalState.GONE
    assert removal.gone_at is not None
    return removal.gone_at


@pytest.mark.django_db
def test_what_is_gone_is_looked_at_again_less_and_less_often_and_then_no_more(
    noticed: Callable[[int], list[Removal]], now: datetime
) -> None:
    (removal,) = noticed(1)
    at = gone(removal, now)
    for wait in LOOKS_AFTER:
        at += wait
        assert recheck(at).missed == 1
    removal.refresh_from_db()
    assert (removal.state, removal.next_check_at, removal.rechecks.count()) == ("gone", None, 3 + len(LOOKS_AFTER))


@pytest.mark.django_db
def test_what_comes_back_is_opened_again_and_its_host_asked_for(
    noticed: Callable[[int], list[Removal]], now: datetime, site: Any
) -> None:
    (removal,) = noticed(1)
    at = gone(removal, now) + LOOKS_AFTER[0]
    site.pages["/pictures/0.png"] = (200, "image/png", confirmed_bytes())
    assert recheck(at).back == 1
    removal.refresh_from_db()
    assert (removal.state, removal.gone_at, removal.notice) == (RemovalState.OPENED, None, None)
    assert core.Event.objects.get(kind="AddressesBack").ids == [removal.pk]
    find_hosts(ids=[removal.pk], actor="step:x", now=at)
    assert len(send_notices(ids=[removal.pk], actor="step:x", now=at, deliver=lambda _message: None)) == 1


@pytest.mark.django_db
def test_what_answers_from_another_network_has_its_host_asked_for_again_without_a_second_notice_to_the_same(
    noticed: Callable[[int], list[Removal]], now: datetime, site: Any
) -> None:
    (removal,) = noticed(1)
    Hosting.objects.update(network_start="192.0.2.0", network_end="192.0.2.255")
    site.pages["/pictures/0.png"] = (200, "image/png", confirmed_bytes())
    assert recheck(now + HALF_DAY).moved == 1
    find_hosts(ids=[removal.pk], actor="step:x", now=now + HALF_DAY)
    removal.refresh_from_db()
    assert removal.state == RemovalState.NOTICED


@pytest.mark.django_db
def test_a_site_in_two_networks_has_not_moved_when_the_other_answers(
    noticed: Callable[[int], list[Removal]], now: datetime, site: Any
) -> None:
    noticed(1)
    Hosting.objects.update(
        network_start="192.0.2.0", network_end="192.0.2.255", others=[["127.0.0.0", "127.255.255.255"]]
    )
    site.pages["/pictures/0.png"] = (200, "image/png", confirmed_bytes())
    assert recheck(now + HALF_DAY).moved == 0


@pytest.mark.django_db
def test_what_is_gone_while_it_is_held_needs_no_notice(
    due: Callable[[int], list[Removal]], now: datetime, senior: Person, authority: Authority
) -> None:
    (removal,) = due(1)
    hold_removals(ids=[removal.pk], hours=48, actor=senior, now=now)
    gone(removal, now)
    assert (removal.noticed_at, removal.holds.get().end) == (None, "gone")


@pytest.mark.django_db
def test_a_clock_that_is_set_back_lets_no_address_be_forgotten(
    noticed: Callable[[int], list[Removal]], now: datetime
) -> None:
    noticed(1)
    Removal.objects.update(next_check_at=now + timedelta(days=400))
    assert recheck(now).missed == 1


@pytest.mark.django_db
def test_nothing_is_looked_at_before_its_time_and_only_the_headers_are_asked_for(
    noticed: Callable[[int], list[Removal]], now: datetime, site: Any
) -> None:
    noticed(2)
    site.asked.clear()
    assert recheck(now + HALF_DAY - timedelta(seconds=1)) == Rechecked()
    assert recheck(now + HALF_DAY).missed == 2
    assert recheck(now + HALF_DAY) == Rechecked()
    assert sorted(site.asked) == ["HEAD /pictures/0.png", "HEAD /pictures/1.png"]


@pytest.mark.django_db
@pytest.mark.parametrize("page", [(500, "text/html", b""), (403, "text/html", b""), (200, "text/html", b"removed")])
def test_an_unclear_answer_counts_neither_way_and_says_why(
    noticed: Callable[[int], list[Removal]], now: datetime, site: Any, page: tuple[int, str, bytes]
) -> None:
    (removal,) = noticed(1)
    site.pages["/pictures/0.png"] = page
    for time in range(1, 5):
        assert recheck(now + HALF_DAY * time).unclear == 1
    removal.refresh_from_db()
    assert (removal.state, removal.misses) == (RemovalState.NOTICED, 0)
    assert removal.sentence == f"The host answered {page[0]}."


@pytest.mark.django_db
def test_an_address_that_sends_round_in_a_circle_is_never_gone_by_that(
    noticed: Callable[[int], list[Removal]], now: datetime, site: Any
) -> None:
    noticed(1)
    site.pages["/pictures/0.png"] = (302, f"http://127.0.0.1:{site.port}/pictures/0.png", b"")
    site.asked.clear()
    assert [recheck(now + HALF_DAY * time).unclear for time in (1, 2, 3, 4)] == [1, 1, 1, 1]
    assert (Removal.objects.get().state, Removal.objects.get().misses) == (RemovalState.NOTICED, 0)
    assert len(site.asked) == 4 * 4


@pytest.mark.django_db
def test_a_clock_that_leaps_ahead_makes_nothing_gone_by_one_look(
    noticed: Callable[[int], list[Removal]], now: datetime
) -> None:
    """It was set a year ahead and back again: each is one look, and the next comes in its time."""
    noticed(1)
    ahead = now + timedelta(days=300)
    assert (recheck(ahead).missed, recheck(ahead).missed) == (1, 0)
    assert (recheck(now + HALF_DAY).missed, recheck(now + HALF_DAY).missed) == (1, 0)
    assert Removal.objects.get().state == RemovalState.NOTICED


@pytest.mark.django_db
def test_a_host_that_knows_no_head_is_asked_for_the_page(
    noticed: Callable[[int], list[Removal]], now: datetime, site: Any
) -> None:
    noticed(1)
    site.pages["/pictures/0.png"] = (405, "text/plain", b"")
    recheck(now + HALF_DAY)
    assert site.asked[-1] == "GET /pictures/0.png"


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "missed"), [("name", 1), ("connection", 1), ("timeout", 0), ("tls", 0)])
def test_a_site_that_is_gone_is_a_miss_and_a_slow_one_is_not(
    noticed: Callable[[int], list[Removal]], now: datetime, code: str, missed: int
) -> None:
    noticed(1)

    def fail(_url: str, _covered: object) -> Any:
        raise FetchFailed("It did not work.", code)

    assert recheck_due(actor="step:x", now=now + HALF_DAY, clock=lambda: now + HALF_DAY, look=fail).missed == missed


@pytest.mark.django_db
def test_without_an_authority_in_force_nothing_is_fetched(
    noticed: Callable[[int], list[Removal]], now: datetime, site: Any
) -> None:
    noticed(1)
    Authority.objects.all().delete()
    site.asked.clear()
    assert "no recorded authority" in recheck(now + HALF_DAY).refusal
    assert site.asked == []


@pytest.mark.django_db
def test_what_comes_after_the_authoritys_end_is_not_looked_at_and_stays_due(
    noticed: Callable[[int], list[Removal]], now: datetime, site: Any, authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """A batch holds hundreds of addresses; a clock that goes on meanwhile ends it."""
    monkeypatch.setattr(operation, "FETCHED_AT_ONCE", 1)
    noticed(3)
    site.asked.clear()
    moment = now + HALF_DAY
    seen = recheck_due(actor="step:x", now=moment, clock=lambda: authority.expires_at if site.asked else moment)
    assert (seen.missed, len(site.asked)) == (1, 1)
    assert "no recorded authority" in seen.refusal
    assert Removal.objects.filter(next_check_at__lte=moment).count() == 2


@pytest.mark.django_db
def test_planted_bug_asked_once_for_all_the_rest_would_be_looked_at(
    noticed: Callable[[int], list[Removal]], now: datetime, site: Any, authority: Authority
) -> None:
    noticed(3)
    site.asked.clear()
    assert recheck_due(actor="step:x", now=now + HALF_DAY, clock=lambda: now + HALF_DAY).missed == 3


@pytest.mark.django_db
def test_planted_bug_without_the_check_it_would_be_fetched(
    noticed: Callable[[int], list[Removal]], now: datetime, site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    noticed(1)
    Authority.objects.all().delete()
    monkeypatch.setattr(operation, "check_covers", lambda *_: Authority(public_id="aut_gone"))
    assert recheck(now + HALF_DAY).missed == 1


@pytest.mark.django_db
def test_practice_never_leaves_the_practice_site(
    noticed: Callable[[int], list[Removal]], now: datetime, settings: Any
) -> None:
    (removal,) = noticed(1)
    settings.FETCH_ONLY = frozenset()
    assert recheck(now + HALF_DAY).unclear == 1
    removal.refresh_from_db()
    assert removal.sentence == "Practice fetches only the practice site"


@pytest.mark.django_db
def test_a_batch_takes_only_so_many(noticed: Callable[[int], list[Removal]], now: datetime) -> None:
    noticed(3)
    assert recheck_due(actor="step:x", now=now + HALF_DAY, clock=lambda: now + HALF_DAY, limit=2).missed == 2
    assert recheck_due(actor="step:x", now=now + HALF_DAY, clock=lambda: now + HALF_DAY, limit=2).missed == 1


@given(st.integers(100, 599), st.sampled_from(["image/png", "text/html", ""]), st.booleans())
def test_only_not_found_gone_and_legal_reasons_are_misses(status: int, kind: str, picture: bool) -> None:  # noqa: FBT001
    seen = seen_in(status, kind, picture=picture)
    assert (seen is Seen.MISSED) == (status in {404, 410, 451})
    assert seen is not Seen.PRESENT or 200 <= status < 300


@given(st.from_regex(r"https?://[a-z]{1,9}(\.[a-z]{2,5}){1,3}(:[0-9]{2,4})?/[a-z./]{0,20}", fullmatch=True))
def test_a_defanged_address_is_no_link_and_can_be_read_back(url: str) -> None:
    shown = defanged(url)
    assert "http" not in shown.partition("://")[0]
    assert "." not in shown.partition("://")[2].partition("/")[0].replace("[.]", "")
    # A dot in the path of a defanged address reads back as it was; the reader restores the host.
    assert parse(shown).host == parse(url).host
