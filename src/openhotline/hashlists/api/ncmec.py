"""What NCMEC's hash sharing API (version 2) answers, so that its clients fetch our list and give feedback, unmodified.

A member's own edition is read: images with MD5, SHA-1 and PDQ, deleted ones as such. ``from`` and ``to`` are moments at
which an edition came out: from is left out, to is in it, so that windows that follow one another tell everything once.
What is exploitative is an environment of its own, as it is there: the same under another address, for its edition.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from itertools import islice
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

import defusedxml.ElementTree as SafeTree
from defusedxml import DefusedXmlException
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from openhotline.core.errors import Missing, NotNow, Refusal, Unauthorised
from openhotline.core.problems import status_of
from openhotline.hashlists.api.asking import Caller, caller_of
from openhotline.hashlists.api.downloads import needs_list, of_newest
from openhotline.hashlists.models import Edition
from openhotline.hashlists.policies import NOT_DETERMINED
from openhotline.hashlists.queries.editions import Place, count_since_in, editions_of, lines_since_in, place_of
from openhotline.hashlists.services.give_feedback import give_feedback
from openhotline.hashlists.services.note_download import HASHES, note_download
from openhotline.hashlists.states import (
    FEEDBACK_WORDS,
    LEAST_QUALITY,
    NO_LAW,
    FeedbackReason,
    FeedbackVerdict,
    ListedState,
    Part,
    Stream,
)
from openhotline.intake.states import Scope

View = Callable[..., HttpResponse]
SPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
PAGE = 1_000
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
US, YOU = 1, 2
KINDS = ("MD5", "SHA1", "PDQ")
IN_QUESTION = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{SPACE}/in question"))
REASONS = {str(uuid.uuid5(uuid.NAMESPACE_URL, f"{SPACE}/{one}")): one for one in FeedbackReason}


@dataclass(frozen=True)
class Window:
    """From when (left out) until when (in it), and behind which line; None: from the first.

    ``start`` and ``most``, how many lines were told and how many there are, are for clients that guess by them.
    """

    after: datetime
    until: datetime
    behind: Place | None = None
    start: int = 0
    most: int = 0

    def next(self, last: Place, most: int) -> str:
        """Return the query of the page that follows a line."""
        window = {"from": self.after.strftime(MOMENT), "to": self.until.strftime(MOMENT)}
        gone, entry = last
        place = {"behind": entry, "gone": int(gone), "start": self.start + PAGE, "size": PAGE, "max": most}
        return urlencode(window | place)


def operation(scope: Scope) -> Callable[[View], View]:
    """Answer a member that shows its key as the password of HTTP Basic; refusals are a sentence with a status."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def handle(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            try:
                caller = caller_of(request, scope, basic=True)
                part = kwargs.pop("part", Part.CRIMINAL)
                if scope is Scope.LIST:
                    needs_list(caller, part)
                return view(request, caller, part, **kwargs)
            except Unauthorised as error:
                answer = _refusal(401, str(error))
                answer.headers["WWW-Authenticate"] = 'Basic realm="hash list"'
                return answer
            except RequestDataTooBig:
                return _refusal(413, "The request is too large.")
            except Refusal as error:
                return _refusal(status_of(error), str(error))

        return handle

    return wrap


@operation(Scope.LIST)
def status(_request: HttpRequest, caller: Caller, _part: Part) -> HttpResponse:
    """Say who asks."""
    root = Element("status")
    _member(root, YOU, caller)
    return _xml(root)


@operation(Scope.LIST)
def members(_request: HttpRequest, caller: Caller, _part: Part) -> HttpResponse:
    """Name the hotline and who asks; other members are nobody's business."""
    root = Element("members")
    for one in (US, YOU):
        _member(root, one, caller)
    return _xml(root)


@operation(Scope.LIST)
def entries(request: HttpRequest, caller: Caller, part: Part) -> HttpResponse:
    """Return what became new or was withdrawn in a window of time, a thousand at once."""
    window = _window(request)
    out = [one for one in editions_of(caller.asker.member, part) if window.after < _second(one.out_at) <= window.until]
    root = Element("queryResult")
    images = SubElement(root, "images", count="0", maxTimestamp=window.until.strftime(MOMENT))
    if out:
        moments = {one.version: _second(one.out_at) for one in out}
        version, found, most = of_newest(caller, part, lambda newest: _told(newest, set(moments), window))
        for line in found[:PAGE]:
            _image(images, line, moments[line["since"]])
        if found:
            images.set("maxTimestamp", max(moments[line["since"]] for line in found[:PAGE]).strftime(MOMENT))
        images.set("count", str(len(images)))
        if len(found) > PAGE:
            paging = SubElement(root, "paging")
            SubElement(paging, "next").text = f"/v2/entries?{window.next(place_of(found[PAGE - 1]), most)}"
        kind = HASHES if part == Part.CRIMINAL else part
        note_download(member=caller.asker.member, actor=caller.asker.key, version=version, now=caller.now, kind=kind)
    SubElement(root, "videos", count="0", maxTimestamp=window.until.strftime(MOMENT))
    return _xml(root)


def _told(newest: Edition, versions: set[int], window: Window) -> tuple[int, list[dict[str, Any]], int]:
    """Return the version that is read, the lines of a page and one more if there is one, and how many there are."""
    found = list(islice(lines_since_in(newest, versions, window.behind), PAGE + 1))
    return newest.version, found, window.most or (count_since_in(newest, versions) if len(found) > PAGE else len(found))


