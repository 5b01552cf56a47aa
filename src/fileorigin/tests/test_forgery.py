"""Marks that anyone can write onto any picture never add up to more than a claim."""

import itertools
from typing import Any

import pytest

from fileorigin import AiInvolvement, RealBasis, describe, examine
from fileorigin import conclusion as conclusion_module

SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
ALLOWED = {
    AiInvolvement.NONE_FOUND,
    AiInvolvement.CLAIMED_UNSIGNED,
    AiInvolvement.ASSERTED_SIGNED_UNTRUSTED,
}
FORBIDDEN = ("fully", "wholly", "entirely", "not ai", "no real", "no child", "authentic", "fake", "%")


@pytest.fixture(scope="module")
def forged(marked: Any, signer: Any, signer_of: Any) -> dict[str, bytes]:
    """A drawn picture, given every mark that a forger can write."""
    infotext = "a red cube\nSteps: 20, Sampler: Euler"
    comment = {0x9286: b"ASCII\0\0\0" + infotext.encode()}
    other = signer_of()
    return {
        "text": marked.png(parameters=infotext),
        "many texts": marked.png(parameters=infotext, prompt='{"class_type": 1}', Software="NovelAI"),
        "user comment": marked.exif(inner=comment),
        "source type": marked.xmp(f'e:DigitalSourceType="{SOURCE}trainedAlgorithmicMedia"'),
        "ai system": marked.xmp('e:AISystemUsed="a machine" p:Credit="Made with Google AI"'),
        "label": marked.xmp('t:AIGC="{}"'),
        "self-signed": other.sign(marked.picture()),
        "signed over text": other.sign(marked.png(parameters=infotext), kind="PNG"),
        "other bytes under a trusted signature": _transplanted(marked, signer),
        "camera": marked.camera(),
        "camera and comment": marked.camera_with_ai(),
    }


def _transplanted(marked: Any, signer: Any) -> bytes:
    signed = signer.sign(marked.picture(size=64), kind="JPEG")
    segments = []
    at = 2
    while signed[at] == 0xFF and signed[at + 1] != 0xDA:
        size = int.from_bytes(signed[at + 2 : at + 4], "big") + 2
        if signed[at + 1] == 0xEB:
            segments.append(signed[at : at + size])
        at += size
    victim = marked.picture(size=96)
    return victim[:2] + b"".join(segments) + victim[2:]


def test_no_forged_mark_is_more_than_a_claim(forged: dict[str, bytes], signer: Any) -> None:
    """With a real trust list in force, forged marks stay untrusted and never deny a real picture."""
    for name, content in forged.items():
        evidence = examine(content, trust=signer.trust)
        assert evidence.ai_involvement in ALLOWED, name
        assert evidence.real_basis is not RealBasis.ASSERTED_ABSENT_SIGNED, name
        assert evidence.real_basis is not RealBasis.ASSERTED_SIGNED, name


def test_every_forgery_but_the_camera_is_seen(forged: dict[str, bytes]) -> None:
    """The set tests something: each picture but the plain camera one carries a claim of AI."""
    silent = [n for n, c in forged.items() if examine(c).ai_involvement is AiInvolvement.NONE_FOUND]
    assert silent == ["camera"]


def test_no_sentence_decides(forged: dict[str, bytes], signer: Any, marked: Any) -> None:
    """No description says that a file is all AI, free of AI, or shows nobody real."""
    genuine = [signer.sign(marked.picture()), marked.picture(), b""]
    for content in itertools.chain(forged.values(), genuine):
        for sentence in describe(examine(content, trust=signer.trust)):
            assert not [w for w in FORBIDDEN if w in sentence.lower()], sentence


def test_an_unmarked_picture_is_no_evidence_either_way(marked: Any) -> None:
    """Missing marks mean nothing."""
    assert describe(examine(marked.picture())) == ["No evidence either way."]


def test_a_camera_mark_overrules_a_signed_statement_of_no_input(marked: Any, signer: Any) -> None:
    """Even a trusted signer cannot deny a real picture when the file speaks of a camera."""
    evidence = examine(signer.sign(marked.camera()), trust=signer.trust)
    assert evidence.real_basis is RealBasis.INDICATED
    assert evidence.suspects_altered_real


def test_a_mark_of_an_input_overrules_it_too(marked: Any, signer: Any) -> None:
    """A mask in the text under a trusted signature keeps the real picture possible."""
    png = marked.png(parameters="a cube\nSteps: 2, Mask blur: 4")
    evidence = examine(signer.sign(png, kind="PNG"), trust=signer.trust)
    assert evidence.real_basis is RealBasis.INDICATED


def test_the_rule_is_what_holds_the_line(marked: Any, signer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bug: without the conflict rule, the camera under a signed statement would not raise suspicion."""
    monkeypatch.setattr(conclusion_module, "_conflicts", lambda *_: ())
    evidence = examine(signer.sign(marked.camera()), trust=signer.trust)
    assert not evidence.suspects_altered_real
