"""The whole output by `evidence.schema.json`: the open part of the evidence, with what it says in words beside it."""

from __future__ import annotations

from typing import Any, Final

from fileorigin.evidence import Evidence
from fileorigin.limits import LIMITS
from fileorigin.sentences import describe

NO_DETECTORS: Final = (
    "None ran, as none ships with this: published ones do not tell a picture made by a model from a real one of which "
    "a part was redone, and no classifier of people belongs here."
)


def written(evidence: Evidence) -> dict[str, Any]:
    """JSON values by `evidence.schema.json`.

    To `Evidence.to_dict()` it adds `text_en` (what was found), for each finding `limits` (what its check cannot see)
    and `detectors_limits` (why there is no score of any detector). All of it follows from the rest, and
    `Evidence.from_dict` does not read it.
    """
    raw = evidence.to_dict()
    raw["findings"] = [found | {"limits": LIMITS[found["check"]]} for found in raw["findings"]]
    return raw | {"detectors_limits": NO_DETECTORS, "text_en": " ".join(describe(evidence))}
