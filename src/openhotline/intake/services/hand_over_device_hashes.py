"""The self-reported list holds codes now: the sealed copies of the public door have served."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.intake.models import DeviceHash
from openhotline.intake.services.forget_reporters import NOTHING
from openhotline.intake.states import DeviceHashState


def hand_over_device_hashes(*, ids: Sequence[int], actor: str, now: datetime) -> int:
    """Take away the sealed copies of these codes; return how many. Those taken back in between are left alone."""
    with transaction.atomic():
        rows = DeviceHash.objects.select_for_update().filter(pk__in=ids, state=DeviceHashState.KEPT)
        names = dict(rows.order_by("pk").values_list("pk", "public_id"))
        if names:
            DeviceHash.objects.filter(pk__in=names).update(state=DeviceHashState.HANDED_OVER, sealed=NOTHING)
            record(
                actor=actor, action="device_hashes_handed_over", subject="device_hashes", ids=[*names.values()], now=now
            )
    return len(names)
