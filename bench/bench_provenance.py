"""How many marks of origin are seen, on genuine and on forged files, and how many on clean ones.

Base pictures are sample photographs of things (scikit-image) and landscapes drawn by rule. For each mark, counted over
the pictures: genuine (written as its writer does it; a signed one by a trusted signer), forged (written by anybody; a
signed one by a signer of their own, or taken from another picture), clean (no mark), and genuine ones saved again.
"Seen" says that the mark's own check is present; the axes and the tag say what it came to. Nothing is asserted here:
the rules are the tests' to hold. Also: the most bits of each watermark pattern that a clean picture agrees with,
the likeness of thumbnails of the same and of other pictures, and what maps of JPEG history would show and cost, which
fileorigin therefore does not make. Prints one JSON object, and writes it.

    python bench/bench_provenance.py [--quick] [--out FILE]
"""

import argparse
import io
import itertools
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from nacl.signing import SigningKey
from PIL import Image

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from local_maps import of_maps  # noqa: E402 - found by the path set above

from fileorigin import Evidence, Status, Tag, TrustLists, examine  # noqa: E402 - as above
from fileorigin.checks import novelai, thumbnail, watermark  # noqa: E402 - as above
from fileorigin.vocabulary import WATERMARKS  # noqa: E402 - as above
from marking import (  # noqa: E402 - found by the path set above
    INFOTEXT,
    SOURCE,
    Marked,
    Signer,
    encoded,
    landscape,
    photographs,
    public,
    transplanted,
)

SEED = 7
GRAPH = '{"1": {"class_type": "KSampler"}}'
GENERATOR_KEY, FORGER_KEY = SigningKey(b"\1" * 32), SigningKey(b"\2" * 32)
AGAIN = {"PNG": {}, "JPEG": {"quality": 90}, "WEBP": {"quality": 80}}
Writer = Callable[[Marked], bytes]


def unsigned() -> dict[str, tuple[str, Writer]]:
    """Marks that anybody can write: a forged one is the same as a genuine one."""
    claim = f'e:DigitalSourceType="{SOURCE}trainedAlgorithmicMedia"'
    marks: dict[str, tuple[str, Writer]] = {
        "generator text in PNG": ("generator_marks", lambda m: m.png(parameters=INFOTEXT)),
        "generator graph in PNG": ("generator_marks", lambda m: m.png(prompt=GRAPH)),
        "generator comment in JPEG": ("generator_marks", lambda m: m.commented(INFOTEXT)),
        "generator comment in WebP": ("generator_marks", lambda m: m.commented(INFOTEXT, "WEBP")),
        "hidden in alpha": ("alpha_payload", lambda m: m.hidden(INFOTEXT)),
        "hidden in colour": ("alpha_payload", lambda m: m.hidden(INFOTEXT, "colour")),
        "IPTC source type": ("digital_source_type", lambda m: m.xmp(claim)),
        "IPTC 2025.1 property": ("ai_properties", lambda m: m.xmp('e:AISystemUsed="a machine"')),
        "IPTC credit line": ("ai_properties", lambda m: m.iptc("Made with Google AI")),
        "AIGC label in XMP": ("aigc_label", lambda m: m.xmp('t:AIGC=\'{"Label": "1"}\'')),
        "AIGC label in PNG": ("aigc_label", lambda m: m.png(AIGC='{"Label": "1"}')),
        "camera": ("camera", lambda m: m.camera()),
    }
    for mark in WATERMARKS:
        marks[f"watermark {mark.name}"] = ("pixel_watermark", lambda m, name=mark.name: m.watermarked(name))
    return marks


