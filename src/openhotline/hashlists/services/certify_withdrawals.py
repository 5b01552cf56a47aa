"""Entries that left the list get their place in the chain: a restore must not bring them back."""

from datetime import datetime

from openhotline.audit.queries import without_certificate
from openhotline.audit.services.certify import certify
from openhotline.hashlists.models import Entry
from openhotline.hashlists.states import EntryState

ENTRY = "entry"
BATCH = 500


def certify_withdrawals(*, actor: str, now: datetime) -> int:
    """Certify up to 500 entries that were withdrawn and have no certificate yet; return how many."""
    rows = without_certificate(Entry.objects.filter(state=EntryState.WITHDRAWN), ENTRY)
    names = rows.order_by("pk").values_list("public_id", flat=True)[:BATCH]
    return certify(kind=ENTRY, taken={name: {} for name in names}, actor=actor, now=now)
