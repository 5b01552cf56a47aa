"""What a Hasher-Matcher-Actioner answers, so that programs written for one can ask here, with a key.

Banks are the streams of the list. Ids and distances are part of these answers, so the agreement has to allow both.
Nothing is fetched for anybody, nothing is changed, and withdrawn or staged entries are never answered.
"""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from openhotline.core.errors import Missing, Refusal, Unauthorised
from openhotline.core.problems import status_of
from openhotline.evidence.services.hash_file import FileHashes, hash_file
from openhotline.hashlists.api.asking import Caller, caller_of, needs
from openhotline.hashlists.api.uploads import sent_file
from openhotline.hashlists.errors import FileUnreadable
from openhotline.hashlists.models.bank_ids import bank_id, entry_prefix
from openhotline.hashlists.queries import freshness
from openhotline.hashlists.queries.own_canaries import canaries_for
from openhotline.hashlists.queries.served import published_like, stage_of
from openhotline.hashlists.services.answer_lookups import Asked, answer_lookups
from openhotline.hashlists.states import DIGITS, LEAST_QUALITY, HashKind, Stream
from openhotline.intake.states import Scope

View = Callable[..., HttpResponse]
SIGNALS = {"pdq": HashKind.PDQ, "video_md5": HashKind.MD5}
CONTENT = {"photo": "pdq", "video": "video_md5"}
RADIUS = 31
FETCHES_NOTHING = "This service fetches no address. Send the file, or its hash."


class BadRequest(Refusal):
    """The request is not as the contract says."""


def operation(view: View) -> View:
    """Answer a member with a key for matching; refusals are ``{"message": …}`` with a status."""

    @csrf_exempt
    @wraps(view)
    def handle(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, caller_of(request, Scope.MATCH, any_size=True), **kwargs)
        except Unauthorised as error:
            return _message(401, str(error))
        except RequestDataTooBig:
            return _message(413, "The request is too large.")
        except (BadRequest, FileUnreadable) as error:
            return _message(400, str(error))
        except Refusal as error:
            return _message(status_of(error), str(error))

    return handle


def _message(status: int, sentence: str) -> HttpResponse:
    return JsonResponse({"message": sentence}, status=status)


