"""Who hosts an address is asked of a registry, over RDAP, on this machine."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from openhotline.accounts.models import Person
from openhotline.core import models as core
from openhotline.core.net import dns
from openhotline.intake.models import Address
from openhotline.removal.models import Contact, Hold, HostAnswer, Hosting, Removal, read_holds
from openhotline.removal.policies import VERIFIED_FOR
from openhotline.removal.queries import hosts, hosts_due
from openhotline.removal.services import find_hosts as operation
from openhotline.removal.services.approve_contact import approve_contact
from openhotline.removal.services.find_hosts import find_hosts, verify_hosts
from openhotline.removal.services.open_removals import open_removals
from openhotline.removal.services.propose_contact import propose_contact
from openhotline.removal.states import RemovalState

pytestmark = pytest.mark.django_db
Make = Callable[[str], Address]
Open = Callable[..., list[int]]


def record(
    mail: str = "abuse@host.example", organisation: str = "Practice Hosting", **more: str
) -> tuple[int, str, bytes]:
    """An answer of the registry."""
    entities = [
        {"roles": ["registrant"], "vcardArray": ["vcard", [["fn", {}, "text", organisation]]]},
        {"roles": ["abuse"], "vcardArray": ["vcard", [["email", {}, "text", mail]]]},
    ]
    said = {"objectClassName": "ip network", "name": "PRACTICE-NET", "entities": entities, **more}
    return (200, "application/rdap+json", json.dumps(said).encode())


@pytest.fixture
def opened(make_address: Make, now: datetime) -> Open:
    def make(*urls: str) -> list[int]:
        open_removals(address_ids=[make_address(url).pk for url in urls], actor="step:x", now=now)
        return list(Removal.objects.order_by("pk").values_list("pk", flat=True))

    return make


@pytest.fixture
def known(senior: Person, now: datetime) -> Contact:
    """The contact of the site's provider, approved."""
    contact = propose_contact(mail="abuse@host.example", provider="Practice Hosting", actor=senior, now=now)
    return approve_contact(contact=contact.public_id, actor=senior, now=now)


def test_a_site_is_asked_about_once_for_all_its_addresses(
    site: Any, opened: Open, known: Contact, now: datetime
) -> None:
    ids = opened(*(f"http://127.0.0.1:{site.port}/{n}" for n in range(20)))
    assert find_hosts(ids=ids, actor="step:x", now=now) == 20
    assert site.asked == ["GET /ip/127.0.0.1"]
    hosting = Hosting.objects.get()
    assert (hosting.provider, hosting.country, hosting.host_contact) == ("Practice Hosting", "GB", known)
    assert core.Event.objects.get(kind="HostsFound").ids == ids


def test_every_answer_is_kept_with_its_moment(site: Any, opened: Open, known: Contact, now: datetime) -> None:
    ids = opened(f"http://127.0.0.1:{site.port}/")
    find_hosts(ids=ids, actor="step:x", now=now)
    verify_hosts(ids=ids, actor="step:x", now=now + VERIFIED_FOR)
    answers = HostAnswer.objects.order_by("pk").values_list("asked", "at")
    assert list(answers) == [(asked, at) for at in (now, now + VERIFIED_FOR) for asked in ("dns", "network")]
    assert json.loads(HostAnswer.objects.filter(asked="network")[0].said)["abuse_email"] == "abuse@host.example"


def test_a_contact_that_nobody_approved_waits_for_a_person(site: Any, opened: Open, now: datetime) -> None:
    ids = opened(f"http://127.0.0.1:{site.port}/")
    assert find_hosts(ids=ids, actor="step:x", now=now) == 0
    assert Removal.objects.get().state == RemovalState.CONTACT_WAITS
    assert not core.Event.objects.filter(kind="HostsFound").exists()


def test_a_registry_that_names_a_providers_address_for_another_makes_a_new_contact(
    site: Any, opened: Open, known: Contact, now: datetime
) -> None:
    """Approved is an address for a provider: a registry that lies about one of them does not get the notice there."""
    site.pages["/ip/127.0.0.1"] = record(organisation="Another Hosting")
    find_hosts(ids=opened(f"http://127.0.0.1:{site.port}/"), actor="step:x", now=now)
    assert Removal.objects.get().state == RemovalState.CONTACT_WAITS
    assert Contact.objects.exclude(pk=known.pk).get().provider == "Another Hosting"


