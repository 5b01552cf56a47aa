"""The words of partners' reports change by the timetable: whoever asked for it is told."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.events import MOST_IDS, publish
from openhotline.intake.events import WebhooksDue
from openhotline.intake.models import PartnerReport, WebhookMessage
from openhotline.intake.models.receipt import next_change, receipt_word

# A message that is being sent is not announced again meanwhile; if its worker dies, it is after this.
UNDER_WAY = timedelta(minutes=10)
# So few that one announcement is over before that, also where a partner does not answer at all.
AT_ONCE = 20


def announce_stages(*, actor: str, now: datetime) -> int:
    """Write messages for up to 500 reports whose word has changed, and announce up to 500 that are due; return both.

    Each partner's are announced apart, 20 at once, so that one that does not answer keeps none of another waiting.
    What a message says follows from the moment its report came in, and from nothing else.
    """
    with transaction.atomic():
        changed = _changed(now)
        due = WebhookMessage.objects.select_for_update(skip_locked=True).filter(next_at__lte=now)
        partners = dict(due.order_by("next_at", "pk").values_list("pk", "partner")[:MOST_IDS])
        ids = tuple(partners)
        if ids or changed:
            record(
                actor=actor,
                action="stages_announced",
                subject="messages",
                now=now,
                ids=ids,
                detail={"reports": len(changed)},
            )
        if ids:
            WebhookMessage.objects.filter(pk__in=ids).update(next_at=now + UNDER_WAY)
            for some in _by_partner(partners):
                publish(WebhooksDue(ids=some), now=now)
    return len(changed) + len(ids)


def _by_partner(partners: Mapping[int, int]) -> Iterator[tuple[int, ...]]:
    for partner in dict.fromkeys(partners.values()):
        mine = tuple(pk for pk, its in partners.items() if its == partner)
        yield from (mine[start : start + AT_ONCE] for start in range(0, len(mine), AT_ONCE))


def _changed(now: datetime) -> Sequence[int]:
    rows = PartnerReport.objects.select_for_update(skip_locked=True, of=("self",)).filter(next_at__lte=now)
    found = list(rows.select_related("report", "partner__webhook").order_by("next_at", "pk")[:MOST_IDS])
    messages = [_message(row, now) for row in found if _is_told(row)]
    WebhookMessage.objects.bulk_create(messages, ignore_conflicts=True)
    for row in found:
        row.next_at = next_change(row.report.received_at or row.report.started_at, now)
    PartnerReport.objects.bulk_update(found, ["next_at"], batch_size=200)
    return [row.pk for row in found]


def _is_told(row: PartnerReport) -> bool:
    hook = getattr(row.partner, "webhook", None)
    return hook is not None and hook.disabled_at is None


def _message(row: PartnerReport, now: datetime) -> WebhookMessage:
    word = receipt_word(row.report.received_at or row.report.started_at, now)
    return WebhookMessage(report=row.report, partner=row.partner, word=word, made_at=now, next_at=now)
