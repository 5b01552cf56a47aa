"""A CyberTipline file fits the form that is written as data, or it does not leave."""

import json
from dataclasses import replace

import pytest

from openhotline.law.models import CrosswalkCell
from openhotline.law.queries import crosswalk
from openhotline.law.states import AiInvolvement, CrosswalkAction
from openhotline.referral.errors import NotReferable
from openhotline.referral.models import vics
from openhotline.referral.models.cybertipline import cybertipline_pieces
from openhotline.referral.models.cybertipline_schema import FILE_DETAILS, REPORT, checked, misfit
from openhotline.referral.models.vics import Case, vics_pieces

HEAD = {"heading": "PRACTICE - NOT FINDINGS", "reading": "x & y"}


def told(involvement: str) -> dict[str, object]:
    hashes = {"md5": "0" * 32, "sha1": "0" * 40, "sha256": "0" * 64}
    return {
        "item": "itm_x",
        "file": "originals/<a>.png",
        "bytes": 1,
        "format": "PNG",
        "hashes": hashes,
        "assessed": {"ai_involvement": involvement},
        "ai_statement": 'Says "nothing" & <more>.',
        "file_evidence": {},
        "outcomes": [],
        "seen": [{"address": "http://127.0.0.1/?a=1&b=2"}],
    }


@pytest.mark.parametrize("involvement", list(AiInvolvement))
def test_every_piece_fits_whatever_is_known_of_ai(involvement: AiInvolvement) -> None:
    _, report, details, _ = cybertipline_pieces(HEAD, [told(involvement)])
    assert (misfit(report, REPORT), misfit(details, FILE_DETAILS)) == ("", "")


@pytest.mark.parametrize(
    ("piece", "said"),
    [
        (b"<report/>", "begins with report"),
        (b"<fileDetails", "no XML"),
        (b"<fileDetails><photo/></fileDetails>", "photo has no place"),
        (b"<fileDetails><locationOfFile>x</locationOfFile><fileId>1</fileId></fileDetails>", "fileId has no place"),
        (b"<fileDetails><fileId>1</fileId><fileId>1</fileId></fileDetails>", "fileId stands 2 times"),
        (
            b"<fileDetails><fileAnnotations><generativeAi>no</generativeAi></fileAnnotations></fileDetails>",
            "generativeAi",
        ),
        (b"<fileDetails><industryClassification>A</industryClassification></fileDetails>", "none of its own"),
        (b"<fileDetails><originalFileHash>0</originalFileHash></fileDetails>", "attributes of originalFileHash"),
    ],
)
def test_planted_bug_what_does_not_fit_does_not_leave(piece: bytes, said: str) -> None:
    with pytest.raises(NotReferable, match=said):
        checked(piece, FILE_DETAILS)


def category(involvement: str) -> int:
    whole = json.loads(b"".join(vics_pieces(Case("ref_x", "Hotline", 1, "x"), [told(involvement)])))
    return int(whole["value"][0]["Media"][0]["Category"])


def test_no_category_is_made_up_where_the_cross_walk_has_none() -> None:
    assert {category(one) for one in AiInvolvement} == {vics.UNCATEGORISED}


def test_a_category_that_the_cross_walk_sends_is_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a hotline would set it that agreed on numbers with its police."""
    sent = replace(crosswalk(AiInvolvement.WHOLLY_SYNTHETIC)[vics.TARGET], action=CrosswalkAction.SEND, value="3")

    def agreed(involvement: str) -> dict[str, CrosswalkCell]:
        return {**crosswalk(involvement)} | ({vics.TARGET: sent} if involvement == sent.ai_involvement else {})

    monkeypatch.setattr(vics, "crosswalk", agreed)
    assert (category("wholly_synthetic"), category("not_determined")) == (3, vics.UNCATEGORISED)
