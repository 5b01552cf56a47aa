"""Reading studies."""

from openhotline.forecast.models import Study
from openhotline.forecast.states import StudyKind, StudyState


def latest_study(kind: StudyKind) -> Study | None:
    """Return the study of a kind that was asked for last, whatever became of it."""
    return Study.objects.filter(kind=kind).order_by("-asked_at", "-pk").first()


def latest_made(kind: StudyKind) -> Study | None:
    """Return the newest study of a kind that was made."""
    return Study.objects.filter(kind=kind, state=StudyState.MADE).order_by("-asked_at", "-pk").first()
