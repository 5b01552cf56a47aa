"""Search over the guidance. The words come by POST, so that they stand in no address and no log."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from openhotline.core.open_forms import AGAIN
from openhotline.guidance.forms import SearchForm
from openhotline.guidance.policies.moves import Place, settled
from openhotline.guidance.queries.content import current
from openhotline.guidance.queries.search import Index, index_of
from openhotline.guidance.views import carried
from openhotline.guidance.views.answering import filling, page


@page
def search(request: HttpRequest) -> HttpResponse:
    """Show what holds the words, for the nation the reader chose, and the way back to where they were."""
    guidance = current()
    place = Place()
    form = SearchForm()
    if request.method == "POST":
        if "carried" in request.POST:
            place = settled(carried.take(request.POST["carried"]).place, guidance)
        if AGAIN not in request.POST or request.POST.get("words"):
            form = SearchForm(request.POST)
    found = []
    if form.is_valid():
        index = _index(settings.GUIDANCE, guidance.digest, place.nation, get_language(), tuple(filling().items()))
        found = [
            {
                "place": one.place,
                "text": one.text,
                "entry": one.entry,
                "carried": carried.give(Place(place.nation, one.flow), guidance.digest) if one.flow else "",
            }
            for one in index.find(form.cleaned_data["words"])
        ]
    context = {"form": form, "found": found, "carried": carried.give(place, guidance.digest), "place": place}
    return render(request, "guidance/search.html", context)


@cache
def _index(
    _folder: Path | None, _digest: str, nation: str, _language: str | None, fill: tuple[tuple[str, str], ...]
) -> Index:
    """The index, made once for each nation and language of each guidance."""
    return index_of(current(), nation, dict(fill))
