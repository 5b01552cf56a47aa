"""Who hosts an address, and where to write to: asked of the DNS and of the registries by RDAP, each answer kept."""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.core.net.addresses import parse
from openhotline.core.net.errors import AddressInvalid
from openhotline.removal.errors import ContactRefused
from openhotline.removal.events import HostsFound
from openhotline.removal.models import (
    CONTACT_OF,
    Contact,
    Hold,
    HoldRule,
    HostAnswer,
    Hosting,
    Removal,
    contact_lookup,
)
from openhotline.removal.policies import (
    ASK_HOST_AGAIN,
    CHECK_EVERY,
    HOST_STAYS,
    TAKE_UP_AFTER,
    VERIFIED_FOR,
    check_mail,
    plain_name,
)
from openhotline.removal.queries.holding import rule_for
from openhotline.removal.queries.hosts import Site, SiteFacts, ask_site
from openhotline.removal.queries.receiving import Receivers, receivers
from openhotline.removal.states import BY_HAND, Level, RemovalState

ASKED_AT_ONCE = 4
NO_CONTACT = "The registry publishes no abuse contact for this host. Find one by hand, or ask its country's hotline."
CONTACT_WAITS = "A person has to approve the contact before the first notice goes to it."
UNREADABLE = "The address cannot be read any more."
ONLY_HERE = "Practice looks up only the practice site."
WAITING = (RemovalState.OPENED, RemovalState.HOST_UNKNOWN)
DUE = (RemovalState.NOTICE_DUE,)

Ask = Callable[[Site], SiteFacts]


def find_hosts(*, ids: Sequence[int], actor: str, now: datetime, ask: Ask = ask_site) -> int:
    """Find the host of each removal (at most 500) that waits for one; return for how many a notice is now due.

    Each site is asked about once, and again after a week. A site whose registry gives no contact, or no answer, waits
    a day with a sentence that says why; a contact that no person approved yet waits for one; where the police of the
    country come first, the notice is held.
    """
    return _find(ids, WAITING, HOST_STAYS, actor, now, ask)


def verify_hosts(*, ids: Sequence[int], actor: str, now: datetime, ask: Ask = ask_site) -> int:
    """Ask again about hosts that were asked about more than an hour ago, just before a notice is sent to them.

    A removal whose host has another contact now, or none, leaves the notice it waits in; also where that was seen when
    another address of the same host was asked about. Returns how many were looked at and are still due.
    """
    stale = Q(hosting__looked_up_at__lte=now - VERIFIED_FOR) | Q(hosting__looked_up_at__gt=now)
    due = Removal.objects.filter(pk__in=ids, state__in=DUE, hosting__isnull=False).filter(stale | _elsewhere())
    return _find(list(due.values_list("pk", flat=True)), DUE, VERIFIED_FOR, actor, now, ask)


def _elsewhere() -> Q:
    """Be true of a removal whose notice, not sent yet, is for none of the contacts that its host has now."""
    further = Hosting.further_contacts.through.objects.filter(
        hosting=OuterRef("hosting"), contact=OuterRef("notice__contact")
    )
    other = Q()
    for level, contact in CONTACT_OF.items():
        nobody, same = Q(**{f"hosting__{contact}": None}), Q(notice__contact=F(f"hosting__{contact}"))
        another = Q(level=level) & (nobody | ~same)
        other |= another & Q(~Exists(further)) if level == Level.HOST else another
    return Q(notice__isnull=False, notice__sent_at=None) & other


def _find(ids: Sequence[int], states: Collection[str], fresh: timedelta, actor: str, now: datetime, ask: Ask) -> int:
    if not ids:
        return 0
    waiting = list(Removal.objects.filter(pk__in=ids, state__in=states).select_related("address").order_by("pk"))
    sites = {removal.pk: _site(removal) for removal in waiting}
    known, facts = _facts({site for site in sites.values() if site}, fresh, now, ask)
    with transaction.atomic():
        hostings = known | _keep(facts, now)
        locked = Removal.objects.select_for_update(of=("self",)).filter(pk__in=sites, state__in=states)
        settling = _Settling(hostings, {site: one.failure for site, one in facts.items()}, now)
        rows = list(locked.select_related("notice").order_by("pk"))
        settling.settle([(row, sites[row.pk]) for row in rows])
        due = [row.pk for row in rows if row.state == RemovalState.NOTICE_DUE]
        if rows:
            detail = {"found": len(due), "held": len(settling.held), "unknown": len(rows) - len(due)}
            done = [row.pk for row in rows]
            record(actor=actor, action="hosts_found", subject="removals", ids=done, now=now, detail={**detail})
        if due and RemovalState.NOTICE_DUE not in states:
            publish(HostsFound(ids=tuple(due)), now=now)
    return len(due)


