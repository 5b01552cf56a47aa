"""Walking the young people's path with a browser that has no scripts: post what the page's form holds."""

import re
from html import unescape

from django.http import HttpResponse  # noqa: TID251 - the answer a stranger gets
from django.test import Client

CODE = "0123456789abcdef" * 4
MINE = {"who": "me", "age": "13_to_15"}
PATHS: dict[str, dict[str, str]] = {
    "under 18 now": MINE,
    "adult now, child then": {"who": "me", "age": "18_or_over", "taken": "under_18"},
    "not sure when": {"who": "me", "age": "not_said", "taken": "not_sure"},
    "adult then": {"who": "me", "age": "18_or_over", "taken": "18_or_over"},
    "someone": {"who": "someone"},
}


def field(page: HttpResponse, name: str) -> str:
    """Return the value of the first hidden field of this name."""
    main = page.content.decode().partition("<main")[2]
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', main)
    assert found, f"no hidden field {name}"
    return unescape(found[1])


def walk(stranger: Client, answers: dict[str, str]) -> list[HttpResponse]:
    """Answer a question a page; return every page seen."""
    pages = [stranger.get("/young/")]
    for question, answer in answers.items():
        pages.append(stranger.post("/young/", {"answers": field(pages[-1], "answers"), question: answer}))
    return pages


def keep_page(stranger: Client, answers: dict[str, str] | None = None) -> HttpResponse:
    """Return the page that makes codes, reached by its button."""
    return stranger.post("/young/keep/", {"answers": field(walk(stranger, answers or MINE)[-1], "answers")})


def send(stranger: Client, page: HttpResponse, hashes: str = f"{CODE} 90", **follow: bool) -> HttpResponse:
    """Send codes from the page that makes them."""
    sent = {name: field(page, name) for name in ("own", "sending")} | {"hashes": hashes}
    return stranger.post("/young/keep/send/", sent, **follow)


def all_pages(stranger: Client) -> dict[str, HttpResponse]:
    """Return every page of the path by name, with its errors."""
    pages = {f"{name} {turn}": page for name, way in PATHS.items() for turn, page in enumerate(walk(stranger, way))}
    keep = keep_page(stranger)
    sent = send(stranger, keep, follow=True)
    words = re.search(r'class="receipt-code">([^<]+)<', sent.content.decode())
    assert words
    return pages | {
        "nothing chosen": stranger.post("/young/", {"answers": field(stranger.get("/young/"), "answers")}),
        "begin again": stranger.post("/young/", {"answers": "old"}),
        "keep": keep,
        "not a code": send(stranger, keep, "x"),
        "sent": sent,
        "sent, too late": stranger.get("/young/keep/sent/", {"receipt": "old"}),
        "undo": stranger.get("/young/undo/"),
        "undo, wrong": stranger.post("/young/undo/", {"words": "x"}),
        "undone": stranger.post("/young/undo/", {"words": words[1]}),
        "worried": stranger.get("/worried/"),
    }
