"""Nobody outside may learn whether a picture is known: the same bytes and the same questions to the database."""

import re
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from journeys.young_walks import keep_page, send
from openhotline.evidence.models import Item
from openhotline.hashlists.models import Entry, SelfReportedHash
from openhotline.hashlists.queries import near_entries
from openhotline.hashlists.services.keep_self_reported import keep_self_reported
from openhotline.intake.models import DeviceHash
from openhotline.intake.queries import opened_codes
from openhotline.intake.views import young_codes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("openhotline.intake.urls")]

KNOWN, UNKNOWN = "0123456789abcdef" * 4, "fedcba9876543210" * 4


@pytest.fixture
def known(db: None, now: datetime) -> None:
    """A picture that is an entry of the list, and that somebody else has sent the code of."""
    item = Item.objects.create(
        lookup="k", digests="{}", bytes=1, state="examined", pdq=KNOWN, quality=90, sealed_at=now
    )
    Entry.objects.create(
        item=item, ai_involvement="", real_child="", jurisdiction="GB-EAW", outcome="photograph", provision="",
        consensus=2, listed_at=now,
    )  # fmt: skip
    keep_self_reported(hashes=[SelfReportedHash(origin="dev_other", pdq=KNOWN, quality=90)], actor="step:x", now=now)
    assert near_entries({-1: KNOWN})
    assert not near_entries({-1: UNKNOWN})


def visit(stranger: Client, code: str) -> tuple[list[bytes], list[str]]:
    """Send a code, see the words, take it back; return the pages and what was asked of the database."""
    page = keep_page(stranger)
    with CaptureQueriesContext(connection) as asked:
        sent = send(stranger, page, f"{code} 90", follow=True)
        words = re.search(r'class="receipt-code">([^<]+)<', sent.content.decode())
        assert words
        pages = [
            sent,
            stranger.post("/receipt/", {"words": words[1]}),
            stranger.post("/young/undo/", {"words": words[1]}),
        ]
    contents = [_without_chance(one.content.replace(words[1].encode(), b"WORDS")) for one in pages]
    return contents, [_shape(one["sql"]) for one in asked.captured_queries]


def _without_chance(page: bytes) -> bytes:
    page = re.sub(rb'name="(answers|own|sending|held)" value="[^"]+"', rb'name="\1"', page)
    return re.sub(rb'\?receipt=[^"]+', b"", page)


def _shape(sql: str) -> str:
    """A statement without its values."""
    return re.sub(r"x?'[^']*'|\b\d+\b|\bs\d+_x\d+", "?", sql)


def test_the_pages_and_queries_of_a_known_and_an_unknown_picture_are_the_same(stranger: Client, known: None) -> None:
    # The first sender of a day makes the day's salt: that is nobody's picture.
    visit(stranger, "3c" * 32)
    assert visit(stranger, KNOWN) == visit(stranger, UNKNOWN)


def test_no_list_is_asked_at_the_door(stranger: Client, known: None) -> None:
    """So no timing can tell either."""
    _, asked = visit(stranger, KNOWN)
    assert asked
    assert not [sql for sql in asked if "hashlists_" in sql or "evidence_" in sql or "triage_" in sql]


def test_a_door_that_looks_a_code_up_would_be_seen(
    stranger: Client, known: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: a known picture is looked up before its code is kept, and its page stays the same."""
    keep = young_codes.keep_device_hash

    def looking(**given: object) -> object:
        if near_entries({-1: given["codes"][0].hash}):  # type: ignore[index] # the codes as they were sent
            Entry.objects.count()
        return keep(**given)  # type: ignore[arg-type] # passed on as it came

    monkeypatch.setattr(young_codes, "keep_device_hash", looking)
    known_asked, unknown_asked = visit(stranger, KNOWN)[1], visit(stranger, UNKNOWN)[1]
    assert known_asked != unknown_asked
    with pytest.raises(AssertionError):
        test_no_list_is_asked_at_the_door(stranger, known)


def test_a_page_that_thanks_otherwise_would_be_seen(
    stranger: Client, known: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: the page of the words depends on whether the picture is an entry."""
    page = young_codes.young_page

    def leaking(request: object, template: str, context: dict[str, object], **more: object) -> object:
        if "words" in context and near_entries({-1: opened_codes([DeviceHash.objects.latest("pk").pk])[0].code.hash}):
            context["back_url"] = "/"
        return page(request, template, context, **more)  # type: ignore[arg-type] # passed on as it came

    monkeypatch.setattr(young_codes, "young_page", leaking)
    assert visit(stranger, KNOWN)[0] != visit(stranger, UNKNOWN)[0]
