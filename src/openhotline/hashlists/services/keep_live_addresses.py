"""Which addresses still show confirmed items: found out by removal, pushed down by the journey."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.hashlists.models import ListedAddress


def keep_live_addresses(*, address_ids: Sequence[int], live: bool, actor: str, now: datetime) -> int:
    """Keep of addresses (at most 500 at a time) whether they are live; return how many changed.

    What is new is kept where it is live alone. Whether an address is listed, its entries decide at the release.
    """
    with transaction.atomic():
        there = set(ListedAddress.objects.filter(address__in=address_ids).values_list("address_id", flat=True))
        rows = [ListedAddress(address_id=one) for one in sorted(set(address_ids) - there)] if live else []
        ListedAddress.objects.bulk_create(rows, ignore_conflicts=True)
        stale = ListedAddress.objects.select_for_update().filter(address__in=there).exclude(live=live)
        names = [*(row.public_id for row in rows), *stale.order_by("pk").values_list("public_id", flat=True)]
        ListedAddress.objects.filter(public_id__in=names).update(live=live)
        if names:
            detail = {"live": live}
            record(actor=actor, action="addresses_live_set", subject="addresses", ids=names, now=now, detail={**detail})
    return len(names)
