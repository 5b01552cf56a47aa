"""Every figure, counted from the rows of the stages, and those that were published."""

from openhotline.statistics.queries.figures import figures
from openhotline.statistics.queries.published import latest_published

__all__ = ["figures", "latest_published"]
