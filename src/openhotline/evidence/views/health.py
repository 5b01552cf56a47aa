"""Whether files are opened safely, announcements taken, due work done: for an operator and what watches the machine."""

import dataclasses

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from openhotline.core.events import given_up
from openhotline.core.overdue import overdue, standstill
from openhotline.core.sandbox.protocol import SandboxUnavailable
from openhotline.evidence import queries


@require_GET
def media_health(_request: HttpRequest) -> JsonResponse:
    """Tell in JSON how files are locked in, what one may cost and has cost, and what nobody takes up by itself.

    That is announcements that were given up, and what falls due by the clock and fails, or is not even tried. 503
    when a wall is missing, or when there is any of it.
    """
    lost, late = len(given_up()), overdue()
    undone = {"announcements": {"given_up": lost}, "overdue": [one.name for one in late]}
    told = [f"{lost} announcements were given up: openhotline announcements status."] if lost else []
    told += [still] if (still := standstill()) else []
    told += [one.sentence for one in late]
    try:
        health = queries.sandbox_health()
    except SandboxUnavailable as unavailable:
        return _answer({"posture": "unavailable", "reasons": [str(unavailable), *told], **undone}, 503)
    return _answer(
        {
            "posture": health.posture.kind,
            "reasons": [*health.posture.reasons, *told],
            "limits": dataclasses.asdict(health.limits),
            "so_far": dataclasses.asdict(health.wear),
            **undone,
        },
        200 if health.posture.kind == "sandboxed" and not told else 503,
    )


def _answer(found: dict[str, object], status: int) -> JsonResponse:
    return JsonResponse(found, status=status, headers={"Cache-Control": "no-store"})
