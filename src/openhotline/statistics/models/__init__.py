"""The figures that were published."""

from openhotline.statistics.models.published import PublishedFigures

__all__ = ["PublishedFigures"]
