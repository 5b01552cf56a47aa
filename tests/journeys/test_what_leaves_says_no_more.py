"""What leaves the hotline, and what it writes down: no picture, no name of a person, no "no" that nobody said."""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from journeys.road import PAGE, PSEUDO_B, Road, picture
from openhotline.accounts.models import Person
from openhotline.hashlists.models import Entry, Release
from openhotline.hashlists.queries import release_path
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.intake.models import Report
from openhotline.practice.collection.structure import load
from openhotline.referral.models import Referral
from openhotline.referral.services.build_referral import build_referral
from openhotline.referral.services.draft_referral import draft_referral

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.slow]

PICTURES = [picture(seed) for seed in (1, 2, 3)]
TOLD = "a neighbour saw it on Monday"
DESK_PAGES = ("desk_home", "desk_queue", "desk_sheet", "desk_reports", "desk_removals", "desk_numbers")
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@dataclass(frozen=True)
class Exports:
    """Everything that left the hotline on a road."""

    road: Road
    mails: list[EmailMessage]
    release: str
    referral: Referral

    @property
    def texts(self) -> dict[str, str]:
        """Return everything in words, by name; every part of a mail decoded."""
        parts = [part for mail in self.mails for part in mail.walk() if not part.is_multipart()]
        mails = [bytes(part.get_payload(decode=True)).decode() for part in parts]
        heads = [f"{name}: {value}" for mail in self.mails for name, value in mail.items()]
        return {"notice": "\n".join([*heads, *mails]), "release": self.release, "referral": self.referral.manifest}


def released(road: Road) -> Release:
    asks, signs = road.cast.seniors
    drafted = draft_release(actor=asks, now=road.now)
    road.approve("release", drafted.public_id, signs)
    return publish_release(release_id=drafted.pk, actor=asks, now=road.now)


def referred(road: Road) -> Referral:
    asks, signs = road.cast.seniors
    items = list(Entry.objects.values_list("item_id", flat=True))
    drafted = draft_referral(item_ids=items, actor=asks, now=road.now)
    road.approve("referral", drafted.public_id, signs)
    return build_referral(referral_id=drafted.pk, actor=signs, now=road.now)


@pytest.fixture
def exports(road: Road) -> Exports:
    """A road that was played to its end, with one address that answers 404 and something told beside it."""
    road.report(road.site.origin + PAGE, f"{road.site.origin}/missing", details={"more": TOLD})
    road.settle()
    road.decide_all()
    kept = road.site.mailbox.kept()
    mails = [message_from_bytes(one.read_bytes(), _class=EmailMessage, policy=policy.default) for one in kept]
    assert mails
    return Exports(road, mails, release_path(released(road).version).read_text(), referred(road))


def picture_in(mails: list[EmailMessage]) -> bool:
    """Say whether a part of a mail is a picture, by its type or by its bytes."""
    parts = [part for mail in mails for part in mail.walk() if not part.is_multipart()]
    contents = [part.get_payload(decode=True) for part in parts]
    named = any(part.get_content_maintype() in {"image", "video"} for part in parts)
    return named or any(data[100:200] in content for data in PICTURES for content in contents)


def test_no_mail_carries_a_picture(exports: Exports) -> None:
    assert not picture_in(exports.mails)


def test_the_test_for_pictures_sees_one(exports: Exports) -> None:
    """Planted bug: a picture under the name of a text."""
    exports.mails[0].add_attachment(PICTURES[0], maintype="application", subtype="octet-stream")
    assert picture_in(exports.mails)


def test_nobody_s_name_leaves(exports: Exports) -> None:
    """The names of the three sign-ins are words ("analyst"), so of them the outside ids are looked for."""
    people = [*exports.road.cast.analysts, *exports.road.cast.seniors]
    names = [name for one in people for name in (one.username, one.name)]
    names += Person.objects.values_list("public_id", flat=True)
    assert [(where, name) for where, text in exports.texts.items() for name in names if name in text] == []


def test_what_a_reporter_told_does_not_leave(exports: Exports) -> None:
    assert [where for where, text in exports.texts.items() if TOLD in text] == []


def values_in(content: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Yield the name and value of every leaf of a JSON value."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from values_in(value, key)
    elif isinstance(content, list):
        for value in content:
            yield from values_in(value, name)
    else:
        yield name, content


def exported(exports: Exports) -> list[tuple[str, object]]:
    """Return every leaf of release, notices and referral."""
    reports = [json.loads(part.get_content()) for mail in exports.mails for part in mail.iter_attachments()]
    lines = [json.loads(line) for line in exports.release.splitlines()]
    return list(values_in([reports, lines, json.loads(exports.referral.manifest)]))


def test_unset_is_never_exported_as_no(exports: Exports) -> None:
    """The analysts said no "no" at all, so none may leave: nor false, nor null, nor nothing."""
    assert "no" not in load().glyphs[PSEUDO_B].facts.values()
    leaves = exported(exports)
    noes = [(name, value) for name, value in leaves if value is False or value in ("no", "none", "", None)]
    assert noes == [("previous", None)]
    open_facts = [name for name, value in load().glyphs[PSEUDO_B].facts.items() if value == "not_determined"]
    assert [name for name in open_facts if (name, "not_determined") not in leaves] == []


def files_of(*folders: str) -> list[Path]:
    return [path for name in folders for path in (Path(settings.VAR) / name).rglob("*") if path.is_file()]


def test_no_address_stands_in_the_log_or_in_a_release(exports: Exports) -> None:
    needle = f"127.0.0.1:{exports.road.site.ports.web}".encode()
    assert [path.name for path in files_of("log", "releases", "index") if needle in path.read_bytes()] == []
    logging.getLogger("openhotline.planted").error("could not fetch http://%s", needle.decode())
    assert [path.name for path in files_of("log") if needle in path.read_bytes()] == ["openhotline.log"]


def test_no_address_and_nothing_told_stands_in_the_database_in_clear(exports: Exports) -> None:
    needles = [f"127.0.0.1:{exports.road.site.ports.web}", "/files/1.png", TOLD]
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            texts = [bytes(v) if isinstance(v, memoryview) else str(v).encode() for row in cursor for v in row]
            found += [(table, one) for one in needles if any(one.encode() in text for text in texts)]
    assert found == []


def test_no_page_has_an_address_in_its_title_or_its_own_address(exports: Exports) -> None:
    report = Report.objects.get()
    paths = [*map(reverse, DESK_PAGES), reverse("desk_report", args=[report.public_id]), reverse("numbers")]
    desk = Client()
    desk.force_login(exports.road.cast.sign_ins[1])
    answers = [desk.get(path, follow=True) for path in paths]
    titles = [_TITLE.findall(answer.content.decode()) for answer in answers]
    visited = [step for answer in answers for step, _ in answer.redirect_chain]
    assert {len(title) for title in titles} == {1}
    assert [one for one in [*titles, *visited] if "127.0.0.1" in str(one) or "files" in str(one)] == []
