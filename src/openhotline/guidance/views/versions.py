"""Versions of the guidance: all that were kept, and each of them as it was, under its hash."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openhotline.guidance.queries.content import current
from openhotline.guidance.queries.document import document_of, version_of
from openhotline.guidance.queries.versions import difference, document_in, earlier, frozen_document, history
from openhotline.guidance.views.answering import page


@page
def versions(request: HttpRequest) -> HttpResponse:
    """List every version that was kept, the newest first, with the day and the reason."""
    guidance = current()
    present = {version_of(document_of(flow, guidance)) for flow in guidance.flows.values()}
    rows = [
        {
            "frozen": one,
            "title": guidance.flows[one.flow].title if one.flow in guidance.flows else one.flow,
            "present": one.version in present,
        }
        for one in reversed(history())
    ]
    return render(request, "guidance/versions.html", {"rows": rows})


@page
def version(request: HttpRequest, version: str) -> HttpResponse:
    """Show one version as it was: every question, rule, sentence and source, and what changed from the one before."""
    frozen, document = frozen_document(version)
    previous = earlier(frozen.flow, version)
    change = difference(document_in(previous), document) if previous else None
    sources = {one["id"]: number for number, one in enumerate(document["sources"], 1)}
    for outcome in document["outcomes"]:
        for step in outcome["steps"]:
            for one in step["sentences"]:
                one["numbers"] = [sources[name] for name in one["sources"]]
    context = {"frozen": frozen, "document": document, "previous": previous, "change": change}
    return render(request, "guidance/version.html", context)
