"""The hotline of another country hands addresses to us, and hears what we did."""

import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import Missing, NotAllowed
from openhotline.intake.models import Report
from openhotline.intake.states import ReportState, Source
from openhotline.removal.errors import HandoverRefused
from openhotline.removal.models import HandedIn, HandoverIn
from openhotline.removal.models.handover_file import OurShape
from openhotline.removal.services.take_handover import take_handover


@pytest.mark.django_db
def test_each_address_becomes_a_report_once_with_its_source(handed_file: bytes, senior: Person, now: datetime) -> None:
    first, again = [take_handover(content=handed_file, country="GB", actor=senior, now=now) for _ in range(2)]
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
    handed_file: bytes, senior: Person, now: datetime, changes: dict[str, object], said: str
) -> None:
    broken = json.dumps(json.loads(handed_file) | changes).encode()
    with pytest.raises(HandoverRefused, match=said):
        take_handover(content=broken, country="GB", actor=senior, now=now)
    assert not Report.objects.exists()


@pytest.mark.django_db
def test_the_name_of_a_handover_that_came_before_with_other_content_is_refused(
    handed_file: bytes, taken: HandoverIn, senior: Person, now: datetime
) -> None:
    other = json.loads(handed_file)
    other["addresses"] = other["addresses"][:1]
    with pytest.raises(HandoverRefused, match="before, with other content"):
        take_handover(content=json.dumps(other).encode(), country="GB", actor=senior, now=now)
    assert Report.objects.count() == 2


@pytest.mark.django_db
def test_a_hotline_that_is_in_no_table_and_a_role_that_may_not(
    handed_file: bytes, senior: Person, analyst: Person, now: datetime
) -> None:
    with pytest.raises(Missing):
        take_handover(content=handed_file, country="NL", actor=senior, now=now)
    with pytest.raises(NotAllowed):
        take_handover(content=handed_file, country="GB", actor=analyst, now=now)


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
