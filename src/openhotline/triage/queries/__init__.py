"""Reading triage: pages, funnels, and who shares a decision."""

from openhotline.triage.queries.funnel import Funnel, funnel
from openhotline.triage.queries.sheets import sheet_of, sheet_showing, sorted_among, tiles_of, waiting_stacks
from openhotline.triage.queries.spread import part_of, spread_of

__all__ = [
    "Funnel",
    "funnel",
    "part_of",
    "sheet_of",
    "sheet_showing",
    "sorted_among",
    "spread_of",
    "tiles_of",
    "waiting_stacks",
]
