"""Who can help: the whole directory, with whom each is for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from openhotline.core.clock import now
from openhotline.guidance.queries.content import current
from openhotline.guidance.queries.shown import shown_offer, shown_source
from openhotline.guidance.states import Ages
from openhotline.guidance.views.answering import filling, page


@page
def directory(request: HttpRequest) -> HttpResponse:
    """Show every entry under the ages it takes, with its nations, its sources and the day it was checked."""
    guidance, today = current(), now().date()
    titles = {
        Ages.UNDER_18: gettext("For children and young people under 18"),
        Ages.ANY: gettext("For everybody"),
        Ages.ADULT: gettext("For adults and for people who work with children"),
    }
    groups = [
        (
            title,
            [
                {
                    "offer": shown_offer(entry, guidance, filling(), today),
                    "sources": [shown_source(0, guidance.sources[name], guidance, today) for name in entry.sources],
                }
                for entry in guidance.entries.values()
                if entry.ages is ages
            ],
        )
        for ages, title in titles.items()
    ]
    return render(request, "guidance/directory.html", {"groups": groups})
