"""Reading removals: what is due, what stands at an address, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q

from openhotline.core.net.addresses import parse
from openhotline.core.net.names import is_ip
from openhotline.evidence.models import Item, Sighting
from openhotline.evidence.queries import digests_of
from openhotline.hashlists.models import Entry
from openhotline.hashlists.queries import entries_of
from openhotline.removal.models import MailHold, Notice, NoticedAddress, NoticedItem, Office, Removal
from openhotline.removal.states import LIVE, RemovalState

# Nothing but an address that is gone is due later than this: what is, was written by a clock that has been set back.
FARTHEST = timedelta(hours=36)


@dataclass(frozen=True)
class Progress:
    """How many removals stand where; ``notices`` counts mails that went out."""

    by_state: dict[str, int]
    notices: int


def progress() -> Progress:
    """Count all removals by state, and the notices sent."""
    rows = Removal.objects.values_list("state").annotate(Count("pk")).order_by("state")
    sent = Notice.objects.filter(sent_at__isnull=False).count()
    return Progress(dict(rows), sent)


def hosts_due(now: datetime, limit: int = 500) -> list[int]:
    """Return keys of removals whose host is to be looked for: interrupted ones, and unknown hosts by the day."""
    over = Q(next_check_at__lte=now) | Q(next_check_at__gt=now + FARTHEST)
    rows = Removal.objects.filter(over, state__in=[RemovalState.OPENED, RemovalState.HOST_UNKNOWN])
    return list(rows.order_by("next_check_at").values_list("pk", flat=True)[:limit])


def notices_due(now: datetime, limit: int = 500) -> list[int]:
    """Return keys of removals whose notice was not sent in time: the mail server did not take it, or a crash."""
    over = Q(next_check_at__lte=now) | Q(next_check_at__gt=now + FARTHEST)
    rows = Removal.objects.filter(over, state=RemovalState.NOTICE_DUE)
    return list(rows.order_by("next_check_at").values_list("pk", flat=True)[:limit])


def mail_is_held() -> bool:
    """Say whether no notice may go out until a person has looked (after a restore)."""
    return MailHold.objects.filter(ended_at=None).exists()


def office() -> Office:
    """Return who writes to providers: the hotline's office, never a person."""
    return Office(settings.HOTLINE["name"], str(settings.MAIL["from"]))


def confirmed_at(address_ids: Sequence[int]) -> dict[int, list[int]]:
    """Return address key -> keys of the confirmed items seen there, on the page or as the address itself."""
    wanted = set(address_ids)
    rows = Sighting.objects.filter(Q(address__in=wanted) | Q(page__in=wanted)).order_by("pk")
    seen = list(rows.values_list("address_id", "page_id", "item_id"))
    listed = entries_of([item for _, _, item in seen])
    found: dict[int, dict[int, None]] = {address: {} for address in wanted}
    for address, page, item in seen:
        for place in {address, page} & wanted:
            if item in listed:
                found[place][item] = None
    return {place: list(items) for place, items in found.items()}


def addresses_of(entry_ids: Sequence[int]) -> list[int]:
    """Return keys of the addresses at which the items of these entries were seen, for the journey."""
    rows = Sighting.objects.filter(item__entry__in=entry_ids, address__isnull=False)
    return sorted({key for key in rows.values_list("address_id", flat=True) if key is not None})


def noticed_addresses(removals: Sequence[Removal]) -> list[NoticedAddress]:
    """Return what a provider is told of each removal's address; those with nothing confirmed any more are left out."""
    confirmed = confirmed_at([removal.address_id for removal in removals])
    keys = {item for items in confirmed.values() for item in items}
    listed = entries_of(list(keys))
    items = {pk: _noticed(item, listed[pk]) for pk, item in _items(list(listed)).items()}
    return [
        _noticed_address(removal, tuple(items[key] for key in confirmed[removal.address_id]))
        for removal in removals
        if confirmed[removal.address_id]
    ]


def _items(keys: list[int]) -> dict[int, Item]:
    rows = Item.objects.filter(pk__in=keys)
    return {item.pk: item for item in rows.defer("provenance", "provenance_sealed", "pdq")}


def _noticed(item: Item, entry: Entry) -> NoticedItem:
    return NoticedItem(
        hashes={name: value for name, value in digests_of(item).items() if name in {"md5", "sha1", "sha256"}},
        ai_involvement=entry.ai_involvement,
        jurisdiction=entry.jurisdiction,
        outcome=entry.outcome,
        category=entry.category,
        provision=entry.provision,
    )


def _noticed_address(removal: Removal, items: tuple[NoticedItem, ...]) -> NoticedAddress:
    parsed = parse(removal.address.canonical)
    country = removal.hosting.country if removal.hosting else ""
    return NoticedAddress(removal.pk, parsed.canonical, parsed.host, not is_ip(parsed.host), items, country)


def items_at(removal_ids: Sequence[int]) -> list[int]:
    """Return keys of the confirmed items at these removals' addresses, for the journey."""
    addresses = Removal.objects.filter(pk__in=removal_ids).values_list("address_id", flat=True)
    return sorted({item for items in confirmed_at(list(addresses)).values() for item in items})


def live_addresses() -> list[int]:
    """Return keys of addresses that were still there when they were last looked at, for the journey.

    Without those that the police hold, or may yet hold, as nobody is to be told of them.
    """
    rows = Removal.objects.filter(state__in=LIVE).order_by("address_id")
    return list(rows.values_list("address_id", flat=True))


def items_gone(removal_ids: Sequence[int]) -> list[int]:
    """Return those of ``items_at`` that no address with a removal shows any more."""
    items = items_at(removal_ids)
    open_ones = Removal.objects.exclude(state=RemovalState.GONE).values("address")
    still = Sighting.objects.filter(item__in=items).filter(Q(address__in=open_ones) | Q(page__in=open_ones))
    return sorted(set(items) - set(still.values_list("item_id", flat=True)))


def removals_of(address_ids: Sequence[int]) -> list[Removal]:
    """Return the removals of these addresses, oldest first."""
    rows = Removal.objects.filter(address__in=address_ids).select_related("address", "hosting", "notice")
    return list(rows.order_by("pk"))


def digests_at(address_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """Return address key -> SHA-256 (hex) of the confirmed items seen there."""
    confirmed = confirmed_at(address_ids)
    keys = sorted({item for items in confirmed.values() for item in items})
    digests = {pk: digests_of(item)["sha256"] for pk, item in _items(keys).items()}
    return {address: frozenset(digests[item] for item in items) for address, items in confirmed.items()}
