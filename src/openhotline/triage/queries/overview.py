"""Files found, all or some, seen whole: by reason, over time, and where from."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from openhotline.evidence.models import Sighting
from openhotline.intake.models import Address
from openhotline.triage.models import HeldEntry, Stack, StackMember
from openhotline.triage.states import SelectionState

MOST_ADDRESSES = 2_000
MOST_HOSTS = 25
OTHERS = ""


@dataclass
class Standing:
    """Files found, by where they stand."""

    found: int = 0
    unsorted: int = 0
    selected: int = 0
    set_aside: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Add counts of files."""
        self.found += row["found"]
        self.unsorted += row["unsorted"]
        self.selected += row["selected"]
        self.set_aside += row["set_aside"]


@dataclass(frozen=True)
class Overview:
    """By (state, reason), by the day (UTC) they came in, and by host of the addresses with most files.

    Files that were not triaged yet have ("", ""); ``without`` have no address.
    """

    reasons: dict[tuple[str, str], int] = field(default_factory=dict)
    days: dict[date, Standing] = field(default_factory=dict)
    hosts: dict[str, Standing] = field(default_factory=dict)
    without: int = 0
    addresses_left_out: int = 0


def _counts() -> dict[str, Count]:
    states = {str(state): Count("pk", filter=Q(item__selection__state=state)) for state in SelectionState}
    return {"found": Count("pk"), **states}


def overview(rows: QuerySet[Sighting], since: datetime | None = None) -> Overview:
    """Count these files by reason, by day (only what came in after ``since``) and by host.

    Hosts are read from the 2,000 addresses with most files; the rest counts as others.
    """
    by_reason = rows.values_list("item__selection__state", "item__selection__reason").annotate(Count("pk")).order_by()
    reasons = {(state or "", why or ""): many for state, why, many in by_reason}
    days: dict[date, Standing] = {}
    recent = rows.filter(seen_at__gt=since) if since is not None else rows
    by_day = recent.annotate(day=TruncDate("seen_at")).values("day")
    for row in by_day.annotate(**_counts()).order_by("day"):
        days.setdefault(row["day"], Standing()).add(row)
    hosts, left_out = _hosts(rows)
    return Overview(reasons, days, hosts, rows.filter(address=None).count(), left_out)


def _hosts(rows: QuerySet[Sighting]) -> tuple[dict[str, Standing], int]:
    grouped = rows.filter(address__isnull=False).values("page_id", "address_id").annotate(**_counts())
    by_address: dict[int, Standing] = defaultdict(Standing)
    for row in grouped.order_by().iterator():
        by_address[row["page_id"] or row["address_id"]].add(row)
    order = sorted(by_address, key=lambda key: (-by_address[key].found, key))
    read = dict(Address.objects.filter(pk__in=order[:MOST_ADDRESSES]).values_list("pk", "canonical"))
    hosts: dict[str, Standing] = defaultdict(Standing)
    for key, counts in by_address.items():
        host = urlsplit(read[key]).hostname or OTHERS if key in read else OTHERS
        hosts[host].add(vars(counts))
    ranked = sorted((host for host in hosts if host != OTHERS), key=lambda host: (-hosts[host].found, host))
    shown = {host: hosts[host] for host in ranked[:MOST_HOSTS]}
    rest = hosts[OTHERS]
    for host in ranked[MOST_HOSTS:]:
        rest.add(vars(hosts[host]))
    return (shown | {OTHERS: rest} if rest.found else shown), max(0, len(order) - MOST_ADDRESSES)


@dataclass(frozen=True)
class Part:
    """Members of a stack that may share a decision, or one that is decided alone (``apart``)."""

    lead: str
    members: Sequence[StackMember]
    apart: bool


def parts_of(stack: Stack, most: int = 500) -> list[Part]:
    """Return the parts of a stack, the largest first, those decided alone last; the first 500 members."""
    rows = StackMember.objects.filter(stack=stack).select_related("item__selection", "part").order_by("pk")[:most]
    parts: dict[int, list[StackMember]] = defaultdict(list)
    for row in rows:
        parts[row.part_id].append(row)
    found = [Part(rows_[0].part.public_id, rows_, rows_[0].apart) for rows_ in parts.values()]
    return sorted(found, key=lambda part: (part.apart, -len(part.members), part.members[0].pk))


def held_entries(most: int = 100) -> list[HeldEntry]:
    """Return held entries, those that wait for a person first, then the latest decided."""
    return sorted(HeldEntry.objects.order_by("-held_at", "-pk")[:most], key=lambda row: row.decided_at is not None)


def held_waiting() -> int:
    """Return how many held entries wait for a person."""
    return HeldEntry.objects.filter(decided_at=None).count()