@pytest.mark.parametrize(
    "mail", ["a@b.example\r\nBcc: x@y.example", "a@b.example,x@y.example", "Desk <a@b.example>", ""]
)
def test_a_contact_that_could_steer_a_mail_is_none(site: Any, opened: Open, now: datetime, mail: str) -> None:
    site.pages["/ip/127.0.0.1"] = record(mail=mail)
    find_hosts(ids=opened(f"http://127.0.0.1:{site.port}/"), actor="step:x", now=now)
    assert not Contact.objects.exists()
    assert Removal.objects.get().sentence == operation.NO_CONTACT


def test_a_registry_that_answers_about_another_network_is_not_believed(site: Any, opened: Open, now: datetime) -> None:
    site.pages["/ip/127.0.0.1"] = record(startAddress="192.0.2.0", endAddress="192.0.2.255")
    find_hosts(ids=opened(f"http://127.0.0.1:{site.port}/"), actor="step:x", now=now)
    assert "something else" in Removal.objects.get().sentence


def test_a_registry_that_hangs_keeps_nobody_waiting_and_is_asked_again_tomorrow(
    site: Any, opened: Open, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "SECONDS", 0.2)
    site.hangs = frozenset({"/ip/127.0.0.1"})
    find_hosts(ids=opened(f"http://127.0.0.1:{site.port}/"), actor="step:x", now=now)
    removal = Removal.objects.get()
    assert (removal.state, removal.next_check_at) == (RemovalState.HOST_UNKNOWN, now + timedelta(days=1))
    assert "could not be looked up" in removal.sentence


def test_a_registry_that_sends_round_in_a_circle_is_left_after_three_turns(
    site: Any, opened: Open, now: datetime
) -> None:
    site.pages["/ip/127.0.0.1"] = (302, f"http://127.0.0.1:{site.port}/ip/127.0.0.1", b"")
    find_hosts(ids=opened(f"http://127.0.0.1:{site.port}/"), actor="step:x", now=now)
    assert Removal.objects.get().state == RemovalState.HOST_UNKNOWN
    assert site.asked == ["GET /ip/127.0.0.1"] * (1 + hosts.MOST_REDIRECTS)


def test_a_host_of_which_two_say_different_things_goes_to_the_new_one(
    site: Any, due: Callable[[int], list[Removal]], now: datetime
) -> None:
    """Just before the notice the registry names another contact: the notice is not sent to the old one."""
    (removal,) = due(1)
    site.pages["/ip/127.0.0.1"] = record(mail="abuse@new.example")
    assert verify_hosts(ids=[removal.pk], actor="step:x", now=now + VERIFIED_FOR) == 0
    removal.refresh_from_db()
    assert (removal.state, removal.hosting.host_contact.mail) == (RemovalState.CONTACT_WAITS, "abuse@new.example")


def test_where_the_police_come_first_the_notice_is_held(
    site: Any, opened: Open, known: Contact, now: datetime, settings: Any, tmp_path: Path
) -> None:
    settings.HOLDS = tmp_path / "holds.toml"
    settings.HOLDS.write_text(
        '[[hold]]\nname = "GB"\ncountry = "GB"\nhours = 48\npolice = "x"\nsource = "x"\nin_force = true\n'
    )
    assert find_hosts(ids=opened(f"http://127.0.0.1:{site.port}/"), actor="step:x", now=now) == 0
    assert Removal.objects.get().state == RemovalState.HELD
    assert Hold.objects.get().runs_out_at == now + timedelta(hours=48)


def test_the_shipped_rules_hold_nothing() -> None:
    assert not any(rule.in_force for rule in read_holds())


