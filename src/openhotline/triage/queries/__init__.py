"""Reading triage: pages, funnels, and who shares a decision."""

from openhotline.triage.queries.concerned import (
    items_matched_by,
    items_near,
    items_to_review,
    items_with,
    triaged_among,
)
from openhotline.triage.queries.findings import silent_lines
from openhotline.triage.queries.funnel import Funnel, funnel
from openhotline.triage.queries.overview import (
    Overview,
    Part,
    held_entries,
    held_waiting,
    overview,
    parts_of,
)
from openhotline.triage.queries.rules import rules
from openhotline.triage.queries.second_looks import Quality, quality
from openhotline.triage.queries.sheets import (
    Preview,
    noted_reasons,
    preview_of,
    sheet_of,
    sheet_showing,
    sorted_among,
    stacks_wait_since,
    tiles_of,
    undoable_sheet,
    waiting_stacks,
)
from openhotline.triage.queries.spread import part_of, spread_of

__all__ = [
    "Funnel",
    "Overview",
    "Part",
    "Preview",
    "Quality",
    "funnel",
    "held_entries",
    "held_waiting",
    "items_matched_by",
    "items_near",
    "items_to_review",
    "items_with",
    "noted_reasons",
    "overview",
    "part_of",
    "parts_of",
    "preview_of",
    "quality",
    "rules",
    "sheet_of",
    "sheet_showing",
    "silent_lines",
    "sorted_among",
    "spread_of",
    "stacks_wait_since",
    "tiles_of",
    "triaged_among",
    "undoable_sheet",
    "waiting_stacks",
]
