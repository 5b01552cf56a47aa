"""One stack in words: what lies in it, what a decision would cover, and what is decided alone. No pictures."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from openhotline.desk.queries.stacks import shown_stack
from openhotline.desk.views.page import page

HEADERS = ("Picture", "Bits to the stack", "Bits to the part", "What the file says", "Where it stands", "Why")


@require_safe
def stack(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a stack by its outside id. Pictures come by queue: here are none."""
    return page(request, "desk/stack.html", {"shown": shown_stack(public_id), "headers": HEADERS}, current="desk_queue")
