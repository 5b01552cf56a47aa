"""What the desk's report page says of the list."""

from collections.abc import Collection, Sequence

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from openhotline.hashlists.models import Entry
from openhotline.hashlists.policies import category_in_words
from openhotline.hashlists.queries import entries_in_question, published_version
from openhotline.hashlists.states import EntryState

HEADERS = ("Entry", "State", "Outcome", "Category", "AI involvement", "Provision", "Release")


def listed_panel(item_ids: Sequence[int]) -> SafeString:
    """Render the entries of these items: what was listed, under which laws, since which release. No hash is shown."""
    entries = Entry.objects.filter(item__in=item_ids).select_related("item").order_by("pk")
    questioned = entries_in_question()
    return render_to_string(
        "hashlists/listed_panel.html",
        {"headers": HEADERS, "rows": [_row(entry, questioned) for entry in entries], "version": published_version()},
    )


def _row(entry: Entry, questioned: Collection[int]) -> list[object]:
    active = entry.state == EntryState.ACTIVE
    bases = [(entry.jurisdiction, entry.provision)]
    bases += [(one["jurisdiction"], one["provision"]) for one in entry.elsewhere or ()]
    released = f"since version {entry.released_in}" if entry.released_in else "not yet released"
    words = ("in question" if entry.pk in questioned else "listed") if active else "withdrawn"
    return [
        entry.public_id,
        {"text": words, "tag": {"listed": "done", "in question": "waiting"}.get(words, "wrong")},
        _words(entry.outcome),
        _words(category_in_words(entry.outcome, entry.category)),
        _words(entry.ai_involvement),
        "; ".join(_basis(*one) for one in bases),
        released,
    ]


def _basis(jurisdiction: str, provision: str) -> str:
    return f"{jurisdiction}: {provision or 'not determined'}"


def _words(value: str) -> str:
    return value.replace("_", " ")
