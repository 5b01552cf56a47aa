"""The table of studies. What they are computed with stands in modules of its own, free of database and clock."""

from openhotline.forecast.models.study import Study

__all__ = ["Study"]
