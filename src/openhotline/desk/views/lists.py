"""The hash list: releases, published once a second person has approved exactly that; entries in question."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from openhotline.accounts.queries import approval_of
from openhotline.core.clock import now
from openhotline.core.errors import Missing
from openhotline.desk.queries.later import entry_counts, releases
from openhotline.desk.states import WITHDRAWAL_WORDS
from openhotline.desk.views.page import page, person_of
from openhotline.hashlists.models import Feedback, Release
from openhotline.hashlists.queries import disputes_waiting, feedback_on, known_lists, open_flags
from openhotline.hashlists.queries.provenance import origin_of
from openhotline.hashlists.queries.sealed import held_routines
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.keep_entry import keep_entry
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import FEEDBACK_WORDS, FeedbackReason, FeedbackVerdict, WithdrawalReason
from openhotline.triage.queries import held_entries
from openhotline.triage.services.decide_held import decide_held

MOST_DISPUTES = 50


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """Show how many entries there are, the oldest that are in question, and the releases with where each stands."""
    rows = [{"release": one, "approval": approval_of("release", one.public_id)} for one in releases()]
    waiting = list(disputes_waiting()[:MOST_DISPUTES])
    said = feedback_on([one.entry_id for one in waiting])
    disputes = [
        {
            "dispute": one,
            "words": WITHDRAWAL_WORDS[one.reason],
            "whence": origin_of(one.entry).in_words,
            "said": [_said(word) for word in said if word.entry_id == one.entry_id],
        }
        for one in waiting
    ]
    context = {
        "rows": rows, "entries": entry_counts(), "disputes": disputes, "held": held_entries(), "lists": known_lists(),
        "flags": open_flags()[:MOST_DISPUTES],
        "routines": [{"routine": one, "words": one.kind.replace("_", " ")} for one in held_routines(now())],
    }  # fmt: skip
    return page(request, "desk/lists.html", context, current="desk_lists")


def _said(word: Feedback) -> str:
    """Return a member's word on an entry as a sentence."""
    name = word.member.partner.name
    if word.verdict == FeedbackVerdict.CONFIRM:
        return f"{name} confirms it."
    return f"{name} disputes it: {FEEDBACK_WORDS[FeedbackReason(word.reason)]}."


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep an entry that was in question."""
    keep_entry(dispute=request.POST.get("dispute", ""), actor=person_of(request), now=now())
    messages.success(request, "Kept on the list.")
    return redirect("desk_lists")


@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw an entry that was in question, for the reason it was."""
    row = disputes_waiting().filter(public_id=request.POST.get("dispute", "")).first()
    if row is None:
        raise Missing("This is not in question any more. Look at the page again.")
    reason = WithdrawalReason(row.reason)
    withdraw_entry(entry=row.entry.public_id, reason=reason, actor=person_of(request), now=now())
    messages.success(request, "Withdrawn. The next release carries its tombstone.")
    return redirect("desk_lists")


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Draft a release and ask for the second signature on it."""
    release = draft_release(actor=person_of(request), now=now())
    messages.success(request, f"Version {release.version} is drafted. Another person has to approve it.")
    return redirect("desk_lists")


@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Publish a release that was approved."""
    release = Release.objects.filter(public_id=request.POST.get("release", "")).first()
    if release is None:
        raise Missing("There is no such release.")
    publish_release(release_id=release.pk, actor=person_of(request), now=now())
    messages.success(request, f"Version {release.version} is published and signed.")
    return redirect("desk_lists")


@require_POST
def held(request: HttpRequest) -> HttpResponse:
    """Release or retire an entry that is held, as it suddenly matched too much."""
    act = "retire" if request.POST.get("act") == "retire" else "release"
    decide_held(held=request.POST.get("held", ""), act=act, actor=person_of(request), now=now())
    done = "It only shows from now on." if act == "retire" else "Its matches act again."
    messages.success(request, f"{done} What it matched is judged again in the background.")
    return redirect("desk_lists")
