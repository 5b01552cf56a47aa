"""Urgent referrals: words that one person sends at once and a second signs within a day."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from openhotline.accounts.states import TWO_PEOPLE, Permission, Purpose, Role
from openhotline.core.clock import now
from openhotline.core.errors import Missing
from openhotline.core.kept_form import take
from openhotline.desk.views.page import page, person_of
from openhotline.referral.models import UrgentDraft, UrgentReferral
from openhotline.referral.policies import LEAST_WORDS, MOST_WORDS
from openhotline.referral.queries import answers_to_urgent, urgent_drafts, urgent_newest, urgent_words
from openhotline.referral.services.leave_urgent import leave_urgent
from openhotline.referral.services.note_urgent_answer import note_urgent_answer
from openhotline.referral.services.second_urgent import second_urgent
from openhotline.referral.services.send_urgent import send_urgent
from openhotline.referral.states import CAME_OF_WORDS, SAYS_WORDS, CameOfAnswer, PoliceSays


@require_safe
def urgent(request: HttpRequest) -> HttpResponse:
    """Show the form, what was drafted because of a flag, what waits for a second person, and what was sent."""
    person = person_of(request)
    seconds = Role(person.role) in TWO_PEOPLE[Purpose.REFERRAL].approves
    shown = urgent_newest()
    answers = answers_to_urgent(shown)
    rows = [
        {
            "urgent": one,
            "words": urgent_words(one),
            "mine": one.sent_by == person.public_id,
            "signs": seconds and one.second_at is None and one.sent_by != person.public_id,
            "answers": [
                {
                    "said": said.answer,
                    "words": SAYS_WORDS[PoliceSays(said.answer.says)],
                    "came": CAME_OF_WORDS[said.came],
                    "open": said.came in {CameOfAnswer.WAITS, CameOfAnswer.AGAIN},
                }
                for said in answers
                if said.urgent == one.pk
            ],
        }
        for one in shown
    ]
    kept = take(request.session, "desk_urgent_send")
    drafts = [_draft(one, kept) for one in urgent_drafts()]
    context = {
        "rows": rows,
        "drafts": drafts,
        "refers": person.may(Permission.REFER),
        "says": [(one.value, words) for one, words in SAYS_WORDS.items()],
        "kept": {} if any(one["draft"].public_id == kept.get("draft") for one in drafts) else kept,
        "key": secrets.token_hex(16),
        "least": LEAST_WORDS,
        "most": MOST_WORDS,
    }
    return page(request, "desk/urgent.html", context, current="desk_urgent")


def _draft(one: UrgentDraft, kept: dict[str, str]) -> dict[str, Any]:
    typed = kept.get("words") if kept.get("draft") == one.public_id else None
    return {"draft": one, "words": typed or one.words, "key": secrets.token_hex(16)}


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Send words at once."""
    key = request.POST.get("key", "")[:64]
    if not key:
        raise Missing("Load the form again: it lacks what keeps it from being sent twice.")
    sent = send_urgent(
        words=request.POST.get("words", ""),
        report=_report(request),
        draft=request.POST.get("draft", ""),
        idempotency=key,
        actor=person_of(request),
        now=now(),
    )
    messages.success(
        request, f"{sent.public_id[:12]} is sealed. Call the police too; somebody else has to sign it within 24 hours."
    )
    return redirect("desk_urgent")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Leave a draft unsent."""
    leave_urgent(draft=request.POST.get("draft", ""), actor=person_of(request), now=now())
    messages.success(request, "Left unsent. The log has who decided so.")
    return redirect("desk_urgent")


def _report(request: HttpRequest) -> str:
    named = request.POST.get("report", "").strip()
    return named if named.startswith("rep_") and named.isascii() and named.isprintable() and len(named) <= 40 else ""


@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """Sign the words that somebody else sent."""
    found = UrgentReferral.objects.filter(public_id=request.POST.get("urgent", "")).first()
    if found is None:
        raise Missing("There is no such urgent referral.")
    digest = request.POST.get("content", "")
    second_urgent(urgent_id=found.pk, content_sha256=digest, actor=person_of(request), now=now())
    messages.success(request, "You signed it as the second person.")
    return redirect("desk_urgent")


@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Write down what the police answered to urgent words."""
    says = request.POST.get("says", "")
    if says not in set(PoliceSays):
        raise Missing("Choose what the police say: one of the answers of the form.")
    noted = note_urgent_answer(
        urgent=request.POST.get("urgent", ""),
        says=PoliceSays(says),
        words=request.POST.get("words", ""),
        actor=person_of(request),
        now=now(),
    )
    again = " A senior analyst who has given no opinion on the picture decides again." if noted.decision_id else ""
    messages.success(request, f"Written down.{again}")
    return redirect("desk_urgent")
