"""XARF 4 reports come in: what is taken of them, and what is refused."""

import base64
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faults.asking_partners import XARF as LEAST_XARF
from openhotline.core.crypto import open_from_the_door
from openhotline.intake.errors import XarfRefused
from openhotline.intake.models import Report
from openhotline.intake.models.xarf import read_xarf, texts_of
from openhotline.intake.queries import report_page
from openhotline.intake.states import Scope
from openhotline.intake.tests.test_partner_api import Desk, desk_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("openhotline.config.urls_public")]

XARF: dict[str, Any] = LEAST_XARF | {"media_type": "video", "tags": ["source:user-reports"]}


@pytest.fixture
def desk(db: None) -> Desk:
    """A partner whose machine speaks XARF."""
    return desk_of("Example Platform", *Scope)


def evidence(content: bytes, kind: str = "text/plain") -> dict[str, Any]:
    """A report with one piece of evidence."""
    return XARF | {"evidence": [{"content_type": kind, "payload": base64.b64encode(content).decode()}]}


def test_a_report_comes_in_with_everything_else_it_says_sealed(desk: Desk) -> None:
    answer = desk.post("xarf", XARF, key=None)
    assert answer.status_code == 201
    facts = report_page(Report.objects.get(public_id=answer.json()["id"]).public_id)
    assert facts is not None
    assert [line.typed for line in facts.lines] == ["https://site.example/page"]
    assert (facts.details["what"], facts.details["reference"]) == ("video", XARF["report_id"])
    assert json.loads(facts.details["xarf"])["tags"] == ["source:user-reports"]
    assert b"platform" not in bytes(facts.report.details or b"")


def test_without_a_key_the_report_id_is_one(desk: Desk) -> None:
    assert desk.post("xarf", XARF, key=None).content == desk.post("xarf", XARF, key=None).content
    assert Report.objects.count() == 1


def test_text_evidence_is_kept(desk: Desk) -> None:
    assert desk.post("xarf", evidence("Größe: 3".encode())).status_code == 201


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "application/pdf", "message/rfc822", "IMAGE/PNG"])
def test_evidence_that_could_hold_a_picture_is_refused_with_the_reason(desk: Desk, kind: str) -> None:
    answer = desk.post("xarf", evidence(b"shapes", kind))
    assert answer.status_code == 422
    assert "never taken, not even as evidence" in answer.json()["detail"]
    assert not Report.objects.exists()


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n" + b"\0" * 50, b"\xff\xd8\xff\xe0" * 50, b""])
def test_a_picture_called_text_is_refused(desk: Desk, content: bytes) -> None:
    assert "is not text" in desk.post("xarf", evidence(content)).json()["detail"]


def test_a_picture_spelt_inside_text_is_refused(desk: Desk) -> None:
    spelt = b"iVBORw0KGgo" + b"A" * 300
    hidden = XARF | {"x_proof": spelt.decode()}
    for body in (evidence(b"see " + spelt), hidden, XARF | {"description": "data:image/png;base64,"}):
        assert "no imagery from anybody" in desk.post("xarf", body).json()["detail"]


@pytest.mark.parametrize(("category", "kind"), [("messaging", "spam"), ("content", "phishing"), ("content", "x" * 999)])
def test_other_types_are_refused_with_a_sentence(desk: Desk, category: str, kind: str) -> None:
    answer = desk.post("xarf", XARF | {"category": category, "type": kind})
    assert answer.status_code == 422
    assert "of the category content, type csam or csem" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"classification": "Z"}, "classification breaks the rule enum"),
        ({"report_id": "7"}, "report_id breaks the rule format"),
        ({"xarf_version": "3.0.0"}, "xarf_version breaks the rule pattern"),
        ({"url": 7}, "url breaks the rule type"),
        ({"reporter": {"org": "Example"}}, "reporter lacks contact, domain"),
    ],
)
def test_what_breaks_the_schema_is_named_and_not_quoted(desk: Desk, change: dict[str, Any], sentence: str) -> None:
    assert sentence in desk.post("xarf", XARF | change).json()["detail"]


def test_a_missing_member_is_named(desk: Desk) -> None:
    body = {name: value for name, value in XARF.items() if name != "classification"}
    assert "lacks classification" in desk.post("xarf", body).json()["detail"]


def test_what_is_internal_to_the_partner_is_not_kept(desk: Desk) -> None:
    desk.post("xarf", XARF | {"_internal": {"ticket": "hush"}})
    assert "hush" not in open_from_the_door(bytes(Report.objects.get().details or b""))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(changes=st.dictionaries(st.sampled_from([*XARF, "evidence", "hash_values", "confidence"]), JSON, max_size=4))
def test_whatever_comes_is_read_or_refused(changes: dict[str, Any]) -> None:
    content = XARF | changes
    list(texts_of(content))
    with suppress(XarfRefused):
        address, told = read_xarf(content)
        assert address == content["url"]
        assert all(isinstance(text, str) for text in told.values())
