"""After a restore: what reporters and young people had taken back since the backup is taken back again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.intake.events import DeviceHashesWithdrawn
from openhotline.intake.models import Answer, DeviceHash, Report, ReportedAddress
from openhotline.intake.services.certify_withdrawn import BATCH, CODE, CONTACT, TOLD
from openhotline.intake.services.forget_reporters import NOTHING
from openhotline.intake.states import DeviceHashState


def withdraw_again(*, taken: Mapping[str, Sequence[str]], actor: str, now: datetime) -> int:
    """Take away what ``taken`` (kind -> outside ids) names and is still here; return how many. Twice is once."""
    gone: list[str] = []
    with transaction.atomic():
        for kind, take in ((CODE, _codes), (CONTACT, _contacts), (TOLD, _told)):
            names = list(taken.get(kind, ()))
            for start in range(0, len(names), BATCH):
                gone += take(names[start : start + BATCH], now)
        if gone:
            record(actor=actor, action="withdrawn_again", subject="reports", ids=gone, now=now)
    return len(gone)


def _codes(names: Sequence[str], now: datetime) -> list[str]:
    rows = DeviceHash.objects.filter(public_id__in=names).exclude(state=DeviceHashState.WITHDRAWN)
    there = dict(rows.order_by("pk").values_list("pk", "public_id"))
    DeviceHash.objects.filter(pk__in=there).update(state=DeviceHashState.WITHDRAWN, sealed=NOTHING)
    if there:
        publish(DeviceHashesWithdrawn(ids=tuple(there)), now=now)
    return [*there.values()]


def _contacts(names: Sequence[str], _now: datetime) -> list[str]:
    there = dict(Report.objects.filter(public_id__in=names, contact_withdrawn=False).values_list("pk", "public_id"))
    Report.objects.filter(pk__in=there).update(contact=None, contact_withdrawn=True)
    return [*there.values()]


def _told(names: Sequence[str], _now: datetime) -> list[str]:
    there = dict(Report.objects.filter(public_id__in=names, details__isnull=False).values_list("pk", "public_id"))
    Report.objects.filter(pk__in=there).update(details=None, contact=None, contact_withdrawn=True)
    ReportedAddress.objects.filter(report__in=there).update(sealed=NOTHING, refusal="")
    Answer.objects.filter(question__report__in=there).update(sealed=NOTHING)
    return [*there.values()]
