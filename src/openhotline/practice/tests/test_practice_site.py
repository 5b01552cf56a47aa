"""The practice site answers over the real protocols: HTTP, SMTP and RDAP."""

import json
import uuid
from email.message import EmailMessage
from pathlib import Path

import pytest

from openhotline.core.net import links, mail, rdap
from openhotline.core.net.errors import FetchRefused, RdapFailed
from openhotline.core.net.fetch import Fetched, Policy, fetch
from openhotline.practice.site.serving import Ports, Site
from openhotline.practice.site.taking_down import TakenDown


def policy(site: Site, **changes: object) -> Policy:
    only = frozenset({("127.0.0.1", site.ports.web), ("127.0.0.1", site.ports.rdap)})
    return Policy(
        **{"max_bytes": 5_000_000, "max_seconds": 10.0, "max_redirects": 2, "authority": "aut_1", "only": only}
        | changes
    )


def get(site: Site, path: str, **changes: object) -> Fetched:
    return fetch(site.origin + path, policy=policy(site, **changes))


def first_page(site: Site) -> tuple[str, list[str]]:
    return next(iter(site.content.threads.items()))


def xarf(url: str, **changes: object) -> dict[str, object]:
    return {
        "xarf_version": "4.2.0",
        "report_id": str(uuid.uuid4()),
        "timestamp": "2026-11-21T12:00:00Z",
        "reporter": {"org": "Practice Hotline"},
        "sender": {"org": "Practice Hotline"},
        "source_identifier": "127.0.0.1",
        "category": "content",
        "type": "csam",
        "url": url,
        "classification": "baseline",
        "detection_method": "manual_review",
    } | changes


def notice(*reports: object) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "notices@hotline.example", "abuse@provider.example", "Notice"
    made["Message-ID"] = f"<{uuid.uuid4()}@hotline.example>"
    made.set_content("Please remove what is attached.")
    for report in reports:
        made.add_attachment(json.dumps(report).encode(), maintype="application", subtype="json")
    return made


def send(site: Site, message: EmailMessage) -> None:
    server = mail.MailServer("127.0.0.1", site.ports.mail, tls="none", loopback_only=True)
    mail.send(message, server=server)


def test_a_thread_page_shows_the_pictures_of_the_manifest(site: Site) -> None:
    path, pictures = first_page(site)
    page = get(site, path)
    found = links.pictures(page.body, page.final_address)
    assert found == [site.origin + picture for picture in pictures]


def test_a_picture_comes_with_its_own_bytes(site: Site, collection: Path) -> None:
    picture = first_page(site)[1][0]
    assert get(site, picture).body == (collection / picture[1:]).read_bytes()


def test_what_the_manifest_does_not_name_is_not_served(site: Site) -> None:
    assert [get(site, path).status for path in ("/missing", "/truth.jsonl", "/files/../truth.jsonl")] == [404] * 3


def test_boards_lead_to_threads(site: Site) -> None:
    path = first_page(site)[0]
    board = path.partition("threads/")[0]
    assert board.encode() in get(site, "/").body
    assert path.encode() in get(site, board).body


def test_one_page_never_ends(site: Site) -> None:
    assert get(site, "/endless", max_bytes=200_000).truncated


def test_one_page_redirects_to_where_practice_does_not_go(site: Site) -> None:
    with pytest.raises(FetchRefused, match="practice site"):
        get(site, "/away")


def test_a_notice_takes_its_addresses_down(site: Site) -> None:
    path, pictures = first_page(site)
    send(site, notice(*(xarf(site.origin + picture) for picture in pictures[:2])))
    assert [get(site, picture).status for picture in pictures[:3]] == [404, 404, 200]
    assert pictures[0].encode() not in get(site, path).body


def test_what_was_taken_down_stays_down_after_a_restart(site: Site, tmp_path: Path) -> None:
    picture = first_page(site)[1][0]
    send(site, notice(xarf(site.origin + picture)))
    with Site(site.content.folder, tmp_path / "site") as again:
        assert get(again, picture).status == 404


def test_a_patient_provider_needs_some_requests(collection: Path, tmp_path: Path) -> None:
    with Site(collection, tmp_path, patience=2) as site:
        picture = first_page(site)[1][0]
        send(site, notice(xarf(site.origin + picture)))
        assert [get(site, picture).status for _ in range(4)] == [200, 200, 404, 404]


def test_a_provider_may_take_down_a_share(tmp_path: Path) -> None:
    down = TakenDown(tmp_path, share=0.5)
    assert 400 < down.take_down(f"/files/{n}" for n in range(1000)) < 600


def test_a_mail_is_kept_once(site: Site) -> None:
    message = notice(xarf(site.origin + first_page(site)[1][0]))
    send(site, message)
    send(site, message)
    assert len(site.mailbox.kept()) == 1
    assert site.mailbox.refused() == []


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (xarf("http://127.0.0.1:1/files/1.jpg"), "not hosted here"),
        (xarf("http://127.0.0.1:1/x", category="messaging"), "not for this desk"),
        (xarf("http://127.0.0.1:1/x", xarf_version="3.0"), "send version 4"),
        (xarf("http://127.0.0.1:1/x", screenshot_url="http://127.0.0.1/s.png"), "screenshot"),
        ({"xarf_version": "4.2.0"}, "lacks report_id"),
        (["no", "object"], "no JSON object"),
    ],
)
def test_a_report_that_is_not_right_is_refused_with_a_sentence(site: Site, report: object, sentence: str) -> None:
    send(site, notice(report))
    assert sentence in site.mailbox.refused()[0]


def test_a_mail_with_a_picture_is_noted(site: Site) -> None:
    message = notice(xarf(site.origin + "/x"))
    message.add_attachment(b"GIF89a", maintype="image", subtype="gif")
    send(site, message)
    assert "never pictures" in site.mailbox.refused()[0]


def test_a_mail_without_reports_is_noted(site: Site) -> None:
    send(site, notice())
    assert "no XARF report" in site.mailbox.refused()[0]


@pytest.mark.parametrize("name", ["127.0.0.1", "::1"])
def test_the_registry_names_the_abuse_contact(site: Site, name: str) -> None:
    hosting = rdap.lookup(name, bases=(f"http://127.0.0.1:{site.ports.rdap}/",), policy=policy(site))
    assert (hosting.abuse_email, hosting.organisation) == ("abuse@provider.example", "Practice Hosting")


def test_the_registry_knows_nobody_else(site: Site) -> None:
    with pytest.raises(RdapFailed):
        rdap.lookup("192.0.2.1", bases=(f"http://127.0.0.1:{site.ports.rdap}/",), policy=policy(site))


@pytest.mark.parametrize("server", ["web", "mail", "rdap"])
def test_a_taken_port_is_refused(site: Site, tmp_path: Path, server: str) -> None:
    taken = Ports(**{server: getattr(site.ports, server)})
    with pytest.raises(OSError, match="in use"):
        Site(site.content.folder, tmp_path, taken)
