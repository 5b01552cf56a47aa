"""Generator text is found, read for its mode, and sealed."""

import json
from typing import Any

import pytest

from fileorigin import AiInvolvement, RealBasis, Status, examine

INFOTEXT = "a red cube on a green table\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x768"
GRAPH = json.dumps({"1": {"class_type": "KSampler"}})
FROM_PICTURE = json.dumps({"1": {"class_type": "LoadImage"}, "2": {"class_type": "VAEEncode"}})


def _unicode(text: str) -> bytes:
    return b"UNICODE\0" + text.encode("utf-16-be")


@pytest.mark.parametrize(
    ("family", "texts"),
    [
        ("a1111", {"parameters": INFOTEXT}),
        ("comfyui", {"prompt": GRAPH}),
        ("comfyui", {"workflow": '{"nodes": []}'}),
        ("invokeai", {"invokeai_metadata": "{}"}),
        ("novelai", {"Software": "NovelAI", "Comment": '{"request_type": "PromptGenerateRequest"}'}),
        ("fooocus", {"parameters": "{}", "fooocus_scheme": "fooocus"}),
        ("swarmui", {"parameters": '{"sui_image_params": {}}'}),
        ("midjourney", {"Description": "a red cube Job ID: 0123abcd-0000"}),
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_each_family_is_known_by_its_png_text(marked: Any, family: str, texts: dict[str, str], zipped: Any) -> None:
    """Packed or plain, the text names its family, and that is an unsigned claim."""
    evidence = examine(marked.png(zipped=zipped, **texts))
    assert [f.values["family"] for f in evidence.of("generator_marks")] == [family]
    assert evidence.ai_involvement is AiInvolvement.CLAIMED_UNSIGNED
    assert evidence.real_basis is RealBasis.UNKNOWN
    assert not evidence.suspects_altered_real


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_infotext_in_the_user_comment(marked: Any, kind: str) -> None:
    """Formats without text chunks carry the same text in EXIF."""
    (found,) = examine(marked.exif(kind, inner={0x9286: _unicode(INFOTEXT)})).of("generator_marks")
    assert found.values["family"] == "a1111"
    assert (found.values["width"], found.values["height"], found.values["sampler"]) == (512, 768, "Euler a")


@pytest.mark.parametrize(
    "texts",
    [
        {"parameters": INFOTEXT + ", Denoising strength: 0.5"},
        {"parameters": INFOTEXT + ", Mask blur: 4"},
        {"parameters": INFOTEXT + ", Inpaint area: Only masked"},
        {"postprocessing": "Postprocess upscale by: 4"},
        {"prompt": FROM_PICTURE},
        {"prompt": FROM_PICTURE.replace("Load", r"\u004coad").replace("VAE", r"\u0056AE")},
        {"prompt": json.dumps({"1": {"class_type": "ReActorFaceSwap"}})},
        {"invokeai_metadata": '{"generation_mode": "img2img"}'},
        {"Software": "NovelAI", "Comment": '{"request_type": "VibeTransferImg2ImgRequest"}'},
        {"Software": "AI generated;img2img;flux"},
    ],
)
def test_a_picture_that_went_in_is_suspected(marked: Any, texts: dict[str, str]) -> None:
    """Every mark of an input picture points to a real picture underneath."""
    evidence = examine(marked.png(**texts))
    assert evidence.suspects_altered_real
    assert evidence.real_basis is RealBasis.INDICATED


def test_high_resolution_repair_explains_the_denoising_strength(marked: Any) -> None:
    """Two passes over one's own picture write the same key; alone it is no mark of an input."""
    text = INFOTEXT + ", Denoising strength: 0.5, Hires upscale: 2"
    assert not examine(marked.png(parameters=text)).suspects_altered_real


@pytest.mark.parametrize("texts", [{"Comment": "Created with GIMP"}, {"Description": "a cube"}, {"prompt": "hi"}])
def test_generic_keys_need_a_structured_match(marked: Any, texts: dict[str, str]) -> None:
    """Keys that ordinary programs write as well are no mark by themselves."""
    (found,) = examine(marked.png(**texts)).of("generator_marks")
    assert found.status is Status.ABSENT


def test_free_text_stays_inside_the_seal(marked: Any) -> None:
    """The prompt and an unknown key name are in `sealed` and nowhere else."""
    evidence = examine(marked.png(parameters=INFOTEXT, little_name="somebody"))
    shown = json.dumps(evidence.to_dict()) + repr(evidence)
    for secret in ("red cube", "little_name", "somebody"):
        assert secret not in shown
        assert any(secret.encode() in kept for kept in evidence.sealed.values())


def test_a_gif_comment_is_read(marked: Any) -> None:
    """A comment extension is a place for text too."""
    assert examine(marked.picture("GIF", comment=INFOTEXT.encode())).suspects_altered_real is False
    (found,) = examine(marked.picture("GIF", comment=INFOTEXT.encode())).of("generator_marks")
    assert found.values["family"] == "a1111"


def test_a_graph_in_make_and_model_is_no_camera(marked: Any) -> None:
    """Animated WebP of one generator keeps its graphs where cameras write their names."""
    tags = {"model": "prompt:" + FROM_PICTURE, "make": 'workflow:{"nodes": []}'}
    evidence = examine(marked.exif("WEBP", inner={0x829A: 0.01}, **tags))
    assert evidence.suspects_altered_real
    assert evidence.of("camera")[0].status is Status.ABSENT
