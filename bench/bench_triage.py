"""How well near duplicates are stacked, how much people look at, and how long it takes when a list grows.

Stacks: a practice collection and its truth, hashed and stacked as triage does, by kind of change; and photographs and
landscapes changed in ways that the collection does not have, as they stand and in the eight positions. "Cannot be seen"
says that fewer than a tenth of such changed pictures lie within 31 bits of their original. Views: a practice run, with
what looking at each readable file by itself would take beside it. A list that grows: triaged items and a list as long
that gets 1 % more lines, of which a fifth are near an item; the matching alone (new lines in eight positions against
all items), and every step with its tables. Practice pictures are generated: the figures hold for them. Prints one JSON
object with the sizes, and writes it.

    python bench/bench_triage.py [--quick] [--files N] [--found N] [--items N] [--out FILE]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageOps

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from triage_lists import grown, matched, seconds  # noqa: E402 - as above

from hashmatch import UnreadableImage, pdq, stack, turned  # noqa: E402 - found by the path set above
from marking import landscape, photographs  # noqa: E402 - as above

SEED = 11
RADIUS, LEAST_QUALITY = 31, 50
CANNOT = 0.1
Change = Callable[[Image.Image], Image.Image]


def _bordered(picture: Image.Image) -> Image.Image:
    return ImageOps.expand(picture, border=picture.width // 8, fill=(250, 250, 250))


def _captioned(picture: Image.Image) -> Image.Image:
    changed = picture.copy()
    ImageDraw.Draw(changed).rectangle((0, picture.height * 4 // 5, picture.width, picture.height), fill=(0, 0, 0))
    return changed


def _cropped(share: float) -> Change:
    def cropped(picture: Image.Image) -> Image.Image:
        wide, high = int(picture.width * share / 2), int(picture.height * share / 2)
        return picture.crop((wide, high, picture.width - wide, picture.height - high))

    return cropped


def _collage(picture: Image.Image) -> Image.Image:
    sheet = Image.new("RGB", (picture.width * 2, picture.height * 2), (90, 120, 90))
    sheet.paste(picture, (0, 0))
    return sheet


CHANGES: dict[str, Change] = {
    "half the size": lambda p: p.resize((p.width // 2, p.height // 2)),
    "grey": lambda p: p.convert("L").convert("RGB"),
    "mirrored": ImageOps.mirror,
    "turned by 90 degrees": lambda p: p.transpose(Image.Transpose.ROTATE_90),
    "turned by 180 degrees": lambda p: p.transpose(Image.Transpose.ROTATE_180),
    "turned by 5 degrees": lambda p: p.rotate(5),
    "cropped by a twentieth": _cropped(0.05),
    "cropped by a tenth": _cropped(0.1),
    "cropped by a quarter": _cropped(0.25),
    "a border of an eighth": _bordered,
    "a caption over a fifth": _captioned,
    "negative": ImageOps.invert,
    "one of four in a collage": _collage,
    "squeezed to two thirds of its width": lambda p: p.resize((p.width * 2 // 3, p.height)),
}


def of_collection(folder: Path, items: int) -> dict[str, Any]:
    """Stack a practice collection; by change, the share of copies that lie in the stack of their original."""
    from openhotline.practice.collection import generate

    generate(folder, items=items, seed=SEED)
    truth = [json.loads(line) for line in (folder / "truth.jsonl").read_text().splitlines()]
    rows = [row for row in truth if row["readable"]]
    found = pdq.many(folder / row["file"] for row in rows)
    hashed = [(row, one) for row, one in zip(rows, found, strict=True) if not isinstance(one, UnreadableImage)]
    clear = [(row, one) for row, one in hashed if one.quality >= LEAST_QUALITY]
    labels = stack(np.stack([np.frombuffer(one.hash, np.uint8) for _, one in clear]), RADIUS)
    label = {row["number"]: int(one) for (row, _), one in zip(clear, labels, strict=True)}
    family = {row["number"]: row["original"] or row["number"] for row, _ in clear}
    return {
        "files": items,
        "readable": len(rows),
        "too_plain_to_stack": len(hashed) - len(clear),
        "stacks": len(set(label.values())),
        "recall_by_change": _recall(rows, label),
        **_pairs(label, family),
    }


def _recall(rows: list[dict[str, Any]], label: dict[int, int]) -> dict[str, Any]:
    counts: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        if row["original"]:
            mine, theirs = label.get(row["number"]), label.get(row["original"])
            counts[row["change"] or "same bytes"].append(mine is not None and mine == theirs)
    return {change: {"of": len(each), "stacked": sum(each)} for change, each in sorted(counts.items())}


def _pairs(label: dict[int, int], family: dict[int, int]) -> dict[str, Any]:
    """Count pairs of files that share a stack, and a family; each pair once."""
    stacks, families, both = (defaultdict[Any, int](int) for _ in range(3))
    for number, name in label.items():
        stacks[name] += 1
        families[family[number]] += 1
        both[name, family[number]] += 1
    in_stacks, in_families, right = (
        sum(many * (many - 1) // 2 for many in each.values()) for each in (stacks, families, both)
    )
    return {
        "pairs_that_share_a_stack": in_stacks,
        "of_them_of_one_family": right,
        "pairs_of_one_family": in_families,
        "precision": round(right / in_stacks, 4) if in_stacks else None,
        "recall": round(right / in_families, 4) if in_families else None,
    }


def of_changes(pictures: list[Image.Image]) -> dict[str, Any]:
    """By change: pictures within 31 bits of their original as they stand, and in one of the eight positions."""
    told: dict[str, Any] = {}
    originals = [pdq.from_pixels(np.asarray(one)) for one in pictures]
    clear = [(one, made) for one, made in zip(pictures, originals, strict=True) if made.quality >= LEAST_QUALITY]
    positions = turned(np.stack([np.frombuffer(made.hash, np.uint8) for _, made in clear]))
    for name, change in CHANGES.items():
        hashes = [pdq.from_pixels(np.asarray(change(one).convert("RGB"))).hash for one, _ in clear]
        bits = [_bits(eight, made) for eight, made in zip(positions, hashes, strict=True)]
        stands, any_way = sum(each[0] <= RADIUS for each in bits), sum(min(each) <= RADIUS for each in bits)
        told[name] = {
            "of": len(clear),
            "as_it_stands": stands,
            "in_eight_positions": any_way,
            "pdq": "cannot be seen" if any_way < CANNOT * len(clear) else "in eight positions alone"
            if stands < CANNOT * len(clear) else "seen" if stands > (1 - CANNOT) * len(clear) else "in part",
        }  # fmt: skip
    return told


def _bits(eight: Any, made: bytes) -> list[int]:
    return np.bitwise_count(eight ^ np.frombuffer(made, np.uint8)).sum(axis=1).tolist()


def of_views(items: int) -> dict[str, Any]:
    """Play a practice run and count looks, beside one look at each readable file found."""
    command = [str(Path(sys.executable).with_name("openhotline")), "practice", "run", "--items", str(items), "--json"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    run = json.loads(said)
    figures = run.get("figures", run)
    found, readable = figures["found"], figures["found"] - sum(figures["unreadable"].values())
    full, glimpsed = figures["views"], figures["items"] - sum(figures["unreadable"].values())
    return {
        "files_found": found,
        "one_by_one": readable,
        "full_looks": full,
        "first_and_further_opinions": figures["assessed"],
        "second_opinions_among_them": figures["second_opinions"],
        "glimpsed_at_most": min(glimpsed, figures["stacks"]),
        "per_1000_found": {
            "one_by_one": round(1000 * readable / found),
            "full_looks": round(1000 * full / found),
            "glimpses_at_most": round(1000 * min(glimpsed, figures["stacks"]) / found),
        },
    }


def bench(*, quick: bool, files: int, found: int, items: int) -> dict[str, Any]:
    """Measure all of it, and how long each part took."""
    photos = [one.convert("RGB") for one in photographs(320 if quick else None).values()]
    drawn = [landscape(SEED * 1000 + n) for n in range(20 if quick else 200)]
    with tempfile.TemporaryDirectory() as folder:
        parts: dict[str, Callable[[], dict[str, Any]]] = {
            "stacks_of_the_practice_collection": lambda: of_collection(Path(folder), files),
            "further_changes": lambda: {"photographs": of_changes(photos), "landscapes": of_changes(drawn)},
            "views": lambda: of_views(found),
            "matching_alone": lambda: matched(2_000 if quick else 1_000_000, 0.01),
            "a_list_that_grows": lambda: grown(items, 0.01),
        }
        told: dict[str, Any] = {
            "seed": SEED,
            "cores": os.cpu_count(),
            "load": [round(value, 2) for value in os.getloadavg()],
        }
        took = {name: seconds(lambda name=name: told.update({name: parts[name]()})) for name in parts}
    return told | {"seconds_of_each_part": took}


def main() -> None:
    """Measure once, print and write."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--quick", action="store_true", help="smaller samples; writes no file")
    asked.add_argument("--files", type=int, default=3_000, help="of the practice collection that is stacked")
    asked.add_argument("--found", type=int, default=1_000, help="by the practice run whose looks are counted")
    asked.add_argument("--items", type=int, default=1_000_000, help="triaged, and lines of the list that grows")
    asked.add_argument("--out", type=Path, default=HERE / "results" / "triage.json")
    chosen = asked.parse_args()
    quick = chosen.quick or bool(os.environ.get("QUICK"))
    sizes = (300, 100, 2_000) if quick else (chosen.files, chosen.found, chosen.items)
    text = json.dumps(bench(quick=quick, files=sizes[0], found=sizes[1], items=sizes[2]), indent=2)
    print(text)
    if not quick:
        chosen.out.write_text(text + "\n")


if __name__ == "__main__":
    main()