def _site(removal: Removal) -> Site | None:
    try:
        parsed = parse(removal.address.canonical)
    except AddressInvalid:
        return None
    return Site(removal.origin or parsed.host, parsed.port)


def _facts(
    sites: set[Site], fresh: timedelta, now: datetime, ask: Ask
) -> tuple[dict[Site, Hosting], dict[Site, SiteFacts]]:
    """Return the hosting of sites that were asked about a short time ago, and what is said now of all others."""
    by_key = {site.key: site for site in sites}
    asked_at = {"looked_up_at__gt": now - fresh, "looked_up_at__lte": now}
    rows = Hosting.objects.filter(lookup__in=by_key, host_contact__isnull=False, **asked_at)
    known = {by_key[row.lookup]: row for row in _with_contacts(rows)}
    asked = sorted(sites - set(known), key=lambda site: (site.host, site.port))
    with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
        return known, dict(zip(asked, pool.map(lambda site: _ask(site, ask), asked), strict=True))


def _ask(site: Site, ask: Ask) -> SiteFacts:
    if settings.FETCH_ONLY is not None and (site.host, site.port) not in settings.FETCH_ONLY:
        return SiteFacts(failure=ONLY_HERE)
    return ask(site)


def _keep(facts: dict[Site, SiteFacts], now: datetime) -> dict[Site, Hosting]:
    """Keep every answer, and who hosts each site as it was told; contacts that are new wait for a person."""
    heard = [(site.key, one) for site, found in facts.items() for one in found.heard]
    HostAnswer.objects.bulk_create(
        HostAnswer(lookup=key, asked=one.asked, at=now, source=one.source, said=one.said, failure=one.failure)
        for key, one in heard
    )
    told = {site: found for site, found in facts.items() if found.network is not None}
    contacts = _contacts([spec for found in told.values() for spec in _specs(found)], now)
    by_hand = {row.provider.lower(): row for row in Contact.objects.filter(source=BY_HAND, level=Level.HOST)}
    fields = ("provider", "country", "contact", "looked_up_at", "asn", "network_start", "network_end", "others", "cdn")
    pointing = ("host_contact", "owner_contact", "registrar_contact")
    Hosting.objects.bulk_create(
        [_hosting(site, found, contacts, by_hand, now) for site, found in told.items()],
        update_conflicts=True,
        unique_fields=["lookup"],
        update_fields=[*fields, *pointing],
    )
    by_key = {site.key: site for site in told}
    rows = {by_key[row.lookup]: row for row in _with_contacts(Hosting.objects.filter(lookup__in=by_key))}
    _keep_further({rows[site].pk: found for site, found in told.items()}, contacts)
    return rows


def _keep_further(told: dict[int, SiteFacts], contacts: dict[str, Contact]) -> None:
    """Write down whom the further networks of each hosting (by key) name, in the place of whom they named before."""
    table = Hosting.further_contacts.through
    table.objects.filter(hosting__in=told).delete()
    table.objects.bulk_create(
        table(hosting_id=key, contact_id=contact)
        for key, found in told.items()
        for contact in sorted({contacts[spec.key].pk for spec in _specs(found) if spec.level == Level.HOST})
    )


def _with_contacts(rows: QuerySet[Hosting]) -> list[Hosting]:
    return list(rows.select_related("host_contact", "owner_contact", "registrar_contact"))


@dataclass(frozen=True)
class _Spec:
    """A contact as a registry names it."""

    level: Level
    mail: str
    provider: str
    country: str
    source: str

    @property
    def key(self) -> str:
        return contact_lookup(self.mail, self.provider)


def _specs(found: SiteFacts) -> list[_Spec]:
    network, domain = found.network, found.domain
    assert network is not None
    provider = network.organisation or network.name or ""
    named = [(Level.HOST, network.abuse_email, provider, found.country, network.source)]
    # After the first, so that the first contact of a level is the one that is written to.
    further = [(Level.HOST, one.abuse_email, one.organisation or one.name or "", one.country or "", one.source)
               for one in found.others]  # fmt: skip
    if domain is not None:
        owner = domain.organisation or "registrant of a domain"
        named += [
            (Level.OWNER, domain.owner_email, owner, "", domain.source),
            (Level.REGISTRAR, domain.registrar_email, domain.registrar or "registrar of a domain", "", domain.source),
        ]
    specs = []
    for level, mail, who, country, source in [*named, *further]:
        try:
            server = source.partition("://")[2].partition("/")[0][:200]
            specs.append(_Spec(level, check_mail(mail or ""), plain_name(who), country, server))
        except ContactRefused:
            # Whoever keeps the registry's record wrote something else than a mail address: as if nothing stood there.
            continue
    return specs


