"""Legal holds get their place in the chain: after a restore they must hold again."""

from datetime import datetime

from openhotline.audit.models import TakenBack
from openhotline.audit.services.certify import certify
from openhotline.retention.models import Hold

HOLD = "hold"
BATCH = 500


def certify_holds(*, actor: str, now: datetime) -> int:
    """Certify up to 500 holds in force that are not certified with their present end; return how many.

    A certificate says subject, cause and end. What whoever asked wrote stays here: it may name a person.
    """
    held = {f"{one.public_id}@{one.until:%Y%m%dT%H%M%S}": one for one in Hold.objects.in_force(now)}
    known = set(TakenBack.objects.filter(kind=HOLD).values_list("subject", flat=True))
    new = [name for name in held if name not in known][:BATCH]
    taken = {
        name: {"subject": held[name].subject, "cause": held[name].cause, "until": held[name].until.isoformat()}
        for name in new
    }
    return certify(kind=HOLD, taken=taken, actor=actor, now=now)
