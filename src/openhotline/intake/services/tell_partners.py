"""Partners are to be told of something that is no report's word, such as entries that left the hash list."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.intake.models import Partner, WebhookMessage


@dataclass(frozen=True)
class News:
    """``kind`` as Standard Webhooks names one, ``about`` what is told once, ``data`` outside ids and closed words."""

    kind: str
    about: str
    data: Mapping[str, Any] = field(default_factory=dict)


def tell_partners(*, partners: Collection[int], news: News, actor: str, now: datetime) -> int:
    """Write a message for each of these partners whose webhook works, to be sent at once; return how many are new.

    Told again of the same, a partner gets nothing more.
    """
    rows = Partner.objects.filter(pk__in=partners, ended_at=None, webhook__disabled_at=None, webhook__isnull=False)
    with transaction.atomic():
        told = set(WebhookMessage.objects.filter(about=news.about).values_list("partner_id", flat=True))
        fresh = [one for one in rows.order_by("pk") if one.pk not in told]
        WebhookMessage.objects.bulk_create(
            WebhookMessage(
                partner=one, kind=news.kind, about=news.about, data=dict(news.data), made_at=now, next_at=now
            )
            for one in fresh
        )
        if fresh:
            names = [one.public_id for one in fresh]
            record(actor=actor, action="partners_to_be_told", subject="partners", ids=names, now=now)
    return len(fresh)
