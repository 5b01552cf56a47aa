"""The forgery set: genuine photographs of things, given every mark that a forger can write.

None may come out as "supports fully AI-generated": that is what would take a real child out of the search.
"""

import itertools
import json
from typing import Any

import pytest
from nacl.signing import SigningKey

from fileorigin import AiInvolvement, Evidence, RealBasis, Tag, describe, examine
from fileorigin import conclusion as conclusion_module
from fileorigin.vocabulary import SOURCE_TYPES, WATERMARKS
from marking import INFOTEXT, SOURCE, Marked, encoded, landscape, photographs, transplanted

pytestmark = pytest.mark.slow

ALLOWED = {
    AiInvolvement.NONE_FOUND,
    AiInvolvement.CLAIMED_UNSIGNED,
    AiInvolvement.WATERMARK_DECODED,
    AiInvolvement.ASSERTED_SIGNED_UNTRUSTED,
}
FORBIDDEN = ("fully", "wholly", "entirely", "not ai", "no real", "no child", "authentic", "fake", "%")
PHOTOS = {**photographs(320), "hills": landscape(11, 320, 240)}
GRAPH = json.dumps({"1": {"class_type": "KSampler"}})
COMMENT = json.dumps({"request_type": "PromptGenerateRequest"})


def texts() -> dict[str, dict[str, str]]:
    """What generators write as PNG text."""
    return {
        "a1111": {"parameters": INFOTEXT},
        "comfyui": {"prompt": GRAPH, "workflow": '{"nodes": []}'},
        "invokeai": {"invokeai_metadata": '{"generation_mode": "txt2img"}'},
        "novelai": {"Software": "NovelAI", "Comment": COMMENT},
        "fooocus": {"parameters": "{}", "fooocus_scheme": "fooocus"},
        "swarmui": {"parameters": '{"sui_image_params": {}}'},
        "easydiffusion": {"negative_prompt": "x"},
        "midjourney": {"Description": "a red cube Job ID: 0123abcd-0000"},
        "flux": {"Software": "AI generated;txt2img;flux"},
        "all at once": {"parameters": INFOTEXT, "prompt": GRAPH, "Software": "NovelAI", "Comment": COMMENT},
        "aigc text": {"AIGC": '{"Label": "1", "ContentProducer": "somebody"}'},
    }


def unsigned(made: Marked) -> dict[str, bytes]:
    """Every unsigned mark on one picture."""
    out = {f"text {name}": made.png(**held) for name, held in texts().items()}
    out |= {f"comment in {kind}": made.commented(INFOTEXT, kind) for kind in ("JPEG", "WEBP", "AVIF", "TIFF")}
    out |= {f"source type {name}": made.xmp(f'e:DigitalSourceType="{SOURCE}{name}"') for name in SOURCE_TYPES}
    out |= {
        "make": made.exif(make="Black Forest Labs", model="m", software="AI generated;txt2img;flux"),
        "ai system": made.xmp(
            'e:AISystemUsed="a machine" e:AIPromptInformation="a cube" p:Credit="Made with Google AI"'
        ),
        "label": made.xmp('t:AIGC=\'{"Label": "1"}\''),
        "iptc credit": made.iptc("Made with Google AI"),
        "hidden in alpha": made.hidden(INFOTEXT),
        "hidden in colour": made.hidden(json.dumps({"Software": "NovelAI", "Comment": COMMENT}), "colour"),
        "camera": made.camera(),
        "camera and comment": made.camera_with_ai(),
        "another thumbnail": made.thumbnailed(landscape(12, 160, 120), software="Fooocus v2"),
        "own signing key": made.novelai(SigningKey(b"\2" * 32)),
    }
    return out | {f"watermark {mark.name}": made.watermarked(mark.name) for mark in WATERMARKS}


def signed(made: Marked, genuine: Any, forger: Any) -> dict[str, bytes]:
    """What a forger can sign, or take from what a trusted signer signed."""
    ours = genuine.sign(Marked(landscape(13, 96, 96)).picture())
    broken = bytearray(genuine.sign(made.picture()))
    broken[-20] ^= 1
    return {
        "self-signed": forger.sign(made.picture()),
        "self-signed over texts": forger.sign(made.png(parameters=INFOTEXT), kind="PNG"),
        "self-signed over a trusted one": forger.sign(made.picture(), over=ours),
        "other bytes under a trusted signature": transplanted(ours, made.picture()),
        "changed after signing": bytes(broken),
        "photograph taken in by a trusted signer": genuine.sign(made.picture(), over=made.picture()),
        "trusted signer of an edit": genuine.sign(made.picture(), "compositeWithTrainedAlgorithmicMedia"),
        "trusted signer over a camera": genuine.sign(made.camera()),
        "trusted signer over a mask": genuine.sign(made.png(parameters="a cube\nSteps: 2, Mask blur: 4"), kind="PNG"),
        "remote": forger.sign(made.picture(), remote="http://127.0.0.1:9/m.c2pa"),
    }


