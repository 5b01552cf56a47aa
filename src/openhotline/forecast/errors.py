"""What can go wrong with studies."""

from openhotline.core.errors import NotNow, Refusal


class StudyUnderWay(NotNow):
    """A study of this kind is being made already."""


class NothingMeasured(Refusal):
    """There is nothing to forecast from."""
