"""A host lies in several networks: the approved contact of each is written to, each once, and nobody else."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.net import dns
from openhotline.core.net.errors import MailFailed
from openhotline.hashlists.models import Entry
from openhotline.removal.models import Contact, Hosting, Notice, Removal, Told
from openhotline.removal.queries import hosts, notices_due, receiving
from openhotline.removal.services.approve_contact import approve_contact
from openhotline.removal.services.find_hosts import find_hosts, verify_hosts
from openhotline.removal.services.open_removals import open_removals
from openhotline.removal.services.send_notices import send_notices
from openhotline.removal.states import ContactState, RemovalState

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = "abuse@first.example", "abuse@second.example", "abuse@third.example"
IPS = ("127.0.0.1", "127.0.0.9", "127.0.0.17")


def network(mail: str, start: str, end: str, provider: str = "") -> tuple[int, str, bytes]:
    """What a registry answers about one network."""
    told = ((["registrant"], "fn", provider or mail), (["abuse"], "email", mail))
    said = {
        "objectClassName": "ip network", "country": "GB", "startAddress": start, "endAddress": end,
        "entities": [{"roles": who, "vcardArray": ["vcard", [[kind, {}, "text", value]]]} for who, kind, value in told],
    }  # fmt: skip
    return 200, "application/rdap+json", json.dumps(said).encode()


@pytest.fixture
def spread(
    site: Any, confirmed: Callable[..., Entry], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Removal]:
    """One address on a host in as many networks as mails are given."""

    def make(*mails: str, provider: str = "") -> Removal:
        ends = (("127.0.0.0", "127.0.0.7"), ("127.0.0.8", "127.0.0.15"), ("127.0.0.16", "127.0.0.23"))
        ips = IPS[: len(mails)]
        for ip, mail, (start, end) in zip(ips, mails, ends, strict=False):
            site.pages[f"/ip/{ip}"] = network(mail, start, end, provider)
        monkeypatch.setattr(hosts, "_names", lambda _host: dns.Names(ips))
        entry = confirmed(f"http://127.0.0.1:{site.port}/pictures/0.png")
        open_removals(address_ids=[entry.item.sightings.get().address_id], actor="step:test", now=now)
        find_hosts(ids=[Removal.objects.get().pk], actor="step:test", now=now)
        return Removal.objects.get()

    return make


@pytest.fixture
def approve(senior: Person, now: datetime) -> Callable[[str], None]:
    """The senior approves the contact with this mail address, and what waited goes on."""

    def do(mail: str) -> None:
        (contact,) = [one for one in Contact.objects.all() if one.mail == mail]
        approve_contact(contact=contact.public_id, actor=senior, now=now)
        find_hosts(ids=[Removal.objects.get().pk], actor="step:test", now=now)

    return do


def send(now: datetime, **further: Any) -> list[str]:
    """Send what is due; return the mail addresses that were written to."""
    sent = send_notices(ids=[Removal.objects.get().pk], actor="step:x", now=now, **further)
    return [notice.contact.mail for notice in sent if notice.contact]


def test_each_networks_approved_contact_is_written_to_once(
    spread: Callable[..., Removal], approve: Callable[[str], None], box: Any, now: datetime
) -> None:
    spread(FIRST, SECOND, THIRD)
    for mail in (FIRST, SECOND, THIRD):
        approve(mail)
    sent = send(now)
    assert (sent[0], sorted(sent)) == (FIRST, [FIRST, SECOND, THIRD])
    assert [message["To"] for message in box.messages] == sent
    assert (Removal.objects.get().state, Told.objects.count()) == (RemovalState.NOTICED, 3)
    assert send(now) == []


def test_one_contact_of_two_networks_gets_one_notice(
    spread: Callable[..., Removal], approve: Callable[[str], None], box: Any, now: datetime
) -> None:
    spread(FIRST, FIRST, provider="One Provider")
    approve(FIRST)
    assert send(now) == [FIRST]
    assert len(box.messages) == 1


@pytest.mark.parametrize(("approved", "other"), [(FIRST, SECOND), (SECOND, FIRST)])
def test_who_is_not_approved_is_not_written_to_and_keeps_nobody_else_waiting(
    spread: Callable[..., Removal], approve: Callable[[str], None], box: Any, now: datetime, approved: str, other: str
) -> None:
    spread(FIRST, SECOND)
    approve(approved)
    assert send(now) == [approved]
    assert Removal.objects.get().state == RemovalState.NOTICED
    assert other not in {message["To"] for message in box.messages}


def test_planted_bug_that_asks_nobody_for_approval_writes_to_both(
    spread: Callable[..., Removal], approve: Callable[[str], None], box: Any, now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The second look, in the moment before the mail is handed in, stops it even so."""
    spread(FIRST, SECOND)
    approve(FIRST)
    monkeypatch.setattr(receiving.Receivers, "due", property(lambda whom: whom.left))
    made: list[str] = []
    monkeypatch.setattr(
        "openhotline.removal.services.send_notices._still_approved",
        lambda notice: made.append(notice.contact.mail) or notice.contact.state == ContactState.APPROVED,
    )
    assert send(now) == [FIRST]
    assert SECOND in made
    assert [message["To"] for message in box.messages] == [FIRST]


