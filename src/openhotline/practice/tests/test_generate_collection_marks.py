"""Marks inside the files, and files that are broken."""

import io
import json
import warnings
from dataclasses import replace
from pathlib import Path

import c2pa
import numpy as np
import pytest
from PIL import Image, UnidentifiedImageError

from openhotline.practice.collection.broken import broken_bytes
from openhotline.practice.collection.credentials import new_identity, sign
from openhotline.practice.collection.families import Maker
from openhotline.practice.collection.marks import _PROMPTS, labels
from openhotline.practice.collection.planned import Family, PlannedFile
from openhotline.practice.collection.structure import load

CHANCE = np.random.default_rng(1)


def saved(format_: str, *marks: str) -> Image.Image:
    out = io.BytesIO()
    picture = Image.linear_gradient("L").convert("RGB")
    picture.save(out, format_.upper(), **labels(marks, format_, CHANCE).options(format_))
    return Image.open(out)


def test_generator_text_stands_where_generators_put_it() -> None:
    """PNG as `parameters`, other formats as an EXIF user comment in UTF-16."""
    png = saved("png", "generator_text").text["parameters"]
    comment = saved("jpeg", "generator_text").getexif().get_ifd(0x8769)[0x9286]
    assert comment.startswith(b"UNICODE\0")
    for words in (png, comment[8:].decode("utf-16-be")):
        assert words.partition("\n")[0] in _PROMPTS
        assert "Sampler: Euler a" in words


def test_a_comfyui_graph_starts_from_an_empty_latent_and_loads_no_picture() -> None:
    text = saved("png", "comfyui_graph").text
    kinds = {node["class_type"] for node in json.loads(text["prompt"]).values()}
    assert "EmptyLatentImage" in kinds
    assert "LoadImage" not in kinds
    assert {node["type"] for node in json.loads(text["workflow"])["nodes"]} == kinds


def test_an_altered_picture_says_that_another_lies_underneath() -> None:
    assert json.loads(saved("png", "invokeai_img2img").text["invokeai_metadata"])["generation_mode"] == "img2img"
    for format_ in ("jpeg", "webp"):
        assert b"/compositeWithTrainedAlgorithmicMedia" in saved(format_, "xmp_composite").info["xmp"]


@pytest.mark.parametrize("format_", ["jpeg", "png", "webp"])
def test_the_digital_source_type_is_written_as_xmp(format_: str) -> None:
    info = saved(format_, "xmp_trained").info
    packet = info["xmp"] if "xmp" in info else info["XML:com.adobe.xmp"].encode()
    assert b"digitalsourcetype/trainedAlgorithmicMedia" in packet


def test_camera_marks_name_a_practice_camera() -> None:
    exif = saved("jpeg", "camera_exif").getexif()
    assert exif[0x010F] == "PRACTICE Camera Works"
    assert exif.get_ifd(0x8769)[0x829D] == pytest.approx(2.8)


def test_without_marks_nothing_is_written() -> None:
    assert not saved("jpeg").getexif()
    assert not saved("png").text


def read_credentials(data: bytes, root: bytes) -> str:
    offline = {
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
        "core": {"allowed_network_hosts": []},
        "trust": {"trust_anchors": root.decode(), "trust_config": "1.3.6.1.5.5.7.3.4\n"},
    }
    reader = c2pa.Reader.try_create("image/jpeg", io.BytesIO(data), context=c2pa.Context.from_dict(offline))
    return reader.get_validation_state()


def test_a_signed_file_is_trusted_under_its_own_practice_root_only() -> None:
    picture = io.BytesIO()
    Image.linear_gradient("L").save(picture, "JPEG")
    ours, another = new_identity(), new_identity()
    signed = sign(picture.getvalue(), "image/jpeg", ours)
    assert read_credentials(signed, ours.root) == "Trusted"
    assert read_credentials(signed, another.root) == "Valid"


def test_signed_files_of_an_interrupted_call_are_signed_again(tmp_path: Path) -> None:
    """The key of the interrupted call is gone, and the folder holds the root of the last one."""
    original = PlannedFile(1, "jpeg", "jpg", "cross-N", 512, 512, marks=("c2pa_trained",))
    family = Family(original, exact=(replace(original, number=2, relation="exact_duplicate"),))
    Maker(tmp_path, 1, load(), new_identity()).make(family)
    last = new_identity()
    first, copy = Maker(tmp_path, 1, load(), last).make(family)
    assert read_credentials((tmp_path / original.path).read_bytes(), last.root) == "Trusted"
    assert first.sha256 == copy.sha256


def opened(data: bytes) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        picture = Image.open(io.BytesIO(data))
        picture.load()
    return picture


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("empty", UnidentifiedImageError),
        ("text_as_jpeg", UnidentifiedImageError),
        ("bytes_as_png", UnidentifiedImageError),
        ("truncated_jpeg", OSError),
        ("png_inflating_text", ValueError),
        ("png_400_megapixels", Image.DecompressionBombError),
    ],
)
def test_a_careful_decoder_refuses(kind: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        opened(broken_bytes(kind, 5))


def test_bombs_are_small_until_they_are_opened() -> None:
    bombs = ("png_400_megapixels", "png_inflating_text", "gif_100000_frames")
    assert all(len(broken_bytes(kind, 1)) < 2_000_000 for kind in bombs)
    assert broken_bytes("gif_100000_frames", 1).count(b"\x2c\0\0\0\0\1\0\1\0") == 100_000


def test_the_frames_of_the_animation_are_real_frames() -> None:
    picture = Image.open(io.BytesIO(broken_bytes("gif_100000_frames", 1)))
    picture.seek(40)
    picture.load()
    assert picture.size == (320, 240)


def test_two_unreadable_files_of_one_kind_differ_unless_they_are_empty() -> None:
    for kind in load().unreadable:
        same = broken_bytes(kind.kind, 1) == broken_bytes(kind.kind, 2)
        assert same == (kind.kind == "empty")