@pytest.fixture(scope="module")
def forged(signer: Any, signer_of: Any) -> dict[str, Evidence]:
    """The evidence of every mark on every photograph, with the genuine signer's root trusted."""
    forger = signer_of()
    files = {
        f"{mark} on {photo}": content
        for photo, picture in PHOTOS.items()
        for mark, content in (unsigned(Marked(picture)) | signed(Marked(picture), signer, forger)).items()
    }
    return {name: examine(content, trust=signer.trust) for name, content in files.items()}


def test_no_photograph_supports_fully_ai_generated(forged: dict[str, Evidence]) -> None:
    """Whatever mark it carries, it is treated as real."""
    assert len(forged) >= 500
    assert [n for n, e in forged.items() if e.tag is Tag.SUPPORTS_FULLY_AI_GENERATED] == []
    assert [n for n, e in forged.items() if e.real_basis is RealBasis.ASSERTED_ABSENT_SIGNED] == []


def test_no_forged_mark_is_more_than_a_claim(forged: dict[str, Evidence]) -> None:
    """A forger without a trusted key never reaches a trusted statement, of AI or of a camera."""
    for name, evidence in forged.items():
        if "trusted signer" not in name:
            assert evidence.ai_involvement in ALLOWED, name
            assert evidence.real_basis is not RealBasis.ASSERTED_SIGNED, name


def test_the_marks_are_seen(forged: dict[str, Evidence]) -> None:
    """The set tests something: only these marks are no claim of AI, and some photographs hold no watermark."""
    silent = {n.partition(" on ")[0] for n, e in forged.items() if e.ai_involvement is AiInvolvement.NONE_FOUND}
    plain = {f"source type {name}" for name, said in SOURCE_TYPES.items() if not said.ai}
    assert silent - {f"watermark {mark.name}" for mark in WATERMARKS} == plain | {"camera", "remote"}


def test_no_error_stands_for_an_absence(forged: dict[str, Evidence]) -> None:
    """All these files are whole: nothing in them fails to be read but what is kept elsewhere or copied."""
    unread = {n.partition(" on ")[0] for n, e in forged.items() if any(f.status == "error" for f in e.findings)}
    assert unread == set()


def test_no_sentence_decides(forged: dict[str, Evidence], signer: Any, marked: Any) -> None:
    """No description says that a file is all AI, free of AI, or shows nobody real."""
    genuine = [examine(c, trust=signer.trust) for c in (signer.sign(marked.picture()), marked.picture(), b"")]
    for evidence in itertools.chain(forged.values(), genuine):
        for sentence in describe(evidence):
            assert not [w for w in FORBIDDEN if w in sentence.lower()], sentence


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF"])
@pytest.mark.parametrize("photo", PHOTOS)
def test_an_unmarked_photograph_is_no_evidence_either_way(photo: str, kind: str) -> None:
    """Missing marks mean nothing."""
    evidence = examine(encoded(PHOTOS[photo], kind))
    assert describe(evidence) == ["No evidence either way."]
    assert evidence.tag is Tag.UNDETERMINED


def test_a_genuine_statement_does_reach_the_tag(signer: Any) -> None:
    """The tag can be reached at all: a trusted signer states it of its own picture, and nothing speaks against it."""
    made = Marked(landscape(14, 96, 96))
    assert examine(signer.sign(made.picture()), trust=signer.trust).tag is Tag.SUPPORTS_FULLY_AI_GENERATED


def test_a_camera_mark_overrules_a_signed_statement_of_no_input(marked: Any, signer: Any) -> None:
    """Even a trusted signer cannot deny a real picture when the file speaks of a camera."""
    evidence = examine(signer.sign(marked.camera()), trust=signer.trust)
    assert evidence.real_basis is RealBasis.INDICATED
    assert evidence.suspects_altered_real


def test_a_check_that_failed_takes_the_tag_away(marked: Any, signer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be read might have been a mark of a real picture."""
    monkeypatch.setattr("fileorigin.checks.camera.camera", lambda _reading: 1 / 0)
    evidence = examine(signer.sign(marked.picture()), trust=signer.trust)
    assert evidence.tag is Tag.EXTENT_UNKNOWN
    assert evidence.real_basis is RealBasis.UNKNOWN


def test_the_rule_is_what_holds_the_line(marked: Any, signer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bug: without the conflict rule, the camera under a signed statement would not raise suspicion."""
    monkeypatch.setattr(conclusion_module, "_conflicts", lambda *_: ())
    evidence = examine(signer.sign(marked.camera()), trust=signer.trust)
    assert not evidence.suspects_altered_real


def test_the_trust_list_is_what_holds_the_forger_out(signer_of: Any) -> None:
    """Planted bug: were the forger's root on the list, the forged statement would reach the tag."""
    forger = signer_of()
    content = forger.sign(Marked(PHOTOS["coffee"]).picture())
    assert examine(content, trust=signer_of().trust).tag is Tag.EXTENT_UNKNOWN
    assert examine(content, trust=forger.trust).tag is Tag.SUPPORTS_FULLY_AI_GENERATED