@operation(Scope.LIST)
def reasons(_request: HttpRequest, _caller: Caller, _part: Part, kind: str) -> HttpResponse:
    """Name the reasons for which an entry may be disputed."""
    if kind not in KINDS:
        raise Missing(f"There are no fingerprints of the type {kind[:20]!r} here; there are {', '.join(KINDS)}.")
    root = Element("queryResult")
    offered = SubElement(root, "availableFeedbackReasons", type=kind)
    for guid, reason in REASONS.items():
        SubElement(offered, "reason", guid=guid, name=FEEDBACK_WORDS[reason], type=kind)
    return _xml(root)


@operation(Scope.FEEDBACK)
def feedback(request: HttpRequest, caller: Caller, _part: Part, esp: int, entry: str, kind: str) -> HttpResponse:
    """Take a member's word on an entry, which its id names in whichever environment."""
    if esp != US or kind not in KINDS:
        raise Missing("There is no such entry.")
    reason = _reason(request.body)
    verdict = FeedbackVerdict.CONFIRM if reason is None else FeedbackVerdict.DISPUTE
    give_feedback(
        member=caller.asker.member, actor=caller.asker.key, entry=entry, verdict=verdict, reason=reason, now=caller.now
    )
    return _xml(Element("queryResult"))


def _reason(body: bytes) -> FeedbackReason | None:
    """Return why an entry is disputed, None where it is confirmed. Raises NotNow for anything else."""
    try:
        root = SafeTree.fromstring(body)
    except (SafeTree.ParseError, DefusedXmlException, ValueError) as error:
        raise NotNow("The feedback is no XML that can be read.") from error
    said = {one.tag.rpartition("}")[2]: one for one in root}
    if set(said) == {"affirmative"}:
        return None
    guids = [one.text or "" for one in root.iter() if one.tag.rpartition("}")[2] == "guid"]
    if set(said) != {"negative"} or len(guids) != 1 or guids[0] not in REASONS:
        raise NotNow("Send <affirmative/>, or <negative> with the guid of one of the reasons that are offered.")
    return REASONS[guids[0]]


def _window(request: HttpRequest) -> Window:
    try:
        after, until = (
            datetime.fromisoformat(request.GET.get(name, default)).astimezone(UTC)
            for name, default in (("from", "1970-01-01T00:00:00Z"), ("to", "9999-01-01T00:00:00Z"))
        )
        start, most = (max(0, int(request.GET.get(name, "0"))) for name in ("start", "max"))
        behind = (request.GET.get("gone") == "1", request.GET["behind"]) if "behind" in request.GET else None
        return Window(after, until, behind, start, most)
    except (ValueError, OverflowError) as error:
        raise NotNow(
            "from and to are moments such as 2026-11-21T12:00:00Z; ask for a next page as it is named."
        ) from error


def _second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _member(parent: Element, number: int, caller: Caller) -> None:
    name = settings.HOTLINE["name"] if number == US else caller.asker.member.partner.name
    SubElement(parent, "member", id=str(number)).text = name


def _image(parent: Element, line: dict[str, Any], at: datetime) -> None:
    gone = line["kind"] == "tombstone"
    image = SubElement(parent, "deletedImage" if gone else "image")
    SubElement(image, "member", id=str(US)).text = settings.HOTLINE["name"]
    SubElement(image, "timestamp").text = at.strftime(MOMENT)
    SubElement(image, "id").text = line["entry"]
    if gone:
        return
    basis = line["legal_basis"]
    words = f"{basis['jurisdiction']} {basis['category']}"
    SubElement(image, "classification").text = words if basis["outcome"] != NO_LAW else Stream.EXPLOITATIVE.value
    prints = SubElement(image, "fingerprints")
    for name, value in _fingerprints(line):
        SubElement(prints, name).text = value
    if line.get("state") == ListedState.DISPUTED:
        _in_question(image, [one.tag.upper() for one in prints], at)


def _in_question(image: Element, kinds: list[str], at: datetime) -> None:
    """Say that an entry is in question, as this API has it: the hotline's own word against it."""
    said = SubElement(image, "feedback", lastUpdateTimestamp=at.strftime(MOMENT))
    for kind in kinds:
        reasons = SubElement(SubElement(said, "negativeFeedback", type=kind), "reasons")
        SubElement(reasons, "reason", guid=IN_QUESTION, name="in question at the hotline", type=kind)
        member = SubElement(SubElement(reasons, "members"), "member", id=str(US))
        member.text = settings.HOTLINE["name"]


def _fingerprints(line: dict[str, Any]) -> Iterator[tuple[str, str]]:
    hashes, quality = line["hashes"], line["pdq_quality"]
    # Tags in small letters: clients compare them so.
    yield from ((name, hashes[name]) for name in ("md5", "sha1") if name in hashes)
    # Where a partner's list tells no quality, what it lists is clear enough.
    if hashes["pdq"] != NOT_DETERMINED and (quality == NOT_DETERMINED or quality >= LEAST_QUALITY):
        yield "pdq", hashes["pdq"]


def _xml(root: Element) -> HttpResponse:
    root.set("xmlns", SPACE)
    return HttpResponse(tostring(root, encoding="utf-8", xml_declaration=True), content_type="application/xml")


def _refusal(status: int, sentence: str) -> HttpResponse:
    root = Element("error")
    root.text = sentence
    answer = _xml(root)
    answer.status_code = status
    return answer


OPERATIONS = (
    ("v2/status", status, "status"),
    ("v2/members", members, "members"),
    ("v2/entries", entries, "entries"),
    ("v2/entries/<int:esp>/<str:entry>/<str:kind>/feedback", feedback, "feedback"),
    ("v2/feedback/<str:kind>/reasons", reasons, "reasons"),
)
urlpatterns = [
    *(path(route, view, name=f"ncmec_{name}") for route, view, name in OPERATIONS),
    *(
        path(f"exploitative/{route}", view, {"part": Part.EXPLOITATIVE}, name=f"ncmec_exploitative_{name}")
        for route, view, name in OPERATIONS
    ),
]
