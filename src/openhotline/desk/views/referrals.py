"""Referrals to police: draft, approval by a second person, sealed package."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from openhotline.accounts.queries import approval_of
from openhotline.accounts.states import Permission
from openhotline.core.clock import now
from openhotline.core.errors import Missing
from openhotline.desk.queries.later import PACKAGE, to_refer, waiting_to_refer
from openhotline.desk.queries.later import referrals as newest
from openhotline.desk.views.page import number_in, page, person_of
from openhotline.referral.models import Referral, ReferredItem
from openhotline.referral.policies import MOST_ITEMS
from openhotline.referral.queries import answers_about, to_withdraw, urgent_waiting
from openhotline.referral.services.build_referral import build_referral
from openhotline.referral.services.draft_referral import draft_referral
from openhotline.referral.services.hand_over import hand_over
from openhotline.referral.services.note_answer import note_answer
from openhotline.referral.services.note_receipt import note_receipt
from openhotline.referral.services.withdraw_referral import withdraw_referral
from openhotline.referral.states import (
    AT_PARTNER,
    BECAUSE_WORDS,
    CAME_OF_WORDS,
    QUESTIONING,
    SAYS_WORDS,
    CameOfAnswer,
    PoliceSays,
    WithdrawnBecause,
)


@require_safe
def referrals(request: HttpRequest) -> HttpResponse:
    """Show how many confirmed items wait for a referral, and where each referral stands."""
    shown = newest()
    answers = answers_about(ReferredItem.objects.filter(referral__in=shown).values("item"))
    rows = [
        {
            "referral": one,
            "approval": approval_of("referral", one.public_id),
            "answers": [
                {
                    "said": said,
                    "words": SAYS_WORDS[PoliceSays(said.answer.says)],
                    "came": CAME_OF_WORDS[said.came],
                    "open": said.came in {CameOfAnswer.WAITS, CameOfAnswer.AGAIN},
                }
                for said in answers
                if said.referral == one.pk
            ],
            "answerable": one.state in AT_PARTNER,
        }
        for one in shown
    ]
    context = {
        "assesses": person_of(request).may(Permission.ASSESS),
        "rows": rows,
        "waiting_items": waiting_to_refer(settings.JURISDICTION),
        "package": PACKAGE,
        "most_items": MOST_ITEMS,
        "to_withdraw": to_withdraw(),
        "because": [(one.value, words) for one, words in BECAUSE_WORDS.items()],
        "urgent_waiting": urgent_waiting(),
        "says": [(one.value, words) for one, words in SAYS_WORDS.items() if one in QUESTIONING],
    }
    return page(request, "desk/referrals.html", context, current="desk_referrals")


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Draft a referral of so many confirmed items, oldest first, and ask for the second signature on it."""
    many = number_in(request, "items") if "items" in request.POST else PACKAGE
    items = to_refer(settings.JURISDICTION, min(max(many, 1), MOST_ITEMS))
    drafted = draft_referral(item_ids=items, actor=person_of(request), now=now())
    messages.success(request, f"Drafted {drafted.public_id[:12]}. Another person has to approve it.")
    return redirect("desk_referrals")


@require_POST
def build(request: HttpRequest) -> HttpResponse:
    """Build the sealed package of a referral that was approved."""
    build_referral(referral_id=_named(request).pk, actor=person_of(request), now=now())
    messages.success(request, "The package is built and sealed to the partner's key.")
    return redirect("desk_referrals")


@require_POST
def give(request: HttpRequest) -> HttpResponse:
    """Keep that a package was handed over; in practice it lands in the partner's letter box."""
    hand_over(referral_id=_named(request).pk, actor=person_of(request), now=now())
    messages.success(request, "Handed over. Note the receipt and the partner's reference when they come.")
    return redirect("desk_referrals")


@require_POST
def receipt(request: HttpRequest) -> HttpResponse:
    """Keep that the partner has it, with its reference."""
    reference = request.POST.get("reference", "")
    note_receipt(referral_id=_named(request).pk, reference=reference, actor=person_of(request), now=now())
    messages.success(request, "The receipt and the partner's reference are kept.")
    return redirect("desk_referrals")


@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Write down what the police answered about one item; it is decided again."""
    says = request.POST.get("says", "")
    if says not in set(PoliceSays):
        raise Missing("Choose what the police say: one of the answers of the form.")
    note_answer(
        referral_id=_named(request).pk,
        item=request.POST.get("item", ""),
        says=PoliceSays(says),
        words=request.POST.get("words", ""),
        actor=person_of(request),
        now=now(),
    )
    messages.success(request, "Written down. A senior analyst who has given no opinion on it decides again.")
    return redirect("desk_referrals")


@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw a referral that went out."""
    try:
        because = WithdrawnBecause(request.POST.get("because", ""))
    except ValueError as error:
        raise Missing("Say why: one of the reasons of the form.") from error
    withdraw_referral(referral_id=_named(request).pk, because=because, actor=person_of(request), now=now())
    messages.success(request, "Withdrawn. A sealed file for the partner lies beside the package.")
    return redirect("desk_referrals")


def _named(request: HttpRequest) -> Referral:
    found = Referral.objects.filter(public_id=request.POST.get("referral", "")).first()
    if found is None:
        raise Missing("There is no such referral.")
    return found
