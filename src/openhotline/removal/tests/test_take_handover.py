"""The hotline of another country hands addresses to us, and hears what we did."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import x25519

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import Missing, NotAllowed, NotNow
from openhotline.intake.models import Report
from openhotline.intake.states import ReportState, Source
from openhotline.removal.errors import HandoverRefused
from openhotline.removal.models import HandedIn, HandoverIn, Removal
from openhotline.removal.models.handover_file import OurShape, opened
from openhotline.removal.services.actions_back import actions_back
from openhotline.removal.services.hand_abroad import hand_abroad
from openhotline.removal.services.note_action import note_action
from openhotline.removal.services.take_handover import take_handover
from openhotline.removal.states import HandoverAction


@pytest.fixture
def identity(settings: Any, tmp_path: Path) -> str:
    """The key of a hotline of GB: here it hands to itself, so that both ends of the way are ours."""
    key = x25519.Identity.generate()
    settings.HOTLINES = tmp_path / "hotlines.toml"
    row = f'name = "Example Hotline"\ncountry = "GB"\nage_key = "{key.to_public()}"\nsource = "x"\n'
    settings.HOTLINES.write_text(f"[[hotline]]\n{row}")
    return str(key)


@pytest.fixture
def content(waiting: Callable[[int], list[Removal]], identity: str, senior: Person, now: datetime) -> bytes:
    """A handover of two addresses, as it lies open after our key opened it."""
    waiting(2)
    return opened(hand_abroad(country="GB", actor=senior, now=now).file, identity)


@pytest.fixture
def taken(content: bytes, senior: Person, now: datetime) -> HandoverIn:
    return take_handover(content=content, country="GB", actor=senior, now=now)[0]


@pytest.mark.django_db
def test_each_address_becomes_a_report_once_with_its_source(content: bytes, senior: Person, now: datetime) -> None:
    first, again = [take_handover(content=content, country="GB", actor=senior, now=now) for _ in range(2)]
    assert (first[1], again[1], first[0]) == (True, False, again[0])
    reports = Report.objects.filter(handed_in__handover=first[0])
    assert [(one.source, one.state) for one in reports] == [(Source.PARTNER, ReportState.RECEIVED)] * 2
    assert (Report.objects.count(), HandedIn.objects.count(), first[0].hotline) == (2, 2, "Example Hotline")
    assert Record.objects.filter(action="handover_taken").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"country": "NL"}, "for the hotline of NL"),
        ({"practice": False}, "never mixed"),
        ({"format": "x"}, "format"),
        ({"addresses": []}, "addresses"),
        ({"picture": "x"}, "additionalProperties"),
        ({"made_at": "2026-99-01T00:00:00Z"}, "moment"),
    ],
)
def test_what_is_not_for_us_is_refused_whole_with_a_sentence(
    content: bytes, senior: Person, now: datetime, changes: dict[str, object], said: str
) -> None:
    broken = json.dumps(json.loads(content) | changes).encode()
    with pytest.raises(HandoverRefused, match=said):
        take_handover(content=broken, country="GB", actor=senior, now=now)
    assert not Report.objects.exists()


@pytest.mark.django_db
def test_the_name_of_a_handover_that_came_before_with_other_content_is_refused(
    content: bytes, taken: HandoverIn, senior: Person, now: datetime
) -> None:
    other = json.loads(content)
    other["addresses"] = other["addresses"][:1]
    with pytest.raises(HandoverRefused, match="before, with other content"):
        take_handover(content=json.dumps(other).encode(), country="GB", actor=senior, now=now)
    assert Report.objects.count() == 2


@pytest.mark.django_db
def test_a_hotline_that_is_in_no_table_and_a_role_that_may_not(
    content: bytes, senior: Person, analyst: Person, now: datetime
) -> None:
    with pytest.raises(Missing):
        take_handover(content=content, country="NL", actor=senior, now=now)
    with pytest.raises(NotAllowed):
        take_handover(content=content, country="GB", actor=analyst, now=now)


@pytest.mark.django_db
def test_what_we_did_goes_back_sealed_and_their_end_reads_it(
    taken: HandoverIn, identity: str, senior: Person, now: datetime
) -> None:
    one, two = taken.addresses.order_by("pk")
    with pytest.raises(NotNow, match="Nothing was noted"):
        actions_back(handover=taken.public_id, actor=senior, now=now)
    for row, action, reason in ((one, "notice_sent", ""), (two, "not_here", "It is\nhosted elsewhere")):
        name = row.report.public_id
        note_action(report=name, action=HandoverAction(action), reason=reason, actor=senior, now=now)
    files: list[bytes] = []
    actions_back(handover=taken.public_id, actor=senior, now=now, write=files.append)
    read = OurShape().read(opened(files[0], identity))
    assert (read.handover, read.practice) == (taken.theirs, True)
    said = [(each.reference, each.action, each.reason) for each in read.actions]
    assert said == [(one.reference, "notice_sent", ""), (two.reference, "not_here", "It is hosted elsewhere")]


@pytest.mark.django_db
def test_what_is_given_back_has_a_reason_without_an_address(taken: HandoverIn, senior: Person, now: datetime) -> None:
    name = taken.addresses.all()[0].report.public_id
    for reason, said in (("", "Say why"), ("see http://x.example", "Leave addresses out"), ("x" * 301, "301")):
        with pytest.raises(NotNow, match=said):
            note_action(report=name, action=HandoverAction.NOT_HERE, reason=reason, actor=senior, now=now)
    for _ in range(2):
        note_action(report=name, action=HandoverAction.TAKEN, reason="", actor=senior, now=now + timedelta(hours=1))
    assert Record.objects.filter(action="action_noted").count() == 1


@given(
    st.binary(max_size=80)
    | st.dictionaries(
        st.sampled_from(["format", "handover", "addresses", "country", "practice", "x"]),
        st.text("a1:{", max_size=9) | st.booleans(),
    ).map(lambda said: json.dumps(said).encode())
)
def test_whatever_comes_in_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(HandoverRefused):
        OurShape().read_handover(content)
