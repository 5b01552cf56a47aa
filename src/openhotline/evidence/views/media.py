"""A tile, a reveal, the end of a look. Bytes are re-encoded here, and follow a committed View."""

import math
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_can_assess
from openhotline.core.clock import now as clock_now
from openhotline.core.doors import Pass
from openhotline.core.errors import Missing, NotAllowed, Refusal
from openhotline.core.sandbox.protocol import Failure, SandboxUnavailable
from openhotline.evidence import queries
from openhotline.evidence.models import Item, Rendition
from openhotline.evidence.policies import Reason, reason_to_see
from openhotline.evidence.states import UNREADABLE_SENTENCES, UnreadableReason
from openhotline.exposure.models import View
from openhotline.exposure.queries import limits
from openhotline.exposure.services.end_view import end_view
from openhotline.exposure.services.grant_view import grant_view
from openhotline.exposure.services.note_beat import note_beat
from openhotline.exposure.services.note_glimpse import note_glimpse
from openhotline.exposure.services.redeem_view import redeem_view

Rest = ParamSpec("Rest")
Door = Callable[Concatenate[HttpRequest, Rest], HttpResponse]

SHOWN = ("public_id", "case", "unreadable_reason", "width", "height")
NOT_THERE = "There is nothing here for you. Take the next item from your queue."
UNSAFE = "Files cannot be opened safely on this machine at the moment. An operator has to look at the health page."


def _in_sentences(view: Door[Rest]) -> Door[Rest]:
    """Answer every refusal as one plain sentence, which the desk's script shows; keep nothing in any cache."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Refusal as refusal:
            status = 404 if isinstance(refusal, Missing) else 403 if isinstance(refusal, NotAllowed) else 409
            response = _sentence(str(refusal), status)
        except Failure as failure:
            response = _sentence(failure.sentence, 409)
        except SandboxUnavailable:
            response = _sentence(UNSAFE, 503)
        response.headers["Cache-Control"] = "no-store"
        return response

    return answer


@require_GET
@_in_sentences
def media_tile(request: HttpRequest, item_id: str) -> HttpResponse:
    """Show the small grey blurred tile of an item that this person has at hand."""
    person, item, reason = _at_hand(request, item_id)
    tile = Rendition.objects.filter(item=item, kind=Rendition.TILE).first()
    if tile is None:
        raise Missing(_why_not(item))
    note_glimpse(
        subject=reason.subject,
        pictures=reason.pictures,
        size=tile.width * tile.height,
        weight=_weight(reason),
        session=_session(request),
        actor=person,
        now=clock_now(),
    )
    return HttpResponse(queries.open_tile(item), content_type=queries.TILE_TYPE)


@require_POST
@_in_sentences
def media_reveal(request: HttpRequest, item_id: str) -> HttpResponse:
    """Show an item unblurred, in the step asked for (small, grey, colour), while a key is held.

    The look is granted and committed, then rendered, then redeemed, then sent; ``X-View`` names it for its end.
    A pass is used up by the grant, in its transaction; ``X-Next`` is the address of the next look.
    """
    person, item, reason = _at_hand(request, item_id)
    if not reason.reveals:
        raise Missing(NOT_THERE)
    step = _step(request.POST.get("step", ""))
    size = queries.reveal_size(item, step)
    if not size:
        raise Missing(_why_not(item))
    token = grant_view(
        subject=item.public_id,
        kind=View.REVEAL,
        size=size,
        weight=_weight(reason),
        session=_session(request),
        ticket=_ticket(request),
        actor=person,
        now=clock_now(),
    )
    picture = queries.render_reveal(item, step)
    redeem_view(token=token, subject=item.public_id, session=_session(request), actor=person, now=clock_now())
    return HttpResponse(picture, content_type=queries.REVEAL_TYPE, headers={"X-View": token})


@require_POST
@_in_sentences
def media_beat(request: HttpRequest) -> HttpResponse:
    """Note that a look goes on. A refusal tells the page to hide the picture: a break is due, or the look is over."""
    note_beat(token=request.POST.get("view", ""), session=_session(request), actor=_person(request), now=clock_now())
    return HttpResponse(status=204)


@require_POST
@_in_sentences
def media_release(request: HttpRequest) -> HttpResponse:
    """Note how long and how large a look was."""
    end_view(
        token=request.POST.get("view", ""),
        seconds=_number(request, "seconds"),
        size=int(_number(request, "width") * _number(request, "height")),
        session=_session(request),
        actor=_person(request),
        now=clock_now(),
    )
    return HttpResponse(status=204)


def _at_hand(request: HttpRequest, item_id: str) -> tuple[Person, Item, Reason]:
    """Return person, item and why it may be seen. Unknown and not yours are the same: Missing."""
    person = _person(request)
    check_can_assess(person, clock_now())
    # This door has no key of encrypted columns, and no right to read them.
    item = Item.objects.filter(public_id=item_id).only(*SHOWN).first()
    reason = reason_to_see(person.public_id, item.pk, clock_now()) if item else None
    if item is None or reason is None:
        raise Missing(NOT_THERE)
    return person, item, reason


def _weight(reason: Reason) -> float:
    return limits().heavy if reason.heavy else 1.0


def _why_not(item: Item) -> str:
    reason = item.unreadable_reason
    return UNREADABLE_SENTENCES[UnreadableReason(reason)] if reason else NOT_THERE


def _person(request: HttpRequest) -> Person:
    # The table of access has let in only people who assess; a stranger here would be a hole in it.
    if not isinstance(request.user, Person):
        raise Missing(NOT_THERE)
    return request.user


def _session(request: HttpRequest) -> str:
    return request.session.session_key or ""


def _ticket(request: HttpRequest) -> str:
    """Return what this look uses up: the nonce of the pass that let the request in; empty where a cookie did."""
    held = getattr(request, "media_pass", None)
    return held.nonce if isinstance(held, Pass) else ""


def _step(name: str) -> queries.Step:
    if name and name not in set(queries.Step):
        raise Missing(NOT_THERE)
    return queries.Step(name or queries.Step.GREY)


def _number(request: HttpRequest, name: str) -> float:
    """Return a number of the form, bounded so that nothing overflows; 0 where none was sent."""
    try:
        value = float(request.POST.get(name, "0"))
    except ValueError:
        return 0.0
    return 0.0 if math.isnan(value) else min(max(value, 0.0), 100_000.0)


def _sentence(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
