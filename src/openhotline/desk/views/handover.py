"""What one shift tells the next, who is on call, and what cannot wait."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from openhotline.accounts.models import OnCall
from openhotline.accounts.queries import everybody, on_call_at, people_by_id, rota
from openhotline.accounts.services.put_on_call import put_on_call
from openhotline.accounts.services.take_off_call import take_off_call
from openhotline.accounts.states import TWO_PEOPLE, Permission, Role, purposes_of
from openhotline.assessment.queries.handover import notes_on
from openhotline.assessment.services.end_handover import end_handover
from openhotline.assessment.services.note_flag_seen import note_flag_seen
from openhotline.assessment.services.write_handover import write_handover
from openhotline.assessment.states import Queue
from openhotline.core.clock import now
from openhotline.core.errors import Missing, NotNow
from openhotline.desk.forms import OnCallForm
from openhotline.desk.queries.urgent import step_due, urgent
from openhotline.desk.states import QUEUE_WORDS
from openhotline.desk.views.page import page, person_of


@require_safe
def handover(request: HttpRequest) -> HttpResponse:
    """Show the notes of every queue, who is on call now and later, and what cannot wait."""
    return _page(request, OnCallForm(people=[], now=now()))


def _page(request: HttpRequest, form: OnCallForm) -> HttpResponse:
    at, person = now(), person_of(request)
    notes = notes_on()
    names = people_by_id([note.written_by for note in notes])
    matters = urgent(at)
    keeps = person.may(Permission.KEEP_ROTA)
    context = {
        "notes": [
            {
                "note": note,
                "queue": QUEUE_WORDS[Queue(note.queue)],
                "by": names[note.written_by].name if note.written_by in names else "",
            }
            for note in notes
        ],
        "queues": [(queue.value, words) for queue, words in QUEUE_WORDS.items()],
        "on_call": [_turn(one) for one in on_call_at(at)],
        "rota": [_turn(one) for one in rota(at)],
        "step": step_due(matters, at),
        "urgent": matters,
        "answers": person.may(Permission.ANSWER_COMPLAINTS),
        "keeps": keeps,
        "form": form if form.is_bound else OnCallForm(people=everybody() if keeps else [], now=at),
    }
    return page(request, "desk/handover.html", context, current="desk_handover")


def _turn(row: OnCall) -> dict[str, object]:
    signs = [TWO_PEOPLE[one].words for one in sorted(purposes_of(Role(row.person.role)))]
    return {"row": row, "signs": signs}


@require_POST
def write(request: HttpRequest) -> HttpResponse:
    """Leave a note on a queue."""
    queue = request.POST.get("queue", "")
    if queue not in set(Queue):
        raise NotNow("Choose the queue that the note is for.")
    write_handover(queue=Queue(queue), text=request.POST.get("text", ""), actor=person_of(request), now=now())
    messages.success(request, "The note stands on its queue.")
    return redirect("desk_handover")


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Take a note away."""
    end_handover(note=request.POST.get("note", ""), actor=person_of(request), now=now())
    return redirect("desk_handover")


@require_POST
def put(request: HttpRequest) -> HttpResponse:
    """Put somebody on call."""
    form = OnCallForm(request.POST, people=everybody(), now=now())
    if form.is_valid():
        found = people_by_id([form.cleaned_data["person"]])
        begins, ends = form.span()
        try:
            put_on_call(
                person=next(iter(found.values())),
                step=form.cleaned_data["step"],
                begins_at=begins,
                ends_at=ends,
                mail=form.cleaned_data["mail"],
                actor=person_of(request),
                now=now(),
            )
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "On the rota.")
            return redirect("desk_handover")
    return _page(request, form)


@require_POST
def take_off(request: HttpRequest) -> HttpResponse:
    """Take somebody off the rota."""
    take_off_call(on_call=request.POST.get("on_call", ""), actor=person_of(request), now=now())
    return redirect("desk_handover")


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Look after a flag for victim identification."""
    flag = request.POST.get("flag", "")
    if not flag:
        raise Missing("There is no such flag.")
    note_flag_seen(flag=flag, actor=person_of(request), now=now())
    messages.success(request, "It is yours now. Draft an urgent referral if a child may be in danger.")
    return redirect("desk_handover")
