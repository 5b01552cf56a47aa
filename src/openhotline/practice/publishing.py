"""The figures of a run go out once, as a senior analyst would publish them."""

from openhotline.accounts.models import Person
from openhotline.practice.machinery import Machinery
from openhotline.statistics.errors import PublishedAlready
from openhotline.statistics.models import PublishedFigures
from openhotline.statistics.services.publish_figures import publish_figures


def publish_numbers(actor: Person, machinery: Machinery) -> PublishedFigures | None:
    """Publish the figures of now; None when somebody did so within the last day."""
    try:
        return publish_figures(actor=actor, now=machinery.now())
    except PublishedAlready:
        return None
