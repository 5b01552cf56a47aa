"""Unsigned statements in XMP and EXIF."""

from typing import Any

import pytest

from fileorigin import AiInvolvement, RealBasis, Status, examine
from fileorigin.vocabulary import source_type

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
