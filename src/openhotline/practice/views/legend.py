"""What each glyph of the practice collection stands for."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openhotline.practice.collection.glyphs import outline
from openhotline.practice.collection.structure import load

SIDE = 96


@require_safe
def legend(request: HttpRequest) -> HttpResponse:
    """Show every glyph with its words and facts."""
    rows = [_row(one) for one in _legend().values()]
    return render(request, "practice/legend.html", {"rows": rows, "side": SIDE})


def _legend() -> dict[str, Any]:
    path = Path(settings.VAR) / "practice" / "collection" / "legend.json"
    if path.exists():
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found
    return {
        code: {"shape": one.shape, "letter": one.letter, "words": one.words, "facts": dict(one.facts)}
        for code, one in load().glyphs.items()
    }


def _row(glyph: dict[str, Any]) -> dict[str, Any]:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in outline(glyph["shape"], SIDE))
    facts = {name.replace("_", " "): str(value).replace("_", " ") for name, value in glyph["facts"].items()}
    return {
        "points": points,
        "letter": glyph["letter"],
        "words": glyph["words"],
        "facts": facts,
        "name": glyph["shape"],
    }
