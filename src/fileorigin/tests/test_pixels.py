"""Marks in the pixels: hidden texts, signatures over pixels, watermark patterns, and thumbnails that differ."""

import io
import json
from typing import Any

import numpy as np
import pytest
from nacl.signing import SigningKey
from PIL import Image

from fileorigin import AiInvolvement, RealBasis, Status, Strength, Tag, describe, examine
from fileorigin.checks import novelai, tables, watermark
from fileorigin.checks.thumbnail import likeness
from fileorigin.containers import walking
from fileorigin.reading import Reading
from fileorigin.sealing import Seal
from fileorigin.vocabulary import WATERMARKS
from marking import (
    INFOTEXT,
    Marked,
    after_start,
    embed,
    encoded,
    exif_with,
    hide,
    landscape,
    png_texts,
    public,
    resource,
)


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("channel", ["alpha", "colour"])
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_hidden_text_is_found_and_read(marked: Any, kind: str, channel: str, packed: Any) -> None:
    """It names its generator as an open text would, and it is sealed."""
    evidence = examine(marked.hidden(INFOTEXT, channel, packed=packed, kind=kind))
    assert evidence.of("alpha_payload")[0].values["channel"] == channel
    assert evidence.of("generator_marks")[0].values["family"] == "a1111"
    assert evidence.of("generator_marks")[0].locations == ("pixels@0x0",)
    assert "red cube" not in json.dumps(evidence.to_dict())
    assert any(b"red cube" in kept for kept in evidence.sealed.values())


def test_the_members_of_a_hidden_object_are_texts(marked: Any) -> None:
    """One generator hides the same texts that it writes openly; the mode is read from them."""
    comment = json.dumps({"request_type": "NativeInfillingRequest"})
    evidence = examine(marked.hidden(json.dumps({"Software": "NovelAI", "Comment": comment})))
    assert evidence.of("generator_marks")[0].values["family"] == "novelai"
    assert evidence.suspects_altered_real


def test_it_outlives_the_removal_of_texts_and_lossy_webp(marked: Any) -> None:
    """Alpha stays without loss in a lossy WebP."""
    held = Image.open(io.BytesIO(marked.hidden(INFOTEXT)))
    assert examine(encoded(held, "PNG")).of("alpha_payload")[0].status is Status.PRESENT
    lossy = encoded(held, "WEBP", quality=80, alpha_quality=100, exact=True)
    assert examine(lossy).of("alpha_payload")[0].status is Status.PRESENT


@pytest.mark.parametrize("bits", [0, 7, 1 << 31])
def test_a_payload_with_an_impossible_length_is_said(marked: Any, bits: int) -> None:
    """The letters that begin it are a mark, and the rest is an error."""
    picture = np.array(marked.image().convert("RGBA"))
    head = np.unpackbits(np.frombuffer(b"stealth_pngcomp" + bits.to_bytes(4, "big"), np.uint8))
    flat = picture[..., 3].T.reshape(-1)
    flat[: len(head)] = 254 | head
    picture[..., 3] = flat.reshape(picture.shape[1], picture.shape[0]).T
    evidence = examine(encoded(Image.fromarray(picture), "PNG"))
    assert evidence.of("alpha_payload")[0].values["problems"] == ("bad_structure",)
    assert evidence.of("camera")[0].status is Status.ERROR


def test_a_bomb_in_the_pixels_is_cut(marked: Any) -> None:
    """What inflates beyond the limit is cut, and said."""
    evidence = examine(Marked(landscape(1)).hidden("x" * 3_000_000))
    assert evidence.of("alpha_payload")[0].values["length"] == 1_000_000
    assert evidence.of("alpha_payload")[0].values["problems"] == ("text_truncated",)


def test_pixels_that_cannot_be_decoded_are_an_error(marked: Any) -> None:
    """They might have held a mark."""
    damaged = bytearray(marked.picture("PNG"))
    damaged[60:90] = b"\0" * 30
    evidence = examine(bytes(damaged))
    assert {evidence.of(c)[0].status for c in ("alpha_payload", "pixel_watermark")} == {Status.ERROR}


