"""The operations of the members' API. Nothing is answered without a member's key, and every answer is logged."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from ninja import NinjaAPI

from openhotline.core.problems import StrictJson, install
from openhotline.evidence.services.hash_file import hash_file
from openhotline.hashlists.api.asking import Caller, Key, needs
from openhotline.hashlists.api.downloads import download, download_sealed
from openhotline.hashlists.errors import FileUnreadable
from openhotline.hashlists.models import Terms
from openhotline.hashlists.models.vectors import VECTORS, dry_answer
from openhotline.hashlists.policies import NOT_DETERMINED, category_in_words
from openhotline.hashlists.queries import freshness
from openhotline.hashlists.schemas import (
    AnswersOut,
    FeedbackIn,
    MatchIn,
    StatusOut,
    VectorOut,
    answer_of,
)
from openhotline.hashlists.services.answer_lookups import Asked, Told, answer_lookups
from openhotline.hashlists.services.give_feedback import give_feedback
from openhotline.hashlists.states import HashKind, Part, SealedKind
from openhotline.intake.states import Scope

MOST_FILE = 20_000_000
NO = '{"match": "no", "why": "", "matches": []}'
UNCLEAR = "There is no hash of quality 50 or more: too little is said of the picture for it to be compared."
ONE_FILE = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}

api = NinjaAPI(
    title="OpenHotline: members of the hash list",
    version="1.0.0",
    description="Download the list, ask whether hashes are on it, say what is wrong with it. For members alone.",
    docs_url=None,
    urls_namespace="members_api",
    parser=StrictJson(),
)
install(api, unread=(FileUnreadable,))


@api.get("/status", auth=Key(Scope.MATCH), response=StatusOut, url_name="members_status", operation_id="status")
def status(request: HttpRequest) -> Any:
    """Say how fresh the answers are: which version is served, and which is out."""
    found, caller = freshness(), _caller(request)
    streams = [one for one in caller.terms.streams if one in found.sizes]
    return {"version": found.version, "published": found.published, "stale": found.stale, "streams": streams}


@api.get("/list", auth=Key(Scope.LIST), url_name="members_list", operation_id="list")
def list_(request: HttpRequest, since: int | None = None) -> HttpResponseBase:
    """Download the list: the newest edition whole, or with ``since`` the signed changes that came after a version."""
    return download(request, _caller(request), Part.CRIMINAL, since)


@api.get("/exploitative", auth=Key(Scope.LIST), url_name="members_exploitative", operation_id="exploitative")
def exploitative(request: HttpRequest, since: int | None = None) -> HttpResponseBase:
    """Download what partners' exploitative lists hold, apart from the list: criminal by no law that was asked."""
    return download(request, _caller(request), Part.EXPLOITATIVE, since)


@api.get("/addresses", auth=Key(Scope.ADDRESSES), url_name="members_addresses", operation_id="addresses")
def addresses(request: HttpRequest, since: int | None = None) -> HttpResponseBase:
    """Download the list of live addresses, sealed to your key; with ``since`` the changes that lead on from there."""
    caller = _caller(request)
    needs(caller.terms.addresses, "to be given the list of addresses")
    return download_sealed(request, caller, SealedKind.ADDRESSES, since)


@api.get(
    "/self-reported", auth=Key(Scope.SELF_REPORTED), url_name="members_self_reported", operation_id="self_reported"
)
def self_reported(request: HttpRequest, since: int | None = None) -> HttpResponseBase:
    """Download hashes that young people made themselves, sealed to your key.

    Nobody here has seen the pictures: look at one before you act.
    """
    caller = _caller(request)
    needs(caller.terms.self_reported, "to be given self-reported hashes")
    return download_sealed(request, caller, SealedKind.SELF_REPORTED, since)


@api.get(
    "/vectors", auth=Key(Scope.MATCH), response=list[VectorOut], url_name="members_vectors", operation_id="vectors"
)
def vectors(request: HttpRequest) -> Any:  # noqa: ARG001 - Ninja's signature
    """Return hashes of generated pictures and short texts, and what a dry run answers, to try a program with."""
    return [{**vars(one), "match": dry_answer(one)} for one in VECTORS]


@api.post(
    "/match",
    auth=Key(Scope.MATCH),
    response=AnswersOut,
    exclude_none=True,
    url_name="members_match",
    operation_id="match",
)
def match(request: HttpRequest, sent: MatchIn) -> Any:
    """Ask of up to 1,000 hashes whether they are on the list."""
    caller, asked = _caller(request), [one.asked() for one in sent.hashes]
    if sent.dry_run:
        return {"answers": [_word(dry_answer(one)) for one in asked], "dry_run": True}
    told = answer_lookups(member=caller.asker.member, actor=caller.asker.key, asked=asked, now=caller.now)
    return {"answers": answers(told, caller.terms)}


