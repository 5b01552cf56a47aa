"""The counts of each day, and the figures that were published."""

from openhotline.statistics.models.day import DayCount, RolledUp
from openhotline.statistics.models.published import PublishedFigures, PublishedReport

__all__ = ["DayCount", "PublishedFigures", "PublishedReport", "RolledUp"]
