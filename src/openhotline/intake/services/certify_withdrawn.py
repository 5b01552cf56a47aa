"""What reporters and young people took back gets its place in the chain: a restore must not bring it back."""

from datetime import datetime

from openhotline.audit.queries import without_certificate
from openhotline.audit.services.certify import certify
from openhotline.intake.models import DeviceHash, Report
from openhotline.intake.states import DeviceHashState

CODE, CONTACT, TOLD = "code", "contact", "told"
BATCH = 500


def certify_withdrawn(*, actor: str, now: datetime) -> int:
    """Certify up to 500 of each that was taken back and has no certificate yet: outside ids alone; return how many."""
    taken_back = {
        CODE: DeviceHash.objects.filter(state=DeviceHashState.WITHDRAWN),
        CONTACT: Report.objects.filter(contact_withdrawn=True),
        TOLD: Report.objects.filter(contact_withdrawn=True, details=None),
    }
    done = 0
    for kind, rows in taken_back.items():
        names = without_certificate(rows, kind).order_by("pk").values_list("public_id", flat=True)[:BATCH]
        done += certify(kind=kind, taken={str(name): {} for name in names}, actor=actor, now=now)
    return done
