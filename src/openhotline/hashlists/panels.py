"""What the desk's report page says of the list."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from openhotline.hashlists.models import Entry
from openhotline.hashlists.policies import category_in_words
from openhotline.hashlists.queries import published_version
from openhotline.hashlists.states import EntryState

HEADERS = ("Entry", "State", "Outcome", "Category", "AI involvement", "Provision", "Release")


def listed_panel(item_ids: Sequence[int]) -> SafeString:
    """Render the entries of these items: what was listed, under which law, since which release. No hash is shown."""
    entries = Entry.objects.filter(item__in=item_ids).select_related("item").order_by("pk")
    return render_to_string(
        "hashlists/listed_panel.html",
        {"headers": HEADERS, "rows": [_row(entry) for entry in entries], "version": published_version()},
    )


def _row(entry: Entry) -> list[object]:
    active = entry.state == EntryState.ACTIVE
    released = f"since version {entry.released_in}" if entry.released_in else "not yet released"
    return [
        entry.public_id,
        {"text": "listed" if active else "withdrawn", "tag": "done" if active else "wrong"},
        _words(entry.outcome),
        _words(category_in_words(entry.outcome, entry.category)),
        _words(entry.ai_involvement),
        entry.provision or "not determined",
        released,
    ]


def _words(value: str) -> str:
    return value.replace("_", " ")