def signed(genuine: Signer, forger: Signer) -> dict[str, tuple[str, Writer, Writer]]:
    """Marks that only their signer can write: how it is done, and how it is forged."""
    ours = genuine.sign(Marked(landscape(99, 96, 96)).picture())

    def tampered(made: Marked) -> bytes:
        content = bytearray(genuine.sign(made.picture()))
        content[-20] ^= 1
        return bytes(content)

    def copied(made: Marked) -> bytes:
        theirs = Image.open(io.BytesIO(Marked(landscape(98, 96, 96)).novelai(GENERATOR_KEY)))
        return made.png(Software="NovelAI", Comment=str(theirs.info["Comment"]))

    def by_genuine(made: Marked) -> bytes:
        return genuine.sign(made.picture())

    return {
        "C2PA, signer of their own": ("c2pa", by_genuine, lambda m: forger.sign(m.picture())),
        "C2PA, taken from another file": ("c2pa", by_genuine, lambda m: transplanted(ours, m.picture())),
        "C2PA, changed after signing": ("c2pa", by_genuine, tampered),
        "C2PA, over a trusted one": ("c2pa", by_genuine, lambda m: forger.sign(m.picture(), over=ours)),
        "NovelAI, key of their own": (
            "novelai_signature",
            lambda m: m.novelai(GENERATOR_KEY),
            lambda m: m.novelai(FORGER_KEY),
        ),
        "NovelAI, taken from another file": ("novelai_signature", lambda m: m.novelai(GENERATOR_KEY), copied),
    }


def examined(files: Iterable[bytes], trust: TrustLists) -> list[Evidence]:
    """The evidence of files, with one signer's root trusted."""
    return [examine(content, trust=trust) for content in files]


def told(check: str, found: list[Evidence]) -> dict[str, Any]:
    """What a mark's check says over files, and what they came to."""
    seen = [e for e in found if e.of(check)[0].status is Status.PRESENT]
    return {
        "files": len(found),
        "seen": len(seen),
        "ai_involvement": dict(Counter(e.ai_involvement.value for e in found)),
        "supports_fully_ai_generated": sum(e.tag is Tag.SUPPORTS_FULLY_AI_GENERATED for e in found),
    } | _outcomes(check, found)


def _outcomes(check: str, found: list[Evidence]) -> dict[str, Any]:
    outcomes = Counter(str(e.of(check)[0].values["outcome"]) for e in found if "outcome" in e.of(check)[0].values)
    return {"outcomes": dict(outcomes)} if outcomes else {}


def saved_again(check: str, files: list[bytes], trust: TrustLists) -> dict[str, str]:
    """How many of the marked files still show the mark after Pillow saved them again."""
    out = {}
    for kind, options in AGAIN.items():
        again = [encoded(_opened(content, kind), kind, **options) for content in files]
        out[kind] = f"{told(check, examined(again, trust))['seen']} of {len(again)}"
    return out


def _opened(content: bytes, kind: str) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    fresh = Image.fromarray(np.asarray(picture))
    return fresh.convert("RGB") if kind == "JPEG" else fresh


def of_marks(pictures: Mapping[str, Image.Image], genuine: Signer, forger: Signer) -> dict[str, Any]:
    """The counts by mark."""
    bases = [Marked(picture) for picture in pictures.values()]
    clean = [base.picture(kind) for base in bases for kind in ("PNG", "JPEG", "WEBP")]
    clean += [base.picture("JPEG", subsampling=0) for base in bases]
    unmarked = examined(clean, genuine.trust)
    out: dict[str, Any] = {}
    for name, (check, write) in unsigned().items():
        files = [write(base) for base in bases]
        out[name] = {
            "check": check,
            "genuine_or_forged": told(check, examined(files, genuine.trust)),
            "clean": told(check, unmarked),
            "saved_again": saved_again(check, files, genuine.trust),
        }
    for name, (check, write, forge) in signed(genuine, forger).items():
        out[name] = {
            "check": check,
            "genuine": told(check, examined(map(write, bases), genuine.trust)),
            "forged": told(check, examined(map(forge, bases), genuine.trust)),
            "clean": told(check, unmarked),
        }
    return out


