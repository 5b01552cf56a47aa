"""How much memory it takes to write a case of many items for the police, and to seal and verify its package.

Items are told by a generator, as manifests tell them; the case in VICS' shape, the AI facts beside it and the sealed
package are written and read again. The peak is that of a process that does nothing else, above what it had before.
Prints one JSON object and keeps it in bench/results/referral.json; ends with 1 when ten times the items take more than
8 MiB more, or when a reader counts other items than were written.

    python bench/bench_referral.py [--items N …]
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "bench" / "results" / "referral.json"
QUICK = bool(os.environ.get("QUICK"))
MORE = 8 * 1024
ALLOWED = "peak_kib_above_start"


def told(count: int) -> Iterator[dict[str, Any]]:
    """Yield what a manifest tells of each item, with addresses and custody of a usual length."""
    from openhotline.law.states import FACTS

    facts = dict.fromkeys(FACTS, "not_determined")
    for number in range(count):
        address = f"https://host{number % 97}.example/gallery/{number:09d}/picture.jpg"
        yield {
            "item": f"itm_{number:032x}",
            "file": f"originals/itm_{number:032x}.jpeg",
            "bytes": 250_000 + number % 1000,
            "format": "JPEG",
            "hashes": {
                "md5": f"{number:032x}",
                "sha1": f"{number:040x}",
                "sha256": f"{number:064x}",
                "pdq": f"{number * 7:064x}",
            },
            "assessed": facts | {"ai_involvement": "wholly_synthetic" if number % 3 else "not_determined"},
            "ai_statement": "Whether AI was involved was not determined.",
            "consensus": 2,
            "file_evidence": {"ai_involvement": "none_found", "real_basis": "unknown"},
            "outcomes": [
                {
                    "jurisdiction": "GB-EAW",
                    "as_of": "2026-11-21",
                    "kind": "pseudo_photograph",
                    "category": "A",
                    "criminal": "yes",
                    "provision": "Protection of Children Act 1978 s1",
                }
            ],
            "seen": [{"address": address, "at": "2026-11-21T12:00:00+00:00", "shown": address}],
            "priority": {"first": "not_determined", "reasons": []},
            "custody": [{"what": "Sealed", "at": "2026-11-21T12:00:00+00:00"}],
        }


def unexamined(items: int) -> Iterator[tuple[str, None]]:
    """Say of each that there is no file evidence: the size of VICS is what is measured."""
    return ((item["item"], None) for item in told(items))


def one(items: int) -> dict[str, Any]:
    """Write, seal and read one case in this process."""
    import django

    django.setup()
    import pyrage
    from pyrage import x25519

    from openhotline.referral.models import write_package
    from openhotline.referral.models.documents import ai_fact_pieces, measured
    from openhotline.referral.models.vics import Case, vics_pieces

    identity = x25519.Identity.generate()
    case = Case("ref_bench", "Hotline", items, "PRACTICE - NOT FINDINGS")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory(prefix="openhotline-bench-") as folder:
        path = Path(folder) / "case.age"
        began = time.perf_counter()
        vics = measured("vics.json", lambda: vics_pieces(case, told(items)))
        measured_s = time.perf_counter() - began
        began = time.perf_counter()
        documents = [vics, measured("ai-facts.jsonl", lambda: ai_fact_pieces(told(items), unexamined(items)))]
        write_package(path, b"{}", documents, recipient=str(identity.to_public()), at=0)
        sealed_s = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        sealed = path.stat().st_size
        plain = Path(folder) / "case.tar"
        pyrage.decrypt_file(str(path), str(plain), [identity])
        read = counted(plain)
    return {
        "items": items,
        "vics_mb": round(vics.bytes / 1e6, 1),
        "package_mb": round(sealed / 1e6, 1),
        "vics_items_a_second": round(items / measured_s),
        "both_and_sealing_s": round(sealed_s, 2),
        "peak_mib": round(peak / 1024, 1),
        ALLOWED: peak - before,
        "items_read": read,
    }


def counted(tar: Path) -> int:
    """Count the items that any reader of JSON finds; this one has it all in memory, after the peak was taken."""
    import tarfile

    with tarfile.open(tar) as package:
        content = package.extractfile("vics.json")
        assert content is not None
        return len(json.load(content)["value"][0]["Media"])


def alone(items: int) -> dict[str, Any]:
    """Measure one size in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="openhotline-bench-") as folder:
        environment = os.environ | {
            "OPENHOTLINE_VAR": folder,
            "OPENHOTLINE_MODE": "practice",
            "DJANGO_SETTINGS_MODULE": "openhotline.config.settings",
        }
        done = subprocess.run(
            [sys.executable, __file__, "--one", str(items)],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return dict(json.loads(done.stdout))


def main() -> int:
    """Measure all sizes, print them and keep them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, nargs="+", default=[200, 2_000] if QUICK else [1_000, 10_000, 100_000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        json.dump(one(chosen.one), sys.stdout)
        return 0
    found = [alone(items) for items in chosen.items]
    grown = found[-1][ALLOWED] - found[0][ALLOWED]
    held = grown <= MORE and all(row["items"] == row["items_read"] for row in found)
    result = {
        "machine": f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}",
        "sizes": found,
        "kib_more_for_the_most_items": grown,
        "held": held,
    }
    print(json.dumps(result, indent=2))
    if not QUICK:
        RESULT.write_text(json.dumps(result, indent=2) + "\n")
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
