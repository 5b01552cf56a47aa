"""What the hotline's own tables say of matching: hashes of its stacks, and how much of what it finds is known."""

from dataclasses import dataclass

import numpy as np
from django.db.models import Q

from openhotline.core.nearby import hash_of
from openhotline.evidence.models import Sighting
from openhotline.forecast.models.distances import Hashes
from openhotline.hashlists.states import Verdict
from openhotline.triage.models import Match, Stack
from openhotline.triage.states import LEAST_QUALITY

MOST_PICTURES = 6_000


@dataclass(frozen=True)
class Known:
    """Files found, and how many of them a list of known files knows: exactly, or nearly alone."""

    found: int
    exactly: int
    nearly: int


def leading_hashes(most: int = MOST_PICTURES) -> Hashes:
    """Return the hashes (n, 32) of the newest stacks' leaders that say enough; none of two lie within 31 bits."""
    leaders = Stack.objects.filter(leader__pdq__isnull=False, leader__quality__gte=LEAST_QUALITY).order_by("-pk")
    found = [hash_of(str(pdq)) for pdq in leaders.values_list("leader__pdq", flat=True)[:most]]
    return np.stack(found) if found else np.zeros((0, 32), np.uint8)


def known_files() -> Known:
    """Count files found by whether they match: a file found twice counts twice, a video by its bytes alone."""
    known = Q(item__matches__verdict=Verdict.KNOWN, item__matches__kind__in=[*Match.EXACT, Match.NEAR])
    by_bytes = Q(item__matches__kind__in=Match.EXACT)
    exactly = Sighting.objects.filter(known & by_bytes).distinct().count()
    either = Sighting.objects.filter(known).distinct().count()
    return Known(found=Sighting.objects.count(), exactly=exactly, nearly=either - exactly)
