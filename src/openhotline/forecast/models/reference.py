"""What was measured on generated pictures, as it is shipped: how far they lie apart, and what changes a hash survives.

``bench/bench_forecast.py`` writes the file. No picture of anybody is behind it, and no finding.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from openhotline.forecast.models.distances import Chance

SHIPPED = Path(__file__).resolve().parents[1] / "distances.json"
VARIED = "varied scenes"


@dataclass(frozen=True)
class Hits:
    """How many of how many."""

    hits: int
    of: int


@dataclass(frozen=True)
class Reference:
    """Chances by how the pictures were made; hits by kind of change, and by percent of a picture that is another."""

    unrelated: Mapping[str, Chance]
    changes: Mapping[str, Hits]
    remakes: Mapping[str, Hits]
    pictures: int
    seed: int

    def to_dict(self) -> dict[str, object]:
        """Return it as the file holds it."""
        return asdict(self)


@cache
def read_reference(path: Path = SHIPPED) -> Reference:
    """Return what a file of ``bench_forecast.py`` holds."""
    told = json.loads(path.read_text(encoding="utf-8"))
    return Reference(
        unrelated={name: Chance(**one) for name, one in told["unrelated"].items()},
        changes={name: Hits(**one) for name, one in told["changes"].items()},
        remakes={name: Hits(**one) for name, one in told["remakes"].items()},
        pictures=told["pictures"],
        seed=told["seed"],
    )
