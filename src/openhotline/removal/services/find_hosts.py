"""Who hosts an address, and where to write to: asked of the registries by RDAP."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.crypto import lookup
from openhotline.core.events import publish
from openhotline.core.net import rdap
from openhotline.core.net.addresses import parse
from openhotline.core.net.errors import AddressInvalid, FetchFailed, RdapFailed
from openhotline.core.net.fetch import Policy
from openhotline.removal.events import HostsFound
from openhotline.removal.models import Hosting, Removal
from openhotline.removal.policies import ASK_HOST_AGAIN, HOST_STAYS, TAKE_UP_AFTER, sentence
from openhotline.removal.states import RemovalState

ASKED_AT_ONCE = 4
LONGEST_RECORD = 500_000
NO_CONTACT = "The registry publishes no abuse contact for this host. Find one by hand, or ask its country's hotline."
WAITING = (RemovalState.OPENED, RemovalState.HOST_UNKNOWN)

Ask = Callable[[str], rdap.Hosting]


@dataclass(frozen=True)
class _Site:
    host: str
    port: int

    @property
    def key(self) -> str:
        return lookup("host", f"{self.host}:{self.port}")


def ask_registry(host: str) -> rdap.Hosting:
    """Ask for the network of the host's first IP address. Raises RdapFailed or FetchFailed."""
    (ip, *_) = rdap.resolve(host)
    policy = Policy(LONGEST_RECORD, 15.0, 3, only=settings.FETCH_ONLY, accept="application/rdap+json")
    return rdap.lookup(ip, bases=settings.RDAP_SERVERS, policy=policy)


def find_hosts(*, ids: Sequence[int], actor: str, now: datetime, ask: Ask = ask_registry) -> int:
    """Find the host of each removal (at most 500) that waits for one; return for how many a notice is now due.

    Each site is asked about once, and again after a week. A site whose registry gives no contact, or no answer, waits
    a day with a sentence that says why.
    """
    if not ids:
        return 0
    waiting = list(Removal.objects.filter(pk__in=ids, state__in=WAITING).select_related("address").order_by("pk"))
    sites = {removal.pk: _site(removal) for removal in waiting}
    answers = _answers({site for site in sites.values() if site}, ask, now)
    with transaction.atomic():
        hostings = _keep([answer for answer in answers.values() if isinstance(answer, Hosting)])
        rows = list(Removal.objects.select_for_update().filter(pk__in=sites, state__in=WAITING).order_by("pk"))
        for row in rows:
            _settle(row, answers.get(sites[row.pk]), hostings, now)
        Removal.save_alike(rows, ["state", "hosting_id", "sentence", "next_check_at"])
        due = [row.pk for row in rows if row.state == RemovalState.NOTICE_DUE]
        if rows:
            detail = {"found": len(due), "unknown": len(rows) - len(due)}
            ids_done = [row.pk for row in rows]
            record(actor=actor, action="hosts_found", subject="removals", ids=ids_done, now=now, detail={**detail})
        if due:
            publish(HostsFound(ids=tuple(due)), now=now)
    return len(due)


def _site(removal: Removal) -> _Site | None:
    try:
        parsed = parse(removal.address.canonical)
    except AddressInvalid:
        return None
    return _Site(parsed.host, parsed.port)


def _answers(sites: set[_Site], ask: Ask, now: datetime) -> dict[_Site | None, Hosting | str]:
    """Return for each site its hosting, fresh or as it is known, or the sentence why there is none."""
    by_key = {site.key: site for site in sites}
    known = Hosting.objects.filter(lookup__in=by_key, looked_up_at__gt=now - HOST_STAYS, contact__isnull=False)
    answers: dict[_Site | None, Hosting | str] = {by_key[row.lookup]: row for row in known}
    asked = sorted(sites - set(answers), key=lambda site: (site.host, site.port))
    with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
        answers.update(zip(asked, pool.map(lambda site: _asked(site, ask, now), asked), strict=True))
    return answers


def _asked(site: _Site, ask: Ask, now: datetime) -> Hosting | str:
    if settings.FETCH_ONLY is not None and (site.host, site.port) not in settings.FETCH_ONLY:
        return "Practice looks up only the practice site."
    try:
        found = ask(site.host)
    except (RdapFailed, FetchFailed) as error:
        return sentence(f"The host could not be looked up: {error}")
    return Hosting(
        lookup=site.key,
        provider=(found.organisation or found.name or "not named")[:200],
        country=found.country or "",
        contact=found.abuse_email,
        looked_up_at=now,
    )


def _keep(answers: list[Hosting]) -> dict[str, Hosting]:
    Hosting.objects.bulk_create(
        [row for row in answers if row.pk is None],
        update_conflicts=True,
        unique_fields=["lookup"],
        update_fields=["provider", "country", "contact", "looked_up_at"],
    )
    return {row.lookup: row for row in Hosting.objects.filter(lookup__in=[row.lookup for row in answers])}


def _settle(row: Removal, answer: Hosting | str | None, hostings: dict[str, Hosting], now: datetime) -> None:
    row.state, row.next_check_at = RemovalState.HOST_UNKNOWN, now + ASK_HOST_AGAIN
    if not isinstance(answer, Hosting):
        row.sentence = answer or "The address cannot be read any more."
        return
    row.hosting, row.sentence = hostings[answer.lookup], NO_CONTACT
    if row.hosting.contact is not None:
        row.state, row.sentence, row.next_check_at = RemovalState.NOTICE_DUE, "", now + TAKE_UP_AFTER
