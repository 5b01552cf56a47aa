"""Reading every stage for the pages of the desk."""

from openhotline.desk.queries.shown import Shown, shown_item
from openhotline.desk.queries.steps import Step, steps_of
from openhotline.desk.queries.waiting import Waiting, waiting

__all__ = ["Shown", "Step", "Waiting", "shown_item", "steps_of", "waiting"]
