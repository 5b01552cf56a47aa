"""Unsigned statements in XMP and EXIF."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorigin import AiInvolvement, RealBasis, Status, describe, examine
from fileorigin.blocks import iptc
from fileorigin.vocabulary import source_type
from marking import after_start, dataset, resource

SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_trained_media_is_an_unsigned_claim(marked: Any, kind: str) -> None:
    """The strongest IPTC word is still only a claim, and says nothing of what lies underneath."""
    evidence = examine(marked.xmp(f'e:DigitalSourceType="{SOURCE}trainedAlgorithmicMedia"', kind))
    assert evidence.ai_involvement is AiInvolvement.CLAIMED_UNSIGNED
    assert evidence.real_basis is RealBasis.UNKNOWN


def test_a_composite_suggests_a_real_picture_underneath(marked: Any) -> None:
    """`compositeWithTrainedAlgorithmicMedia` is AI over something."""
    evidence = examine(marked.xmp(f'e:DigitalSourceType="{SOURCE}compositeWithTrainedAlgorithmicMedia"'))
    assert evidence.suspects_altered_real
    assert evidence.real_basis is RealBasis.INDICATED


def test_pure_algorithms_are_no_ai(marked: Any) -> None:
    """`algorithmicMedia` is drawn by rule, not by a trained model."""
    evidence = examine(marked.xmp(f'e:DigitalSourceType="{SOURCE}algorithmicMedia"'))
    assert evidence.ai_involvement is AiInvolvement.NONE_FOUND


@pytest.mark.parametrize("value", [SOURCE + "composite", "digsrctype:composite", "composite", "https://x/y/composite"])
def test_source_types_by_their_last_part(value: Any) -> None:
    """Addresses and QCodes name the same value."""
    assert source_type(value) == "composite"


def test_an_unknown_source_type_is_not_repeated() -> None:
    """Free text never becomes a value."""
    assert source_type("http://example/a-name") == "unlisted"


def test_a_magic_eraser_credit_points_to_a_real_photograph(marked: Any) -> None:
    """`Edited with Google AI` stands on snapshots."""
    evidence = examine(marked.xmp('p:Credit="Edited with Google AI"'))
    assert evidence.suspects_altered_real
    assert evidence.ai_involvement is AiInvolvement.CLAIMED_UNSIGNED


def test_the_aigc_label_in_xmp_and_in_text(marked: Any) -> None:
    """Both carriers of GB 45438-2025 are read; producer names stay sealed."""
    label = '{"Label": "1", "ContentProducer": "somebody"}'
    for content in (marked.xmp(f"t:AIGC='{label}'"), marked.png(AIGC=label)):
        (found,) = examine(content).of("aigc_label")
        assert found.values["fields"] == ("ContentProducer", "Label")


def test_camera_marks_indicate_a_real_picture(marked: Any) -> None:
    """Make, model and exposure are weak support for a real sensor."""
    evidence = examine(marked.camera())
    assert evidence.of("camera")[0].values["make"] == "canon"
    assert evidence.real_basis is RealBasis.INDICATED
    assert not evidence.suspects_altered_real


@pytest.mark.parametrize(
    "fields",
    [
        {"make": "Canon", "inner": {0x927C: b"note"}},
        {"make": "Canon", "model": "X", "inner": {0x8827: 100}},
    ],
)
def test_a_maker_note_or_an_exposure_is_enough(marked: Any, fields: dict[str, Any]) -> None:
    """Software leaves some of them out; doubt goes to the side of a camera."""
    assert examine(marked.exif(**fields)).of("camera")[0].status is Status.PRESENT


def test_a_place_alone_is_a_mark_of_a_camera(marked: Any) -> None:
    """No generator writes where it stood."""
    block = b"II*\0\x08\0\0\0" + b"\1\0" + b"\x25\x88\4\0\1\0\0\0\x1a\0\0\0" + b"\0\0\0\0" + b"\0\0\0\0\0\0"
    evidence = examine(after_start(marked.picture(), b"\xe1", b"Exif\0\0" + block))
    assert evidence.of("camera")[0].values["gps"] is True
    assert evidence.real_basis is RealBasis.INDICATED


def test_a_make_alone_is_none(marked: Any) -> None:
    """Editors write it too."""
    assert examine(marked.exif(make="Canon", model="X")).of("camera")[0].status is Status.ABSENT


def test_more_properties_than_are_kept_is_said(marked: Any) -> None:
    """A mark must not hide behind a thousand others."""
    packet = b"<a>" + b"<Credit>x</Credit>" * 400 + b"</a>"
    (found,) = examine(marked.picture("JPEG", xmp=packet)).of("digital_source_type")
    assert found.values["problems"] == ("too_many_parts",)


def test_a_generator_that_writes_a_make_is_no_camera(marked: Any) -> None:
    """One generator writes its own company as Make."""
    tags = {"make": "Black Forest Labs", "model": "m", "software": "AI generated;txt2img;flux"}
    evidence = examine(marked.exif(inner={0x829A: 0.01}, **tags))
    assert evidence.of("camera")[0].status is Status.ABSENT
    assert evidence.ai_involvement is AiInvolvement.CLAIMED_UNSIGNED


def test_camera_and_ai_marks_are_a_conflict(marked: Any) -> None:
    """Copied or not: with both, a real picture may lie underneath."""
    evidence = examine(marked.camera_with_ai())
    assert evidence.conflicts == ("camera_and_ai_marks",)
    assert evidence.suspects_altered_real


def test_entities_in_xmp_are_refused_and_said(marked: Any) -> None:
    """An entity bomb is an error, not an absence."""
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a DigitalSourceType="&b;"/>'
    (found,) = examine(marked.picture("JPEG", xmp=bomb)).of("digital_source_type")
    assert found.status is Status.ERROR
    assert found.values["problems"] == ("bad_xmp",)


def test_xmp_in_a_gif_is_read() -> None:
    """It stands bare in an application extension, before a run that leads readers of sub-blocks out."""
    packet = b'<a DigitalSourceType="trainedAlgorithmicMedia"/>'
    run = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    gif = b"GIF89a\1\0\1\0\0\0\0!\xff\x0bXMP DataXMP" + packet + run + b";"
    assert examine(gif).ai_involvement is AiInvolvement.CLAIMED_UNSIGNED


def test_extended_xmp_of_a_jpeg_is_joined(marked: Any) -> None:
    """A packet too long for one segment goes on in others."""
    packet = b'<a DigitalSourceType="compositeSynthetic"/>'
    head = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32 + len(packet).to_bytes(4, "big")
    pieces = [head + at.to_bytes(4, "big") + packet[at : at + 20] for at in range(0, len(packet), 20)]
    segments = b"".join(b"\xff\xe1" + (len(p) + 2).to_bytes(2, "big") + p for p in pieces)
    picture = marked.picture()
    assert examine(picture[:2] + segments + picture[2:]).suspects_altered_real


@pytest.mark.parametrize(
    "property_", ["AISystemUsed", "AISystemVersionUsed", "AIPromptInformation", "AIPromptWriterName"]
)
def test_each_property_of_iptc_2025_1_is_a_claim_and_sealed(marked: Any, property_: str) -> None:
    """Its name may be told, its text may not."""
    evidence = examine(marked.xmp(f'e:{property_}="somebody"'))
    assert evidence.of("ai_properties")[0].values["properties"] == (property_,)
    assert evidence.ai_involvement is AiInvolvement.CLAIMED_UNSIGNED
    assert "somebody" not in str(evidence.to_dict())


@pytest.mark.parametrize(
    ("label", "fields"),
    [
        ({"Label": "1", "PropatorID": "x", "ReserveCode1": "y"}, ("Label", "PropagateID", "ReservedCode1")),
        ({"Label": "1", "Inventor": "x"}, ("Label",)),
    ],
)
def test_misspelt_fields_of_an_aigc_label_are_known(
    marked: Any, label: dict[str, str], fields: tuple[str, ...]
) -> None:
    """Writers spell two of them otherwise; a field of their own is only counted."""
    (found,) = examine(marked.png(AIGC=json.dumps(label))).of("aigc_label")
    assert found.values["fields"] == fields
    assert found.values["unlisted_fields"] == len(label) - len(fields)
    assert found.values["label"] == 1


def test_an_aigc_label_by_a_propagator_may_be_a_suspicion(marked: Any) -> None:
    """Such a platform may only have suspected AI, and the desk is told."""
    evidence = examine(marked.xmp('t:AIGC=\'{"Label": "3", "ContentPropagator": "somebody"}\''))
    assert evidence.of("aigc_label")[0].values["by_propagator_only"] is True
    assert any("may only suspect" in sentence for sentence in describe(evidence))


@pytest.mark.parametrize("wrap", [json.loads, str])
def test_an_aigc_label_in_a_comment(marked: Any, wrap: Any) -> None:
    """Some writers put the label into an object in EXIF."""
    inner = '{"Label": "1", "ContentProducer": "somebody"}'
    evidence = examine(marked.commented(json.dumps({"AIGC": wrap(inner)})))
    assert evidence.of("aigc_label")[0].values["fields"] == ("ContentProducer", "Label")


def test_an_aigc_label_that_is_no_object_is_still_a_claim(marked: Any) -> None:
    """Whatever its text, the field is there."""
    assert examine(marked.png(AIGC="words")).ai_involvement is AiInvolvement.CLAIMED_UNSIGNED


@given(st.binary(max_size=200))
def test_iptc_of_any_bytes_is_read_or_said_to_be_damaged(body: bytes) -> None:
    """Neither form raises, and what is left over is damage."""
    for block in (body, b"8BIM" + body, dataset(0x6E, "x") + body):
        found = iptc.read(block)
        assert found.damaged or len(found.datasets) * 5 <= len(block)


@given(st.lists(st.tuples(st.sampled_from([0x6E, 0x41, 0x28, 0x05]), st.text(max_size=40)), max_size=8))
def test_iptc_round_trip(written: list[tuple[int, str]]) -> None:
    """What was written is read, in order, bare or among resources."""
    names = {0x6E: "Credit", 0x41: "OriginatingProgram", 0x28: "SpecialInstructions"}
    block = b"".join(dataset(number, text) for number, text in written)
    expected = [(names[number], text) for number, text in written if number in names]
    for found in (iptc.read(block), iptc.read(resource(b"ab", 1) + resource(block))):
        assert (found.datasets, found.damaged) == (expected, False)