def of_patterns(pictures: Mapping[str, Image.Image], drawn: int) -> dict[str, Any]:
    """The most bits of each pattern that a clean picture agrees with; photographs and drawn ones apart."""
    sets = {
        "photographs": [np.asarray(p) for p in pictures.values()],
        "photographs in pieces": [np.asarray(piece) for p in pictures.values() for piece in _pieces(p)],
        "landscapes": [np.asarray(landscape(seed, 320, 320)) for seed in range(drawn)],
        "plain": [np.full((320, 320, 3), value, np.uint8) for value in itertools.product((0, 128, 255), repeat=3)],
    }
    bits = {name: [watermark.block_bits(pixels) for pixels in held] for name, held in sets.items()}
    return {
        mark.name: {"bits": len(mark.bits), "least": mark.least}
        | {
            f"most in {len(held)} {name}": max(watermark.agreement(scores, mark) for scores in held)
            for name, held in bits.items()
        }
        for mark in WATERMARKS
    }


def _pieces(picture: Image.Image, side: int = 256) -> Iterable[Image.Image]:
    for left, top in itertools.product(range(0, picture.width - side, 61), range(0, picture.height - side, 61)):
        yield picture.crop((left, top, left + side, top + side))


def of_thumbnails(pictures: Mapping[str, Image.Image]) -> dict[str, Any]:
    """The likeness of thumbnails (160 x 120, JPEG) of the same picture and of every other."""
    lumas = [np.asarray(_within(p, 256)) for p in pictures.values()]
    thumbs = [np.asarray(_jpeg(p.resize((160, 120)))) for p in pictures.values()]
    turned = [np.asarray(_jpeg(_within(p, 160).rotate(90, expand=True))) for p in pictures.values()]
    cropped = [np.asarray(_jpeg(_cropped(p).resize((160, 120)))) for p in pictures.values()]
    others = [thumbnail.likeness(thumbs[i], lumas[j]) or 0.0 for i, j in itertools.permutations(range(len(lumas)), 2)]
    return {
        "alike_from": thumbnail.ALIKE,
        "same, least": _least(thumbs, lumas),
        "same and turned, least": _least(turned, lumas),
        "cropped by a tenth, called different": f"{_different(cropped, lumas)} of {len(lumas)}",
        f"other, most of {len(others)}": round(max(others), 3),
    }


def _least(thumbs: list[Any], lumas: list[Any]) -> float:
    return round(min(thumbnail.likeness(t, p) or 0.0 for t, p in zip(thumbs, lumas, strict=True)), 3)


def _different(thumbs: list[Any], lumas: list[Any]) -> int:
    return sum((thumbnail.likeness(t, p) or 0.0) < thumbnail.ALIKE for t, p in zip(thumbs, lumas, strict=True))


def _within(picture: Image.Image, side: int) -> Image.Image:
    luma = picture.convert("L")
    luma.thumbnail((side, side), Image.Resampling.BOX)
    return luma


def _jpeg(picture: Image.Image) -> Image.Image:
    return Image.open(io.BytesIO(encoded(picture, "JPEG", quality=75))).convert("L")


def _cropped(picture: Image.Image) -> Image.Image:
    wide, high = picture.size
    return picture.crop((wide // 20, high // 20, wide - wide // 20, high - high // 20))


def bench(*, quick: bool) -> dict[str, Any]:
    """Count all of it."""
    photos = photographs(320 if quick else None)
    pictures = photos | {f"landscape {n}": landscape(SEED * 100 + n) for n in range(2 if quick else 12)}
    novelai.signature.__defaults__ = (public(GENERATOR_KEY),)  # the generator's own key is not ours to sign with
    return {
        "seed": SEED,
        "pictures": {"photographs": len(photos), "landscapes": len(pictures) - len(photos)},
        "marks": of_marks(pictures, Signer(), Signer()),
        "watermark_bits_on_clean_pictures": of_patterns(photos, 20 if quick else 300),
        "thumbnails": of_thumbnails(pictures),
        "local_maps": of_maps(photos),
    }


def main() -> None:
    """Count once, print and write."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--quick", action="store_true", help="fewer and smaller pictures; writes no file")
    asked.add_argument("--out", type=Path, default=HERE / "results" / "provenance.json")
    chosen = asked.parse_args()
    quick = chosen.quick or bool(os.environ.get("QUICK"))
    text = json.dumps(bench(quick=quick), indent=2)
    print(text)
    if not quick:
        chosen.out.write_text(text + "\n")


if __name__ == "__main__":
    main()