def test_what_is_known_is_asked_again_after_a_week(site: Any, opened: Open, known: Contact, now: datetime) -> None:
    for day, asked in ((0, 1), (6, 1), (8, 2)):
        ids = opened(f"http://127.0.0.1:{site.port}/{day}")
        assert find_hosts(ids=ids, actor="step:x", now=now + timedelta(days=day)) == 1
        assert len(site.asked) == asked
    assert Hosting.objects.count() == 1


def test_twice_is_once(site: Any, opened: Open, known: Contact, now: datetime) -> None:
    ids = opened(f"http://127.0.0.1:{site.port}/")
    assert [find_hosts(ids=ids, actor="step:x", now=now) for _ in range(2)] == [1, 0]


def test_without_a_contact_a_sentence_says_so_and_it_is_asked_again_tomorrow(
    site: Any, opened: Open, now: datetime
) -> None:
    site.pages["/ip/127.0.0.1"] = record(mail="")
    ids = opened(f"http://127.0.0.1:{site.port}/")
    assert find_hosts(ids=ids, actor="step:x", now=now) == 0
    removal = Removal.objects.get()
    assert (removal.state, removal.sentence) == (RemovalState.HOST_UNKNOWN, operation.NO_CONTACT)
    assert (hosts_due(now), hosts_due(now + timedelta(days=1))) == ([], ids)


def test_a_registry_that_does_not_know_is_a_sentence_without_the_address(
    site: Any, opened: Open, now: datetime
) -> None:
    del site.pages["/ip/127.0.0.1"]
    find_hosts(ids=opened(f"http://127.0.0.1:{site.port}/secret"), actor="step:x", now=now)
    said = Removal.objects.get().sentence
    assert "The registry answered 404" in said
    assert "secret" not in said
    assert not Hosting.objects.exists()


def test_practice_looks_up_nothing_but_the_practice_site(site: Any, opened: Open, now: datetime) -> None:
    find_hosts(ids=opened("https://elsewhere.example/"), actor="step:x", now=now)
    assert (site.asked, Removal.objects.get().sentence) == ([], "Practice looks up only the practice site.")


def test_a_contact_found_later_makes_the_notice_due(site: Any, opened: Open, known: Contact, now: datetime) -> None:
    there = site.pages.pop("/ip/127.0.0.1")
    ids = opened(f"http://127.0.0.1:{site.port}/")
    find_hosts(ids=ids, actor="step:x", now=now)
    site.pages["/ip/127.0.0.1"] = there
    assert find_hosts(ids=ids, actor="step:x", now=now + timedelta(days=1)) == 1
    removal = Removal.objects.get()
    assert (removal.state, removal.sentence) == (RemovalState.NOTICE_DUE, "")


def test_every_address_of_a_host_is_asked_about_and_none_of_their_contacts_is_forgotten(
    site: Any, opened: Open, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three addresses in two networks, told in another order each time: the same one is written to, both are shown."""
    networks = {
        "127.0.0.1": ("abuse@first.example", "127.0.0.0", "127.0.0.3"),
        "127.0.0.9": ("abuse@second.example", "127.0.0.8", "127.0.0.15"),
    }
    for ip, (mail, start, end) in networks.items():
        site.pages[f"/ip/{ip}"] = record(mail, mail, startAddress=start, endAddress=end)
    ids = opened(f"http://127.0.0.1:{site.port}/")
    for turn, ips in enumerate((("127.0.0.9", "127.0.0.2", "127.0.0.1"), ("127.0.0.1", "127.0.0.9", "127.0.0.2"))):
        monkeypatch.setattr(hosts, "_names", lambda _host, ips=ips: dns.Names(ips))
        Removal.objects.update(state=RemovalState.HOST_UNKNOWN)
        find_hosts(ids=ids, actor="step:x", now=now + turn * timedelta(days=8))
    assert site.asked == ["GET /ip/127.0.0.1", "GET /ip/127.0.0.9"] * 2
    assert HostAnswer.objects.filter(asked="network").count() == 4
    assert {one.mail for one in Contact.objects.all()} == {"abuse@first.example", "abuse@second.example"}
    hosting = Hosting.objects.get()
    assert hosting.host_contact is not None
    assert (hosting.host_contact.mail, hosting.others) == ("abuse@first.example", [["127.0.0.8", "127.0.0.15"]])
