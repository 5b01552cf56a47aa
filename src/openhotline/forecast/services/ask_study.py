"""Somebody asks for a study; a worker makes it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.forecast.errors import StudyUnderWay
from openhotline.forecast.events import StudiesAsked
from openhotline.forecast.models import Study
from openhotline.forecast.policies import check_can_ask
from openhotline.forecast.states import KIND_WORDS, StudyKind


def ask_study(*, kind: StudyKind, asks: Mapping[str, float], actor: Person, now: datetime) -> Study:
    """Keep what is asked and announce it. ``asks``: what stands in place of what is measured.

    Raises NotAllowed, and StudyUnderWay while the last one of this kind is not made yet.
    """
    check_can_ask(actor)
    try:
        with transaction.atomic():
            study = Study.objects.create(kind=kind, asks=dict(asks), asked_by=actor.public_id, asked_at=now)
            record(actor=actor.public_id, action="study_asked", subject=study.public_id, detail={"kind": kind}, now=now)
            publish(StudiesAsked(ids=(study.pk,)), now=now)
    except IntegrityError as there:
        raise StudyUnderWay(f"“{KIND_WORDS[kind]}” is being made already. Load the page again in a minute.") from there
    return study
