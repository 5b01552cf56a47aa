"""After a restore: legal holds that were placed or prolonged since the backup hold again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.retention.models import Hold


def hold_again(*, taken: Mapping[str, Mapping[str, Any]], actor: str, now: datetime) -> int:
    """Place or prolong what these certificates (outside id of the hold -> content) say; return how many. Twice is once.

    One that was lifted since the backup holds again as well, until a person lifts it: what is kept too long can still
    go. The reference is not known any more.
    """
    done: list[str] = []
    with transaction.atomic():
        for name, content in taken.items():
            until = datetime.fromisoformat(content["until"])
            same = Hold.objects.select_for_update().filter(subject=content["subject"], cause=content["cause"])
            is_over = until <= now or Hold.objects.filter(public_id=_own(name), lifted_at__isnull=False).exists()
            if is_over or same.filter(lifted_at=None, until__gte=until).exists():
                continue
            if not same.filter(lifted_at=None).update(until=until):
                Hold.objects.create(
                    public_id=_own(name), subject=content["subject"], cause=content["cause"], reference="",
                    placed_by=actor, placed_at=now, until=until,
                )  # fmt: skip
            done.append(content["subject"])
        if done:
            record(actor=actor, action="holds_placed_again", subject="holds", ids=done, now=now)
    return len(done)


def _own(name: str) -> str:
    return name.partition("@")[0]
