"""Purges that ended get their place in the chain of what was taken back."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from openhotline.audit.models import TakenBack
from openhotline.audit.services.certify import certify
from openhotline.evidence.models import Purge
from openhotline.evidence.states import PurgeState

KIND = "purge"
BATCH = 500


def certify_purges(*, actor: str, now: datetime) -> int:
    """Chain the certificates of up to 500 purges that have ended and have no place yet; return how many."""
    chained = TakenBack.objects.filter(kind=KIND, subject=OuterRef("public_id"))
    rows = Purge.objects.filter(~Exists(chained), state=PurgeState.DONE).order_by("pk")[:BATCH]
    taken = {row.public_id: row.certificate or {} for row in rows}
    return certify(kind=KIND, taken=taken, actor=actor, now=now) if taken else 0