@operation
def hash_(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Hash a file that is sent; an address is never fetched."""
    if request.method == "GET":
        raise BadRequest(FETCHES_NOTHING)
    _, hashes = _hashed(request, caller)
    return JsonResponse({name: value for name, (value, _) in hashes.items()})


@operation
def lookup(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Look up a hash, or a file that is sent, in the banks that are enabled for the member."""
    _check_sees(caller)
    streams = _banks(request, caller)
    if request.method == "GET":
        if "url" in request.GET:
            raise BadRequest(FETCHES_NOTHING)
        return JsonResponse(_by_bank(caller, _signal(request.GET), streams))
    _, hashes = _hashed(request, caller)
    found = {}
    for name, (value, quality) in hashes.items():
        found[name] = _by_bank(caller, Asked(SIGNALS[name], value, quality), streams) if value else {}
    return JsonResponse(found)


@operation
def raw_lookup(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Look up a hash without telling banks apart; in the exploitative one only where it is asked for alone."""
    _check_sees(caller)
    named = _banks(request, caller) if request.GET.get("banks") else _untold(caller)
    if Stream.EXPLOITATIVE in named and len(named) > 1:
        raise BadRequest("Ask for the bank EXPLOITATIVE alone: this answer does not tell banks apart.")
    return JsonResponse(_raw(caller, request.GET, named))


def by_bank_in_json(caller: Caller, said: Mapping[str, str]) -> bytes:
    """Return what `lookup` answers to a hash in all banks, as JSON. Raises Refusal where it says something else."""
    _check_sees(caller)
    return json.dumps(_by_bank(caller, _signal(said), caller.terms.streams)).encode()


def raw_in_json(caller: Caller, said: Mapping[str, str]) -> bytes:
    """Return what `raw_lookup` answers to a hash in all banks, as JSON. Raises Refusal where it says something else."""
    _check_sees(caller)
    return json.dumps(_raw(caller, said, _untold(caller))).encode()


@operation
def compare(request: HttpRequest, caller: Caller) -> HttpResponse:  # noqa: ARG001 - who asks was checked
    """Say how far two hashes are apart; no list is asked."""
    try:
        pairs = json.loads(request.body)
        answers = {}
        for name, (one, other) in pairs.items():
            a, b = _checked(name, one), _checked(name, other)
            if a.kind == HashKind.PDQ:
                distance = (int(a.hash, 16) ^ int(b.hash, 16)).bit_count()
                answers[name] = [distance <= RADIUS, {"distance": distance}]
            else:
                answers[name] = [a.hash == b.hash, {}]
    except (ValueError, AttributeError, TypeError) as error:
        raise BadRequest('Send JSON of two hashes of a kind, as {"pdq": ["…", "…"]}.') from error
    return JsonResponse(answers)


@operation
def index_status(request: HttpRequest, caller: Caller) -> HttpResponse:  # noqa: ARG001 - as above
    """Say how many pictures are in the index, and to when it was built."""
    found = freshness()
    built = int(found.served_at.timestamp()) if found.served_at else 0
    size = sum(size for stream, size in found.sizes.items() if stream in caller.terms.streams)
    return JsonResponse({"pdq": {"present": found.version is not None, "built_to": built, "size": size}})


@operation
def banks(request: HttpRequest, caller: Caller) -> HttpResponse:  # noqa: ARG001 - as above
    """Name the banks."""
    return JsonResponse([_bank(stream) for stream in caller.terms.streams], safe=False)


@operation
def bank(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:  # noqa: ARG001 - as above
    """Describe one bank."""
    return JsonResponse(_bank(_stream(name, caller)))


@operation
def content(request: HttpRequest, caller: Caller, name: str, number: int) -> HttpResponse:  # noqa: ARG001 - as above
    """Say of one entry that it is there; its hashes are told in the list alone."""
    _check_sees(caller)
    stream, entry = _stream(name, caller), published_like(entry_prefix(number), canaries_for(caller.asker.member))
    if entry is None or entry.stream != stream:
        raise Missing(f"bank content {number} not found in {name[:40]}")
    return JsonResponse({"id": number, "disable_until_ts": 0, "collab_metadata": {}, "original_media_uri": None})


@operation
def other(request: HttpRequest, caller: Caller, rest: str) -> HttpResponse:  # noqa: ARG001 - as above
    """Answer what a Hasher-Matcher-Actioner has and we do not, such as exchanges: in its form, for its clients."""
    raise Missing(f"{rest[:80]!r} not found")


def status(_request: HttpRequest) -> HttpResponse:
    """Say whether the index is there and fresh; nothing about what is in it."""
    found = freshness()
    if found.stale:
        word = "INDEX-NOT-LOADED" if found.version is None else "INDEX-STALE"
        return HttpResponse(word, status=503, content_type="text/plain")
    return HttpResponse("I-AM-ALIVE", content_type="text/plain")


def live(_request: HttpRequest) -> HttpResponse:
    """Say that the process is there."""
    return HttpResponse("I-AM-ALIVE", content_type="text/plain")


def _check_sees(caller: Caller) -> None:
    needs(caller.terms.see_ids and caller.terms.see_distances, "ids and distances, which these answers are made of")


def _signal(said: Mapping[str, str]) -> Asked:
    return _checked(said.get("signal_type", ""), said.get("signal", ""))


def _checked(name: str, value: Any) -> Asked:
    kind, text = SIGNALS.get(name), str(value).strip().lower()
    if kind is None:
        raise BadRequest(f"signal_type must be one of {', '.join(SIGNALS)}.")
    if len(text) != DIGITS[kind] or set(text) - set("0123456789abcdef"):
        raise BadRequest(f"invalid {name} signal: it has {DIGITS[kind]} hex digits.")
    return Asked(kind, text)


def _hashed(request: HttpRequest, caller: Caller) -> tuple[str, dict[str, tuple[str, int | None]]]:
    needs(caller.terms.send_files, "to send files")
    field, data = sent_file(request)
    if field not in CONTENT:
        raise BadRequest(f"The field of the file must be named {' or '.join(CONTENT)}.")
    found: FileHashes = hash_file(data=data)
    if field == "video":
        return field, {"video_md5": (found.digests["md5"], None)}
    if found.pdq is None:
        raise BadRequest("The file is no picture that can be read.")
    # As the original: a picture that says too little has the empty hash.
    return field, {"pdq": (found.pdq if (found.quality or 0) >= LEAST_QUALITY else "", found.quality)}


def _banks(request: HttpRequest, caller: Caller) -> tuple[str, ...]:
    named = [one for one in request.GET.get("banks", "").split(",") if one]
    return tuple(_stream(one, caller) for one in named) or caller.terms.streams


@lru_cache(maxsize=1_000)
def _criminal(streams: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in streams if one != Stream.EXPLOITATIVE)


def _untold(caller: Caller) -> tuple[str, ...]:
    """Return the streams that an answer may be of which does not tell them apart. Raises BadRequest for none."""
    found = _criminal(caller.terms.streams)
    if not found:
        raise BadRequest("Ask for the bank EXPLOITATIVE by its name: this answer does not tell banks apart.")
    return found


def _stream(name: str, caller: Caller) -> Stream:
    found = next((one for one in caller.terms.streams if one.upper() == name), None)
    if found is None:
        raise Missing(f"bank {name[:40]!r} not found")
    return Stream(found)


def _bank(stream: str) -> dict[str, Any]:
    return {"name": stream.upper(), "matching_enabled_ratio": stage_of(stream) / 100}


def _by_bank(caller: Caller, asked: Asked, streams: tuple[str, ...]) -> dict[str, list[dict[str, Any]]]:
    (told,) = answer_lookups(
        member=caller.asker.member, actor=caller.asker.key, asked=[asked], now=caller.now, streams=streams
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for hit in told.hits:
        found.setdefault(hit.stream.upper(), []).append(_match(hit.entry.public_id, hit.distance))
    return found


def _raw(caller: Caller, said: Mapping[str, str], streams: tuple[str, ...]) -> dict[str, Any]:
    (told,) = answer_lookups(
        member=caller.asker.member, actor=caller.asker.key, asked=[_signal(said)], now=caller.now, streams=streams
    )
    if said.get("include_distance", "").lower() in {"true", "1"}:
        return {"matches": [_match(hit.entry.public_id, hit.distance) for hit in told.hits]}
    return {"matches": [bank_id(hit.entry.public_id) for hit in told.hits]}


def _match(entry: str, distance: int) -> dict[str, Any]:
    # A number for the id and a text for the distance, as the original has it.
    return {"bank_content_id": bank_id(entry), "distance": str(distance)}


urlpatterns = [
    path("h/hash", hash_, name="hma_hash"),
    path("m/lookup", lookup, name="hma_lookup"),
    path("m/raw_lookup", raw_lookup, name="hma_raw_lookup"),
    path("m/compare", compare, name="hma_compare"),
    path("m/index/status", index_status, name="hma_index_status"),
    path("c/banks", banks, name="hma_banks"),
    path("c/bank/<str:name>", bank, name="hma_bank"),
    path("c/bank/<str:name>/content/<int:number>", content, name="hma_content"),
    path("status", status, name="hma_status"),
    path("status/live", live, name="hma_live"),
    path("<path:rest>", other, name="hma_other"),
]
