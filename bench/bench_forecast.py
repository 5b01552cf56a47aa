"""What forecasts rest on: theory and a practice run for capacity, distances of generated pictures for hash lists.

Queues: the simulation beside M/M/c and M/M/1 with priorities, where queueing theory knows the mean wait. Practice: a
practice run, whose stacks, shares and looks the simulation is given, and beside each other what follows: opinions,
looking, and how long people took. Distances: generated scenes hashed by PDQ, all pairs of them; how many copies that
were changed, and pictures of which a part is another, still lie within 31 bits. Pictures are shapes, textures and
landscapes: the figures hold for them. Prints one JSON object, and writes it.

    python bench/bench_forecast.py [--pictures N] [--found N] [--out FILE] [--distances FILE]

QUICK=1 in the environment, or --quick, takes few of everything. --distances writes the file that the study of hash
lists reads (src/openhotline/forecast/distances.json).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from bench_triage import CHANGES  # noqa: E402 - found by the path set above

from hashmatch import pdq  # noqa: E402 - as above

SEED = 7
LEAST_QUALITY, RADIUS, SIDE = 50, 31, 256
TEMPLATES = ("fractal noise", "landscapes", "cells", "shapes", "waves", "gradients")
"""The kinds of scenes of the practice collection, in the order in which a seed draws them."""
OF_ONE = (70, 50, 30)
"""Percent of another scene in each of many pictures made from one: what a template does, as far as shapes show it."""
BLENDS = (5, 10, 20, 30, 40, 50)
# Of the changes: those that show the same picture upright. Of the others PDQ sees nothing, which bench_triage tells.
SEEN = ("half the size", "grey", "turned by 5 degrees", "cropped by a twentieth", "cropped by a tenth",
        "a border of an eighth", "a caption over a fifth", "squeezed to two thirds of its width")  # fmt: skip
Hashes = np.ndarray[Any, np.dtype[np.uint8]]


def ready() -> None:
    """Set Django up with a folder of its own."""
    os.environ.setdefault("OPENHOTLINE_VAR", tempfile.mkdtemp(prefix="bench-forecast-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openhotline.config.settings")
    import django

    django.setup()


def queues(runs: int, days: float) -> list[dict[str, Any]]:
    """Hold mean waits against theory: simulated with the 95 % interval over runs, and what theory says."""
    from openhotline.forecast.models.capacity import Spread
    from openhotline.forecast.models.hotline import DAY, NO_LIMITS, Band, Durations, Hotline
    from openhotline.forecast.models.queueing import mmc_wait, priority_waits
    from openhotline.forecast.models.simulation import simulate

    def waits(servers: int, load: float, bands: int) -> list[Spread]:
        hotline = Hotline(
            stacks_a_day=load * servers * DAY / 100, analysts=servers, seniors=0,
            look=Durations((100.0,), exponential=True), beside=Durations((0.0,)),
            bands=tuple(Band(str(n), 1 / bands) for n in range(bands)),
            direct=1.0, hours=24, days_a_week=7, limits=NO_LIMITS,
        )  # fmt: skip
        means: list[list[float]] = [[] for _ in range(bands)]
        for run in range(runs):
            played = simulate(hotline, days=days, rng=np.random.default_rng([SEED, servers, run]))
            # The first tenth fills an empty hotline.
            there = np.isfinite(played.began) & (played.came > played.until / 10)
            for band in range(bands):
                rows = there & (played.band == band)
                means[band].append(float((played.began - played.came)[rows].mean()))
        return [Spread.of(each) for each in means]

    told = []
    for servers, load in ((1, 0.5), (1, 0.8), (3, 0.8), (12, 0.9)):
        theory = mmc_wait(arrivals=load * servers / 100, service=100, servers=servers)
        told.append(_beside(f"M/M/{servers}, load {load}", waits(servers, load, 1)[0], theory))
    pair = priority_waits(arrivals=[0.004, 0.004], service=100)
    for place, (found, theory) in enumerate(zip(waits(1, 0.8, 2), pair, strict=True)):
        told.append(_beside(f"M/M/1 with two priorities, load 0.8, priority {place + 1}", found, theory))
    return told


def _beside(name: str, found: Any, theory: float) -> dict[str, Any]:
    inside = found.low <= theory <= found.high
    return {
        "queue": name, "theory_s": round(theory, 2), "simulated_s": round(found.mean, 2),
        "low_s": round(found.low, 2), "high_s": round(found.high, 2), "theory_inside": inside,
    }  # fmt: skip


def practice(found: int) -> dict[str, Any]:
    """Play a practice run in a folder of its own, and hold the simulation with its figures against it."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"OPENHOTLINE_VAR": folder}
        command = [str(Path(sys.executable).with_name("openhotline")), "practice", "run", "--var", folder]
        subprocess.run([*command, "--items", str(found)], env=environment, check=True, capture_output=True)
        compare = [sys.executable, str(Path(__file__).resolve()), "--compare"]
        done = subprocess.run(compare, env=environment, check=True, capture_output=True, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def compare() -> dict[str, Any]:
    """Simulate the practice run of this data folder, everything there from the beginning; both beside each other."""
    from dataclasses import replace

    from django.db.models import Max, Min, Sum

    from openhotline.assessment.queries import opinions
    from openhotline.core.clock import now
    from openhotline.exposure.models import View
    from openhotline.forecast.models.capacity import Spread
    from openhotline.forecast.models.hotline import HOUR
    from openhotline.forecast.models.simulation import simulate
    from openhotline.forecast.queries import measured
    from openhotline.triage.models import Stack

    # Scripted analysts work round the clock and take no time beside a look.
    own = measured(now(), assume={"hours": 24, "days_a_week": 7, "beside": 0}).hotline
    people = Stack.objects.count() * (1 - own.aside_by_machine)
    bands = tuple(
        replace(band, unsorted=round(people * band.share * (1 - own.direct / (1 - own.aside_by_machine))),
                waiting=round(people * band.share * own.direct / (1 - own.aside_by_machine)))
        for band in own.bands
    )  # fmt: skip
    own = replace(own, bands=bands, stacks_a_day=0.0)
    runs = [simulate(own, days=30, rng=np.random.default_rng([SEED, run])) for run in range(20)]
    given, views = opinions(), View.objects.aggregate(a=Min("shown_at"), b=Max("shown_at"), s=Sum("seconds"))
    long = [float(one.settled[np.isfinite(one.settled)].max()) / HOUR for one in runs]
    rows = {
        "opinions": (given.assessments, [float(sum(one.opinions)) for one in runs]),
        "second opinions": (given.second, [float(one.opinions[1]) for one in runs]),
        "third opinions": (given.third, [float(one.opinions[2]) for one in runs]),
        "seconds of looking": (round(views["s"]), [one.looked for one in runs]),
        "hours from first to last look": (round((views["b"] - views["a"]).total_seconds() / HOUR, 2), long),
    }
    return {
        "stacks": Stack.objects.count(), "people": own.analysts, "runs": len(runs),
        "rows": [
            {"what": name, "practice": real, "simulated": round(Spread.of(values).mean or 0, 2),
             "lowest_run": round(min(values), 2), "highest_run": round(max(values), 2)}
            for name, (real, values) in rows.items()
        ],
    }  # fmt: skip


def distances(pictures: int) -> dict[str, Any]:
    """Measure how far generated scenes lie apart, all together and by kind, and what a hash survives."""
    from openhotline.forecast.models.distances import chance_within, histograms
    from openhotline.practice.collection.scenes import paint

    by_template: dict[str, list[bytes]] = defaultdict(list)
    first: list[Image.Image] = []
    for place in range(pictures):
        # The first number of a generator draws the kind of its scene.
        kind = TEMPLATES[int(np.random.default_rng([SEED, place]).integers(len(TEMPLATES)))]
        scene = paint(np.random.default_rng([SEED, place]), SIDE, SIDE).coloured()
        made = pdq.from_pixels(np.asarray(scene))
        if made.quality >= LEAST_QUALITY:
            by_template[kind].append(made.hash)
            if len(first) < pictures // 8:
                first.append(scene)
    every = [one for kind in TEMPLATES for one in by_template[kind]]
    rng = np.random.default_rng(SEED)
    sets = {"varied scenes": every, "landscapes alone": by_template["landscapes"]}
    for new in OF_ONE:
        made_of_one = (Image.blend(first[0], other, new / 100) for other in first[1:])
        hashed = (pdq.from_pixels(np.asarray(each)) for each in made_of_one)
        sets[f"one picture, {new} % of each new"] = [one.hash for one in hashed if one.quality >= LEAST_QUALITY]
    chances = {name: chance_within(histograms(_stacked(each), rng=rng), seed=SEED) for name, each in sets.items()}
    return {
        "unrelated": {name: vars(one) for name, one in chances.items()},
        "changes": {name: _within((one, CHANGES[name](one)) for one in first) for name in SEEN},
        "remakes": {
            str(share): _within((one, Image.blend(one, other, share / 100)) for one, other in pairwise(first))
            for share in BLENDS
        },
        "pictures": len(every),
        "seed": SEED,
    }


def _stacked(hashes: list[bytes]) -> Hashes:
    return np.stack([np.frombuffer(one, np.uint8) for one in hashes])


def _within(pairs: Iterable[tuple[Image.Image, Image.Image]]) -> dict[str, int]:
    hits = of = 0
    for original, changed in pairs:
        one, other = (pdq.from_pixels(np.asarray(each.convert("RGB"))).hash for each in (original, changed))
        hits += (int.from_bytes(one) ^ int.from_bytes(other)).bit_count() <= RADIUS
        of += 1
    return {"hits": hits, "of": of}


def main() -> None:
    """Measure, print and write."""
    quick = os.environ.get("QUICK") == "1"
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", default=quick)
    parser.add_argument("--pictures", type=int)
    parser.add_argument("--found", type=int)
    parser.add_argument("--out", type=Path, help="without it bench/results/forecast.json; of a quick run nothing")
    parser.add_argument("--distances", type=Path)
    parser.add_argument("--compare", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    ready()
    if asked.compare:
        print(json.dumps(compare()))
        return
    began = time.monotonic()
    quick = asked.quick
    apart = distances(asked.pictures or (600 if quick else 12_000))
    if asked.distances:
        asked.distances.write_text(json.dumps(apart, indent=1) + "\n", encoding="utf-8")
    told = {
        "quick": quick,
        "distances": apart,
        "queues": queues(5 if quick else 30, 5 if quick else 20),
        "practice": practice(asked.found or (150 if quick else 2_000)),
        "seconds": round(time.monotonic() - began),
    }
    text = json.dumps(told, indent=1)
    print(text)
    out = asked.out or (None if quick else HERE / "results" / "forecast.json")
    if out:
        out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
