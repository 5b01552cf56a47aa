"""Whether files are opened safely in this process, for an operator and for what watches the machine."""

import dataclasses

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from openhotline.core.sandbox.protocol import SandboxUnavailable
from openhotline.evidence import queries


@require_GET
def media_health(_request: HttpRequest) -> JsonResponse:
    """Tell in JSON how files are locked in, what one may cost and what they have cost; 503 when a wall is missing."""
    try:
        health = queries.sandbox_health()
    except SandboxUnavailable as unavailable:
        return _answer({"posture": "unavailable", "reasons": [str(unavailable)]}, 503)
    return _answer(
        {
            "posture": health.posture.kind,
            "reasons": list(health.posture.reasons),
            "limits": dataclasses.asdict(health.limits),
            "so_far": dataclasses.asdict(health.wear),
        },
        200 if health.posture.kind == "sandboxed" else 503,
    )


def _answer(found: dict[str, object], status: int) -> JsonResponse:
    return JsonResponse(found, status=status, headers={"Cache-Control": "no-store"})
