"""Who asks for studies, and what a study tells: free of database, HTTP and clock."""

from openhotline.forecast.policies.asking import check_can_ask
from openhotline.forecast.policies.capacity import capacity_content
from openhotline.forecast.policies.content import COLUMNS, Content, as_rows, number
from openhotline.forecast.policies.hashlist import Findings, hashlist_content

__all__ = [
    "COLUMNS",
    "Content",
    "Findings",
    "as_rows",
    "capacity_content",
    "check_can_ask",
    "hashlist_content",
    "number",
]