def test_a_contact_that_is_approved_later_is_told_then(
    spread: Callable[..., Removal], approve: Callable[[str], None], box: Any, now: datetime
) -> None:
    spread(FIRST, SECOND)
    approve(FIRST)
    send(now)
    approve(SECOND)
    assert Removal.objects.get().state == RemovalState.NOTICE_DUE
    assert send(now) == [SECOND]


def test_a_mail_that_is_refused_for_good_keeps_the_next_network_from_nothing(
    spread: Callable[..., Removal], approve: Callable[[str], None], box: Any, now: datetime
) -> None:
    spread(FIRST, SECOND)
    approve(FIRST)
    approve(SECOND)

    def deliver(message: Any) -> None:
        if message["To"] == FIRST:
            raise MailFailed("No such mailbox.", lasting=True)

    assert send(now, deliver=deliver) == [SECOND]
    assert Contact.objects.filter(state=ContactState.BOUNCED).count() == 1
    assert Removal.objects.get().state == RemovalState.NOTICED


def test_a_crash_between_two_mails_leaves_the_second_due(
    spread: Callable[..., Removal], approve: Callable[[str], None], box: Any, now: datetime
) -> None:
    spread(FIRST, SECOND)
    approve(FIRST)
    approve(SECOND)

    def deliver(message: Any) -> None:
        if message["To"] == SECOND:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send(now, deliver=deliver)
    later = now + timedelta(hours=1)
    assert notices_due(later) == [Removal.objects.get().pk]
    assert send(later) == [SECOND]
    assert Notice.objects.filter(sent_at__isnull=False).count() == 2


def test_a_notice_that_waits_for_a_further_network_is_settled_once(
    spread: Callable[..., Removal], approve: Callable[[str], None], box: Any, now: datetime,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    """Its mail is not taken, and again and again: its host is asked about again when the answer is an hour old."""
    spread(FIRST, SECOND)
    approve(FIRST)
    approve(SECOND)
    send(now, deliver=_busy_for(SECOND))
    looked = Record.objects.filter(action="hosts_found").count()
    ids = [Removal.objects.get().pk]
    with django_assert_num_queries(1):
        assert verify_hosts(ids=ids, actor="step:x", now=now, ask=_nobody_asks) == 0
    assert Record.objects.filter(action="hosts_found").count() == looked
    assert Removal.objects.get().notice is not None
    assert send(now + timedelta(minutes=30), ask=_nobody_asks) == [SECOND]


def test_a_notice_that_waits_for_a_further_network_that_was_left_is_not_sent(
    spread: Callable[..., Removal], approve: Callable[[str], None], box: Any, now: datetime
) -> None:
    spread(FIRST, SECOND)
    approve(FIRST)
    approve(SECOND)
    send(now, deliver=_busy_for(SECOND))
    Hosting.objects.get().further_contacts.clear()
    assert send(now + timedelta(minutes=30), ask=_nobody_asks) == []
    assert (Removal.objects.get().state, Removal.objects.get().notice) == (RemovalState.NOTICED, None)


def _busy_for(mail: str) -> Callable[[Any], None]:
    """A mail server that takes what is for anybody else."""

    def deliver(message: Any) -> None:
        if message["To"] == mail:
            raise MailFailed("Busy.")

    return deliver


def _nobody_asks(_site: Any) -> Any:
    raise AssertionError("The host was asked about again.")


def test_a_contact_in_the_place_of_the_one_that_was_told_is_told_nothing_again(
    spread: Callable[..., Removal], approve: Callable[[str], None], box: Any, now: datetime
) -> None:
    """The provider is written to elsewhere from now on; what it was told before stands."""
    spread(FIRST)
    approve(FIRST)
    send(now)
    other = Contact.objects.create(lookup="other", mail=SECOND, provider=SECOND, source="a registry", proposed_at=now)
    hosting = Hosting.objects.get()
    Hosting.objects.update(host_contact=other)
    hosting.further_contacts.set([other])
    approve(SECOND)
    assert Removal.objects.get().state == RemovalState.NOTICED
    assert send(now) == []


def test_a_network_that_is_left_is_forgotten(
    spread: Callable[..., Removal], site: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    removal = spread(FIRST, SECOND)
    monkeypatch.setattr(hosts, "_names", lambda _host: dns.Names(IPS[:1]))
    Removal.objects.update(state=RemovalState.HOST_UNKNOWN)
    find_hosts(ids=[removal.pk], actor="step:x", now=now + timedelta(days=8))
    assert [one.mail for one in Hosting.objects.get().further_contacts.all()] == [FIRST]
