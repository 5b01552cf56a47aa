"""Every figure, counted from the rows of the stages, rolled up by day, and those that were published."""

from openhotline.statistics.queries.figures import figures
from openhotline.statistics.queries.published import latest_published
from openhotline.statistics.queries.recount import Key, first_row, recount
from openhotline.statistics.queries.rolled import by_month, rolled, rolled_until, unlike

__all__ = ["Key", "by_month", "figures", "first_row", "latest_published", "recount", "rolled", "rolled_until", "unlike"]