def test_a_png_whose_texts_a_decoder_refuses_is_still_decoded(marked: Any) -> None:
    """Pillow gives a PNG up for a text that inflates to more than a megabyte."""
    held = hide(marked.image(), INFOTEXT)
    data = encoded(held, "PNG", pnginfo=png_texts({"Comment": "x" * 2_000_000}, zipped=True))
    assert examine(data).of("alpha_payload")[0].status is Status.PRESENT


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey(b"\1" * 32)


@pytest.fixture
def pinned(key: SigningKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own key stands in for the generator's."""
    monkeypatch.setattr(novelai.signature, "__defaults__", (public(key),))


def test_a_signature_over_the_pixels_is_verified(marked: Any, key: SigningKey, pinned: None) -> None:
    """From text alone, signed, with no reference: that generator made it, and took nothing in."""
    evidence = examine(marked.novelai(key))
    assert evidence.of("novelai_signature")[0].values["outcome"] == "signature_valid"
    assert evidence.ai_involvement is AiInvolvement.ASSERTED_SIGNED_TRUSTED
    assert evidence.tag is Tag.SUPPORTS_FULLY_AI_GENERATED


@pytest.mark.parametrize(
    "changes",
    [
        {"request_type": "Img2ImgRequest"},
        {"request_type": "NativeInfillingRequest"},
        {"request_type": "VibeTransferPromptGenerateRequest"},
        {"reference_image_multiple": ["x"]},
        {"director_reference_images": ["x"]},
        {"mask": "x"},
        {"controlnet_model": "depth"},
        {"controlnet_condition": "x"},
        {"whatever_comes_later": 1},
    ],
)
def test_a_signature_over_another_picture_says_that_it_went_in(
    marked: Any, key: SigningKey, pinned: None, changes: dict[str, Any]
) -> None:
    """The generator may have been given a real picture."""
    evidence = examine(marked.novelai(key, **changes))
    assert evidence.of("novelai_signature")[0].values["outcome"] == "signature_valid"
    assert evidence.suspects_altered_real
    assert evidence.tag is Tag.REAL_BASIS_INDICATED


def test_a_request_that_is_not_known_says_nothing_of_inputs(marked: Any, key: SigningKey, pinned: None) -> None:
    """Only the request that is known to take none does."""
    evidence = examine(marked.novelai(key, request_type="LaterRequest"))
    assert evidence.real_basis is RealBasis.UNKNOWN
    assert evidence.tag is Tag.EXTENT_UNKNOWN


def test_the_settings_of_a_picture_from_text_are_no_reference(marked: Any, key: SigningKey, pinned: None) -> None:
    """A strength stands in every file; only a model beside it says that a picture went in."""
    plain = {"controlnet_strength": 1.0, "controlnet_model": None, "lora_unet_weights": None, "sampler": "k_euler"}
    assert examine(marked.novelai(key, **plain)).tag is Tag.SUPPORTS_FULLY_AI_GENERATED


def test_many_signatures_are_not_many_verifications(
    marked: Any, key: SigningKey, pinned: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each goes over all pixels, so a file of many would be a bomb."""
    asked: list[str] = []
    monkeypatch.setattr(novelai, "_verified", lambda _pixels, settings, _key: asked.append(settings["prompt"]))
    signed = {"signed_hash": "x", "request_type": "PromptGenerateRequest"}
    comments = {f"Comment {number}": json.dumps({"prompt": str(number), **signed}) for number in range(9)}
    assert examine(marked.png(**comments)).of("novelai_signature")[0].values["outcome"] == "signature_invalid"
    assert len(asked) == 2


def test_a_copied_signature_is_a_claim(marked: Any, key: SigningKey, pinned: None) -> None:
    """On other pixels it does not hold, and the desk is told."""
    comment = walking.walk(marked.novelai(key)).texts[-1].value
    other = Marked(landscape(3, 96, 96)).png(Software="NovelAI", Comment=comment)
    evidence = examine(other)
    assert evidence.of("novelai_signature")[0].values["outcome"] == "signature_invalid"
    assert evidence.ai_involvement is AiInvolvement.CLAIMED_UNSIGNED
    assert any("does not fit its pixels" in sentence for sentence in describe(evidence))


def test_the_published_key_does_not_verify_ours(marked: Any, key: SigningKey) -> None:
    """Who made a key of their own proves nothing."""
    assert examine(marked.novelai(key)).ai_involvement is AiInvolvement.CLAIMED_UNSIGNED


def test_a_verifier_that_believes_anything_would_be_noticed(
    marked: Any, key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted bug: without the verification a forged signature would support the strongest tag."""
    monkeypatch.setattr(novelai, "_verified", lambda *_: True)
    assert examine(marked.novelai(key)).tag is Tag.SUPPORTS_FULLY_AI_GENERATED


@pytest.mark.parametrize("name", [mark.name for mark in WATERMARKS])
def test_each_published_pattern_is_decoded(name: str) -> None:
    """On a picture with colour; who embedded it is not known."""
    evidence = examine(Marked(landscape(5)).watermarked(name))
    (found,) = evidence.of("pixel_watermark")
    assert found.values["pattern"] == name
    assert evidence.ai_involvement is AiInvolvement.WATERMARK_DECODED
    assert evidence.tag is Tag.EXTENT_UNKNOWN


@pytest.mark.parametrize("seed", range(8))
def test_no_pattern_is_seen_where_none_is(seed: int) -> None:
    """Pictures of noise and hills stay under every threshold."""
    assert examine(Marked(landscape(seed)).picture("PNG")).of("pixel_watermark")[0].status is Status.ABSENT


def test_a_lower_threshold_would_see_patterns_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bug: the thresholds are what keeps clean pictures clean."""
    low = tuple(type(w)(w.name, w.bits, len(w.bits) // 3) for w in WATERMARKS)
    monkeypatch.setattr(watermark, "WATERMARKS", low)
    assert examine(Marked(landscape(1)).picture("PNG")).of("pixel_watermark")[0].status is Status.PRESENT


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (encoded(embed(landscape(5), "sdxl_48"), "JPEG"), "chroma_subsampled"),
        (encoded(landscape(5), "WEBP"), "chroma_subsampled"),
        (encoded(landscape(5, 64, 64), "PNG"), "too_small"),
        (encoded(landscape(5).convert("P"), "PNG"), "other_pixels"),
        (encoded(landscape(5), "TIFF"), "format_without_pixels"),
    ],
)
def test_where_no_pattern_could_be_it_is_not_looked_for(data: bytes, reason: str) -> None:
    """And that is `unsupported`, with the reason, and not `absent`."""
    (found,) = examine(data).of("pixel_watermark")
    assert (found.status, found.values["reason"]) == (Status.UNSUPPORTED, reason)


def test_a_picture_beyond_the_limit_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size in the head decides, before anything is unpacked."""
    monkeypatch.setattr("fileorigin.pixels.MAX_PIXELS", 1_000)
    data = encoded(landscape(1), "PNG")
    reading = Reading(data, walking.walk(data), Seal())
    assert watermark.watermark(reading).values["reason"] == "too_many_pixels"
    assert reading.pixels.stored_or_none is None


@pytest.mark.parametrize(("most", "reason"), [(1_000, "too_many_pixels"), (0, "not_decoded")])
def test_a_caller_short_of_memory_may_have_fewer_decoded_or_none(most: int, reason: str) -> None:
    """What was not looked for is `unsupported`, and what the file says is found as ever."""
    evidence = examine(Marked(landscape(1)).png(parameters=INFOTEXT), most_pixels=most)
    for check in ("alpha_payload", "pixel_watermark"):
        assert [(one.status, one.values["reason"]) for one in evidence.of(check)] == [(Status.UNSUPPORTED, reason)]
    assert evidence.of("generator_marks")[0].status is Status.PRESENT
    assert evidence.of("c2pa")[0].status is Status.ABSENT


def test_where_nothing_is_decoded_neither_is_a_thumbnail(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is sealed, and it is said that it was not compared and why."""
    data = Marked(landscape(1)).thumbnailed(landscape(2, 64, 48))
    opened: list[object] = []
    monkeypatch.setattr("PIL.JpegImagePlugin.JpegImageFile.load", opened.append)
    (found,) = examine(data, most_pixels=0).of("thumbnail")
    assert (found.status, found.values["not_compared"], opened) == (Status.PRESENT, "not_decoded", [])


def test_a_thumbnail_of_the_same_picture_is_no_difference() -> None:
    """Shrunk, turned or with black bars, it is the same picture."""
    picture = landscape(7)
    small = picture.resize((160, 120))
    bars = Image.new("L", (160, 160))
    bars.paste(small.convert("L"), (0, 20))
    luma = np.asarray(picture.convert("L"))
    for thumb in (small, small.rotate(90, expand=True), bars):
        found = likeness(np.asarray(thumb.convert("L")), luma)
        assert found is not None
        assert found > 0.95


def test_a_thumbnail_of_another_picture_says_that_the_file_was_changed() -> None:
    """That is no mark of AI; beside one it points to a real picture underneath."""
    edited = Marked(landscape(7)).thumbnailed(landscape(8).resize((160, 120)))
    evidence = examine(edited)
    (found,) = evidence.of("thumbnail")
    assert (found.values["differs"], found.strength) == (True, Strength.MODERATE)
    assert evidence.ai_involvement is AiInvolvement.NONE_FOUND
    assert not evidence.suspects_altered_real
    assert any("changed after it was made" in sentence for sentence in describe(evidence))


def test_a_differing_thumbnail_under_a_mark_of_ai_is_a_conflict() -> None:
    """The thumbnail may be what the picture was before."""
    made = Marked(landscape(7)).thumbnailed(landscape(8).resize((160, 120)), software="Fooocus v2.5")
    evidence = examine(made)
    assert evidence.conflicts == ("thumbnail_and_ai_marks",)
    assert evidence.tag is Tag.REAL_BASIS_INDICATED


@pytest.mark.parametrize(
    ("marker", "head"),
    [(b"\xed", b"Photoshop 3.0\0"), (b"\xe0", b"JFXX\0\x10")],
)
def test_thumbnails_outside_exif_are_found_and_compared(marker: bytes, head: bytes) -> None:
    """Photoshop keeps one among its resources, and the head of a JPEG may hold one."""
    small = encoded(landscape(8, 64, 48), "JPEG")
    body = head + (resource(b"\0" * 28 + small, 0x040C) if marker == b"\xed" else small)
    evidence = examine(after_start(encoded(landscape(7), "JPEG"), marker, body))
    assert evidence.of("thumbnail")[0].values["differs"] is True
    assert small in evidence.sealed.values()


@pytest.mark.parametrize("content", [b"\xff\xd8\xffbroken", b""])
def test_a_thumbnail_that_cannot_be_decoded_is_kept_and_not_compared(content: bytes) -> None:
    """It is sealed all the same."""
    block = exif_with(landscape(8, 32, 32))
    at = block.index(b"\xff\xd8")
    broken = block[:at] + content.ljust(len(block) - at, b"\0")
    evidence = examine(after_start(encoded(landscape(7), "JPEG"), b"\xe1", b"Exif\0\0" + broken))
    assert evidence.of("thumbnail")[0].values["not_compared"] == "undecodable_pixels"
    assert evidence.of("thumbnail")[0].sealed_refs


@pytest.mark.parametrize("quality", [10, 50, 75, 90, 95])
def test_standard_tables_name_their_quality(quality: int) -> None:
    """Pillow scales the standard tables, as most software does."""
    parts = walking.walk(encoded(landscape(1, 64, 64), "JPEG", quality=quality))
    assert tables.values(parts.tables) == {"tables": "standard", "jpeg_quality": quality}


def test_tables_of_one_s_own_are_told_apart() -> None:
    """Cameras bring tables that are no scaled standard."""
    own = [list(range(1, 65)), list(range(1, 65))]
    parts = walking.walk(encoded(landscape(1, 64, 64), "JPEG", qtables=own))
    assert tables.values(parts.tables) == {"tables": "own"}


@pytest.mark.parametrize(("note", "fits"), [(b"Nikon\0\2", True), (b"OLYMP\0", False)])
def test_a_maker_note_of_the_make_fits(marked: Any, note: bytes, fits: Any) -> None:
    """A copied Make with another maker's note shows."""
    inner = {0x829A: 0.01, 0x927C: note}
    values = examine(marked.exif(make="NIKON", model="X", inner=inner)).of("camera")[0].values
    assert values["maker_note_matches"] is fits
