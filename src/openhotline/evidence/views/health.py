"""Whether files are opened safely and announcements taken, for an operator and for what watches the machine."""

import dataclasses

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from openhotline.core.events import given_up
from openhotline.core.sandbox.protocol import SandboxUnavailable
from openhotline.evidence import queries


@require_GET
def media_health(_request: HttpRequest) -> JsonResponse:
    """Tell in JSON how files are locked in, what one may cost and has cost, and how many announcements were given up.

    503 when a wall is missing, or when work lies that nobody will take up by itself.
    """
    lost = len(given_up())
    announcements = {"given_up": lost}
    given = [f"{lost} announcements were given up: openhotline announcements status."] if lost else []
    try:
        health = queries.sandbox_health()
    except SandboxUnavailable as unavailable:
        reasons = [str(unavailable), *given]
        return _answer({"posture": "unavailable", "reasons": reasons, "announcements": announcements}, 503)
    return _answer(
        {
            "posture": health.posture.kind,
            "reasons": [*health.posture.reasons, *given],
            "limits": dataclasses.asdict(health.limits),
            "so_far": dataclasses.asdict(health.wear),
            "announcements": announcements,
        },
        200 if health.posture.kind == "sandboxed" and not lost else 503,
    )


def _answer(found: dict[str, object], status: int) -> JsonResponse:
    return JsonResponse(found, status=status, headers={"Cache-Control": "no-store"})
