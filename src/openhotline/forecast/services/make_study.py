"""A worker makes a study that was asked for."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.errors import Refusal
from openhotline.forecast.models import Study
from openhotline.forecast.models.capacity import FACTORS, scenarios
from openhotline.forecast.models.distances import chance_within, histograms
from openhotline.forecast.models.reference import read_reference
from openhotline.forecast.policies import Content, Findings, capacity_content, hashlist_content
from openhotline.forecast.queries import known_files, leading_hashes, measured
from openhotline.forecast.states import Basis, Quantity, StudyKind, StudyState
from openhotline.triage.states import STACK_RADIUS

LONGEST = 400
FEWEST = 200
"""Pictures of our own from which on it is worth while to ask how they lie apart."""
PRACTICE = "PRACTICE - NOT FINDINGS"


DAYS = 28
RUNS = 5
SEED = 1
MOST_STACKS = 1_000_000
"""In one run, of the largest factor: as much as a worker has memory and patience for."""
_OTHERWISE = {"days": DAYS, "runs": RUNS, "seed": SEED}
Tell = Callable[[int, int], None]


def silent(_done: int, _all: int) -> None:
    """Tell nobody how far a study is."""


def make_study(*, study_id: int, actor: str, now: datetime) -> Study:
    """Compute a study and keep what came of it, or why nothing did; one that was made already stays as it is."""
    study = Study.objects.get(pk=study_id)
    if study.state != StudyState.ASKED:
        return study
    try:
        content, failed = compute(StudyKind(study.kind), study.asks, now), ""
    except (Refusal, ValueError) as error:
        content, failed = {}, str(error)[:LONGEST]
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study_id)
        if study.state == StudyState.ASKED:
            study.state = StudyState.FAILED if failed else StudyState.MADE
            study.content, study.why_failed, study.made_at = content, failed, now
            study.save(update_fields=["state", "content", "why_failed", "made_at"])
            record(actor=actor, action="study_made", subject=study.public_id, detail={"kind": study.kind}, now=now)
    return study


def compute(kind: StudyKind, asks: Mapping[str, float], now: datetime, *, tell: Tell = silent) -> dict[str, Any]:
    """Return the content of a study. ``asks``: as ``MAY_ASSUME``, and for capacity ``days``, ``runs`` and ``seed``.

    Raises Refusal or ValueError, with a sentence, where there is nothing to compute from.
    """
    content = _capacity(dict(asks), now, tell) if kind == StudyKind.CAPACITY else _hashlist(dict(asks))
    told = content.to_dict()
    more = told.pop("more")
    return {"heading": PRACTICE if settings.PRACTICE else "", "at": now.isoformat(), **told, **more}


def _capacity(asks: dict[str, float], now: datetime, tell: Tell) -> Content:
    days, runs, seed = (int(asks.pop(name, otherwise)) for name, otherwise in _OTHERWISE.items())
    found = measured(now, assume=asks)
    hotline = found.hotline
    fits = int(MOST_STACKS / max(1.0, hotline.stacks_a_day * max(FACTORS)))
    played = max(1, min(days, fits))
    how = "Chosen." if played == days else f"{days} were asked for; of the largest flood no more stacks are played."
    length = Quantity("Days that are played", played, "days", Basis.ASSUMED, how)
    scenes = scenarios(hotline, days=played, runs=runs, seed=seed, tell=tell)
    return capacity_content(hotline, (*found.quantities, length), scenes, days=played, runs=runs, seed=seed)


def _hashlist(asks: dict[str, float]) -> Content:
    seed = int(asks.pop("seed", SEED))
    if asks:
        raise ValueError(f"A study of hash lists takes no {', '.join(sorted(asks))}.")
    hashes = leading_hashes()
    own = None
    if len(hashes) >= FEWEST:
        counts = histograms(hashes, rng=np.random.default_rng(seed))
        # No two leaders lie within the radius of a stack: below it nothing can have been counted.
        own = chance_within(counts, least=STACK_RADIUS + 1, seed=seed)
    known = known_files()
    findings = Findings(own, len(hashes), known.found, known.exactly, known.nearly)
    return hashlist_content(findings, read_reference(), seed=seed)
