"""Found collections: which there are, and what has become of one."""

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from openhotline.accounts.models import Person
from openhotline.accounts.queries import people_by_id
from openhotline.accounts.states import Permission
from openhotline.core.errors import Missing
from openhotline.core.showing import visible
from openhotline.desk.queries.collections import CollectionWhole, Span, collection_whole, spans_of
from openhotline.desk.queries.seen_whole import days_found, files_of_collection, seen_whole
from openhotline.desk.views.page import page, person_of
from openhotline.intake.models import Collection
from openhotline.intake.panels import collection_panel
from openhotline.intake.queries import brought_by, collection_by_id, find_counts
from openhotline.intake.queries import collections as all_collections
from openhotline.intake.states import FindState
from openhotline.triage.queries import overview

PAGE = 50
STATE_WORDS = {
    FindState.REGISTERED: "Waiting",
    FindState.TAKEN: "Taken",
    FindState.FOLDED: "Folded",
    FindState.REFUSED: "Refused",
}
MOMENT = "%-d %b %Y, %H:%M:%S"
_MINUTE, _HOUR = 60, 3600


@require_safe
def collections(request: HttpRequest) -> HttpResponse:
    """List collections, newest first, with how far each is."""
    shown = Paginator(all_collections(), PAGE).get_page(request.GET.get("page"))
    counts = find_counts([one.pk for one in shown])
    context = {
        "headers": ("Collection", "Opened", "Expected", *STATE_WORDS.values()),
        "shown": shown,
        "rows": [_row(one, counts.get(one.pk, {})) for one in shown],
    }
    return page(request, "desk/collections.html", context, current="desk_collections")


@require_safe
def collection(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one collection: funnel, what was refused, what is left, its files seen whole, how long each stage took."""
    # PostgreSQL takes no NUL, and no id of ours has one.
    found = collection_by_id(public_id.replace("\0", ""))
    if found is None:
        raise Missing("There is no such collection.")
    whole = collection_whole(found)
    bars = _bars(whole)
    context: dict[str, Any] = {
        "collection": found,
        "name": visible(found.name),
        "found_by": visible(found.found_by or ""),
        "bars": bars,
        "most": max(1, *(bar["value"] for bar in bars)),
        "how_far": collection_panel(found),
        "left": _left(whole),
        "unreadable_headers": ("Why", "Files"),
        "unreadable": list(whole.unreadable.items()),
        "unseen": whole.unseen,
        "view": seen_whole(
            overview(files_of_collection(found)),
            days=days_found(found),
            # Where files were found is not for those who only see how far a collection is.
            hosts=person_of(request).may(Permission.READ_REPORTS),
        ),
        "span_headers": ("Stage", "Files", "First batch", "Last batch", "Took"),
        "spans": [_span_row(span) for span in spans_of(found)],
        "brought_headers": ("Brought in by", "Under the authority", "Files"),
        "brought": _brought(found),
    }
    return page(request, "desk/collection.html", context, current="desk_collections")


def _row(one: Collection, counts: dict[str, int]) -> list[object]:
    return [
        {"text": visible(one.name), "href": reverse("desk_collection", args=[one.public_id])},
        one.opened_at.strftime("%-d %b %Y, %H:%M"),
        one.finds_expected,
        *(counts.get(state, 0) for state in STATE_WORDS),
    ]


def _bars(whole: CollectionWhole) -> list[dict[str, Any]]:
    folded = f"{whole.items} different files, in {whole.stacks} stack{'' if whole.stacks == 1 else 's'}"
    rows = (
        ("Found", whole.found, f"{whole.found} files"),
        ("Folded", whole.items, folded),
        ("Matched with a list", whole.matched, ""),
        ("Selected for assessment", sum(whole.selected.values()), ""),
        ("Assessed", whole.assessed, ""),
    )
    return [{"label": label, "value": value, "text": text} for label, value, text in rows]


def _left(whole: CollectionWhole) -> list[dict[str, Any]]:
    """Return what is left to do, machines first; nothing for what is done."""
    rows = (
        (whole.waiting, "to be read and sealed"),
        (whole.unexamined, "to be examined"),
        (whole.untriaged, "to be triaged"),
        (whole.unsorted, "to be sorted by people"),
        (whole.unassessed, "to be assessed, or decided with their stack"),
    )
    return [{"many": many, "words": words} for many, words in rows if many]


def _span_row(span: Span) -> list[object]:
    assert span.first is not None
    assert span.last is not None
    assert span.until is not None
    return [
        span.stage,
        span.many,
        span.first.strftime(MOMENT),
        span.last.strftime(MOMENT),
        _long(span.until - span.first),
    ]


def _long(taken: timedelta) -> str:
    seconds = round(taken.total_seconds())
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min {seconds % _MINUTE} s"
    return f"{seconds // _HOUR} h {seconds % _HOUR // _MINUTE} min"


def _brought(found: Collection) -> list[tuple[str, str, int]]:
    rows = brought_by(found)
    people = people_by_id([by for by, _, _ in rows])
    return [(_who(people.get(by)), authority[:12], many) for by, authority, many in rows]


def _who(person: Person | None) -> str:
    return person.name if person is not None else "Not said (a command or the practice run)"