def _contacts(specs: Sequence[_Spec], now: datetime) -> dict[str, Contact]:
    wanted = {spec.key: spec for spec in specs}
    there = set(Contact.objects.filter(lookup__in=wanted).values_list("lookup", flat=True))
    Contact.objects.bulk_create(
        (
            Contact(
                lookup=key,
                mail=spec.mail,
                provider=spec.provider,
                country=spec.country,
                level=spec.level,
                source=spec.source,
                proposed_at=now,
            )
            for key, spec in sorted(wanted.items())
            if key not in there
        ),
        ignore_conflicts=True,
    )
    return {row.lookup: row for row in Contact.objects.filter(lookup__in=wanted)}


def _hosting(
    site: Site, found: SiteFacts, contacts: dict[str, Contact], by_hand: dict[str, Contact], now: datetime
) -> Hosting:
    network = found.network
    assert network is not None
    at = {spec.level: contacts[spec.key] for spec in reversed(_specs(found))}
    provider = plain_name(network.organisation or network.name or "")
    # Only where the registry names nobody: else a person's word would outlive what the provider publishes.
    host = at.get(Level.HOST) or by_hand.get(provider.lower())
    return Hosting(
        lookup=site.key,
        provider=provider,
        country=found.country,
        contact=host.mail if host else None,
        looked_up_at=now,
        asn=found.block.asn,
        network_start=(network.start or "")[:45],
        network_end=(network.end or "")[:45],
        others=[[one.start[:45], one.end[:45]] for one in found.others if one.start and one.end],
        cdn=found.cdn[:60],
        host_contact=host,
        owner_contact=at.get(Level.OWNER),
        registrar_contact=at.get(Level.REGISTRAR),
    )


class _Settling:
    """Where each removal stands, now that it is known who hosts its address."""

    def __init__(self, hostings: dict[Site, Hosting], failures: dict[Site, str], now: datetime) -> None:
        self.hostings, self.failures, self.now = hostings, failures, now
        self.held: list[Hold] = []

    def settle(self, pairs: Sequence[tuple[Removal, Site | None]]) -> None:
        """Move the rows and write them, with the holds that begin."""
        keys = [row.pk for row, _ in pairs]
        for row, site in pairs:
            row.hosting = self.hostings.get(site, row.hosting) if site else row.hosting
        whom = receivers([row for row, _ in pairs])
        held_before = set(Hold.objects.filter(removal__in=keys).values_list("removal_id", flat=True))
        for row, site in pairs:
            self._settle(row, site, whom[row.pk])
            if row.state == RemovalState.NOTICE_DUE and row.hosting and row.pk not in held_before:
                rule = rule_for(row.hosting.country)
                if rule:
                    self._hold(row, rule)
            if row.notice and row.notice.sent_at is None and self._left(row, whom[row.pk]):
                row.notice = None
        fields = ["state", "hosting_id", "sentence", "next_check_at", "notice_id"]
        Removal.save_alike([row for row, _ in pairs], fields)
        Hold.objects.bulk_create(self.held)

    def _settle(self, row: Removal, site: Site | None, whom: Receivers) -> None:
        row.state, row.next_check_at = RemovalState.HOST_UNKNOWN, self.now + ASK_HOST_AGAIN
        if site is None or site not in self.hostings:
            row.sentence = (self.failures.get(site) if site else None) or UNREADABLE
        elif whom.due:
            row.state, row.sentence, row.next_check_at = RemovalState.NOTICE_DUE, "", self.now + TAKE_UP_AFTER
        elif whom.was_told:
            # It moved and came back, or lies in two networks of one provider: it was told of this already.
            row.state, row.sentence, row.next_check_at = RemovalState.NOTICED, "", self.now + CHECK_EVERY
        elif whom.told or whom.left:
            row.state, row.sentence = RemovalState.CONTACT_WAITS, CONTACT_WAITS
            row.next_check_at = self.now + CHECK_EVERY
        else:
            row.sentence = NO_CONTACT

    def _left(self, row: Removal, whom: Receivers) -> bool:
        """Say whether the notice that waits with this address may not go out about it as it is."""
        assert row.notice is not None
        due = {one.pk for one in whom.due}
        return row.state != RemovalState.NOTICE_DUE or row.notice.contact_id not in due

    def _hold(self, row: Removal, rule: HoldRule) -> None:
        row.state, row.sentence = RemovalState.HELD, f"Held for the police: {rule.name}."[:300]
        row.next_check_at = self.now + CHECK_EVERY
        ends = self.now + timedelta(hours=rule.hours)
        self.held.append(Hold(removal=row, rule=rule.name[:60], begun_at=self.now, runs_out_at=ends))
