"""Scripts that feel for the edge of a match, for `bench_members.py`: after how many related queries each is flagged."""

import secrets
from collections.abc import Callable
from typing import Any

import numpy as np

RADIUS = 31


def attackers(admit: Callable[[str], tuple[Any, str]], many: int) -> dict[str, Any]:
    """Let scripts feel for the edge of a match, each in its own way among uploads of others, until it is flagged."""
    from openhotline.core.clock import now
    from openhotline.hashlists.models import QueryFlag
    from openhotline.hashlists.services.answer_lookups import Asked, answer_lookups
    from openhotline.hashlists.states import HashKind

    dice, needed = np.random.default_rng(9), list[int | None]()
    for number in range(many):
        member, _ = admit(f"Attacker {number}")
        base = secrets.randbits(256)
        here, noise, step = base, number % 5 * 10, 1 + number % 4
        for query in range(1, 401):
            tried = here
            for _ in range(step):
                tried ^= 1 << int(dice.integers(256))
            if (tried ^ base).bit_count() <= RADIUS + 4:
                here = tried
            some = [f"{tried:064x}", *(secrets.token_hex(32) for _ in range(noise))]
            asked_for = [Asked(HashKind.PDQ, one, 100) for one in some]
            answer_lookups(member=member, actor="key_bench", asked=asked_for, now=now())
            if QueryFlag.objects.filter(member=member).exists():
                needed.append(query)
                break
        else:
            needed.append(None)
    honest, _ = admit("Uploads")
    for _ in range(50):
        uploads = [Asked(HashKind.PDQ, secrets.token_hex(32), 100) for _ in range(200)]
        answer_lookups(member=honest, actor="key_bench", asked=uploads, now=now())
    flagged = [one for one in needed if one is not None]
    return {
        "attackers": many,
        "flagged": len(flagged),
        "related_queries_most": max(flagged, default=0),
        "related_queries_median": float(np.median(flagged)) if flagged else None,
        "honest_queries": 10_000,
        "honest_flagged": QueryFlag.objects.filter(member=honest).count(),
    }