@api.post(
    "/match/file",
    auth=Key(Scope.MATCH, any_size=True),
    response=AnswersOut,
    exclude_none=True,
    url_name="members_match_file",
    operation_id="match_file",
    openapi_extra=ONE_FILE,
)
def match_file(request: HttpRequest) -> Any:
    """Send one file as the body. It is hashed in memory, in the sandbox, and kept nowhere."""
    caller = _caller(request)
    needs(caller.terms.send_files, "to send files")
    hashes = hash_file(data=_file(request))
    asked = [Asked(HashKind(kind), value) for kind, value in hashes.digests.items()]
    if hashes.pdq is not None:
        asked.append(Asked(HashKind.PDQ, hashes.pdq, hashes.quality))
    told = answer_lookups(member=caller.asker.member, actor=caller.asker.key, asked=asked, now=caller.now)
    if hashes.pdq is None:
        # What cannot be opened as a picture was compared as a file alone, and that is no "no" of the picture.
        told.append(Told(unclear=True))
    return {"answers": answers(told, caller.terms)}


@api.post(
    "/feedback",
    auth=Key(Scope.FEEDBACK),
    response={204: None},
    url_name="members_feedback",
    operation_id="feedback",
)
def feedback(request: HttpRequest, sent: FeedbackIn) -> HttpResponse:
    """Say of an entry that it is right, or that it may be wrong and why: then a person looks at it again."""
    caller = _caller(request)
    give_feedback(
        member=caller.asker.member,
        actor=caller.asker.key,
        entry=sent.entry,
        verdict=sent.verdict,
        reason=sent.reason,
        now=caller.now,
    )
    return HttpResponse(status=204)


def answers(told: Sequence[Told], terms: Terms) -> list[dict[str, Any]]:
    """Return what the agreement lets be said of each hash, as `AnswerOut` describes it."""
    return [
        {"match": answer_of(one), "why": UNCLEAR if one.unclear else "", "matches": _matches(one, terms)}
        for one in told
    ]


def answers_in_json(told: Sequence[Told], terms: Terms) -> bytes:
    """Return the body of an answer, in the same words as the route `match`."""
    # Nearly every answer is "no", and its words are there.
    each = [json.dumps(answers([one], terms)[0]) if one.hits or one.unclear else NO for one in told]
    return f'{{"answers": [{", ".join(each)}], "dry_run": false}}'.encode()


def _matches(told: Told, terms: Terms) -> list[dict[str, Any]]:
    matches: list[dict[str, Any]] = []
    for hit in told.hits:
        one: dict[str, Any] = {
            "stream": hit.stream,
            "category": category_in_words(hit.entry.outcome, hit.entry.category),
            "ai_involvement": hit.entry.ai_involvement,
        }
        if terms.see_states:
            one["state"] = hit.entry.told_state
        if terms.see_ids:
            one["id"] = hit.entry.public_id
        if terms.see_distances:
            # How far is how far only between hashes of the same form.
            one["distance"] = hit.distance
            if told.picture:
                one["canonical"] = hit.canonical or NOT_DETERMINED
        # Without ids and distances two matches that read alike are one: their number would tell of near entries.
        if one not in matches:
            matches.append(one)
    return matches


def _word(word: Any) -> dict[str, Any]:
    return {"match": word, "why": UNCLEAR if word == "not_determined" else "", "matches": []}


def _file(request: HttpRequest) -> bytes:
    """Read the body, however large, up to the most that is taken; never to disk."""
    length = request.headers.get("Content-Length", "")
    data = b"" if length.isdigit() and int(length) > MOST_FILE else request.read(MOST_FILE + 1)
    if not 0 < len(data) <= MOST_FILE:
        raise FileUnreadable(f"Send one file of 1 to {MOST_FILE:,} bytes as the body. Nothing was kept.")
    return data


def _caller(request: HttpRequest) -> Caller:
    caller: Caller = request.auth  # type: ignore[attr-defined] # put there by Ninja
    return caller


def described() -> dict[str, Any]:
    """Return the description of the API (OpenAPI 3.1)."""
    return dict(api.get_openapi_schema(path_prefix="/members/v1/"))


def openapi(_request: HttpRequest) -> HttpResponse:
    """Return the description as JSON."""
    return JsonResponse(described())


urlpatterns = [
    path("openapi.json", openapi, name="members_openapi"),
    *(one for one in api.urls[0] if isinstance(one, URLPattern) and str(one.name).startswith("members_")),
]
