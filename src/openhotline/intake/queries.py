"""Reading reports, receipts, addresses and collections."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, Q, QuerySet, Sum, When
from django.utils.translation import gettext

from openhotline.accounts.queries import approval_of
from openhotline.accounts.states import LIVE, ApprovalState, Purpose
from openhotline.core.crypto import DoesNotOpen, open_from_the_door, receipt_lookup
from openhotline.core.errors import NO_KEY, Missing, NotAllowed, Unauthorised
from openhotline.intake.models import (
    Address,
    AskedKey,
    Collection,
    DeviceHash,
    Find,
    Partner,
    PartnerKey,
    PartnerReport,
    Report,
    ReportedAddress,
    Webhook,
)
from openhotline.intake.models.containers import place_of
from openhotline.intake.models.device_hash import PictureCode, read_codes
from openhotline.intake.models.help_services import SHIPPED, HelpService, read_services, services_for
from openhotline.intake.models.question import is_shown
from openhotline.intake.models.receipt import next_change, read_words, receipt_word
from openhotline.intake.states import (
    DeviceHashState,
    FindState,
    HelpPurpose,
    Lane,
    ReportState,
    Scope,
    WhyRefused,
    Word,
)

PAGE = 200
SCRIPTS = Path(__file__).parent / "static" / "intake"
HASHING_SCRIPTS = ("device_hash.js", "hash_worker.js", "picture.js", "pdq.js")


@dataclass(frozen=True)
class ReceiptFacts:
    """All that a receipt ever says to anybody outside: a word of a fixed timetable."""

    word: Word
    received_at: datetime
    next_change: datetime | None


@dataclass(frozen=True)
class ReportedLine:
    """One address of a report as the desk sees it: what was typed, what it was read as, or why not."""

    typed: str
    canonical: str
    refusal: str
    address: Address | None


@dataclass(frozen=True)
class ReportFacts:
    """A report opened for the desk."""

    report: Report
    lines: tuple[ReportedLine, ...]
    details: dict[str, str]
    contact: str


@dataclass(frozen=True)
class Asked:
    """A question to a reporter: its outside id and text, when it was asked, and the answers.

    ``answers`` is opened for the desk; outside, where nobody can open them, it holds as many empty texts.
    """

    name: str
    text: str
    asked_at: datetime
    answers: tuple[str, ...]


@dataclass(frozen=True)
class CollectionFacts:
    """How far the import of a collection is: finds by state, refused ones by reason, and the first refusals."""

    collection: Collection
    counts: dict[FindState, int]
    why: dict[WhyRefused, int]
    refusals: tuple[Find, ...]

    @property
    def registered(self) -> int:
        """Return how many finds are there, whatever became of them."""
        return sum(self.counts.values())

    @property
    def more_refusals(self) -> int:
        """Return how many refusals are not among the first."""
        return self.counts[FindState.REFUSED] - len(self.refusals)


def report_with_words(words: str) -> Report | None:
    """Return the report whose receipt has these words, None when no report has them.

    Raises NotAReceipt for words that were never a receipt.
    """
    return Report.objects.filter(receipt=receipt_lookup(read_words(words))).first()


def receipt_of(report: Report, now: datetime) -> ReceiptFacts:
    """Return what the receipt of a report says now."""
    return _receipt_facts(report.received_at or report.started_at, now)


def stage_of(partner: Partner, report: str, now: datetime) -> ReceiptFacts:
    """Return what a partner is told of a report it sent. Raises Missing for any other, there or not."""
    # PostgreSQL takes no NUL, and no id of ours has one.
    rows = PartnerReport.objects.filter(partner=partner, report__public_id=report.replace("\0", ""))
    moment = rows.values_list("report__received_at", flat=True).first()
    if moment is None:
        raise Missing("You have sent no report with this id. Look at the id in the answer that you were given.")
    return _receipt_facts(moment, now)


def _receipt_facts(moment: datetime, now: datetime) -> ReceiptFacts:
    return ReceiptFacts(receipt_word(moment, now), moment, next_change(moment, now))


def report_by_id(public_id: str) -> Report | None:
    """Return a report by outside id."""
    return Report.objects.filter(public_id=public_id).first()


def report_page(public_id: str) -> ReportFacts | None:
    """Return a report with its addresses and details opened: for the desk, never for the public door."""
    report = report_by_id(public_id)
    if report is None:
        return None
    rows = report.addresses.select_related("address").order_by("position")
    contact = _opened(bytes(report.contact)) if report.contact is not None else ""
    return ReportFacts(report, tuple(_line(row) for row in rows), _details(report), contact)


def questions_shown(report: Report, *, words: str, now: datetime) -> list[Asked]:
    """Return the questions that the receipt's page shows now, oldest first; the answers are counted, never opened."""
    rows = report.questions.annotate(count=Count("answers")).order_by("asked_at", "pk")
    return [
        Asked(row.public_id, row.text(words), row.asked_at, ("",) * row.count)
        for row in rows
        if row.sealed and is_shown(row.asked_at, now)
    ]


def questions_of(report: Report, *, words: str) -> list[Asked]:
    """Return all questions of a report with their answers opened: for the desk, never for the public door."""
    rows = report.questions.prefetch_related("answers").order_by("asked_at", "pk")
    return [
        Asked(
            row.public_id,
            row.text(words) if row.sealed else "(no longer kept)",
            row.asked_at,
            tuple(_opened(bytes(one.sealed)) for one in row.answers.order_by("answered_at", "pk")),
        )
        for row in rows
    ]


def _line(row: ReportedAddress) -> ReportedLine:
    canonical = row.address.canonical if row.address else ""
    return ReportedLine(_opened(bytes(row.sealed)), canonical, row.refusal, row.address)


def _opened(sealed: bytes) -> str:
    if not sealed:
        return "(no longer kept as it was typed)"
    try:
        return open_from_the_door(sealed)
    except DoesNotOpen:
        return "(cannot be opened with this installation's intake key)"


def _details(report: Report) -> dict[str, str]:
    if report.details is None:
        return {}
    try:
        content: dict[str, Any] = json.loads(open_from_the_door(bytes(report.details)))
    except (DoesNotOpen, ValueError):
        return {"more": "(cannot be opened with this installation's intake key)"}
    return {name: str(text) for name, text in content.items()}


def reports_waiting() -> QuerySet[Report]:
    """Return the reports that a person has to read and nobody has: urgent ones, and those without a usable address.

    Urgent ones come first, of them those that went over a limit last; then the oldest.
    """
    turn = Case(When(lane=Lane.URGENT, quarantined__isnull=True, then=0), When(lane=Lane.URGENT, then=1), default=2)
    to_read = Report.objects.filter(Q(state=ReportState.FOR_A_PERSON) | Q(lane=Lane.URGENT), read_at=None)
    return to_read.annotate(turn=turn).order_by("turn", "started_at", "pk")


def latest_reports(limit: int = PAGE) -> list[Report]:
    """Return the newest reports with how many addresses each has (``address_count``)."""
    return list(_counted().order_by("-started_at", "-pk")[:limit])


def _counted() -> QuerySet[Report]:
    return Report.objects.annotate(address_count=Count("addresses"))


def reports_of_address(address_id: int) -> list[Report]:
    """Return the reports that named an address, oldest first."""
    return list(Report.objects.filter(addresses__address=address_id).distinct().order_by("started_at")[:PAGE])


def count_reports() -> dict[ReportState, int]:
    """Return how many reports stand in each state, none left out."""
    counted = dict(Report.objects.values_list("state").annotate(Count("pk")).order_by())
    return {state: counted.get(state, 0) for state in ReportState}


def find_page(collection: Collection) -> CollectionFacts:
    """Return the finds of a collection by state and reason, with the first refusals; no path is opened."""
    counted = dict(collection.finds.values_list("state").annotate(Count("pk")).order_by())
    refused = collection.finds.filter(state=FindState.REFUSED)
    why: list[tuple[str, int]] = list(refused.values_list("why").annotate(many=Count("pk")).order_by("-many", "why"))
    return CollectionFacts(
        collection,
        {state: counted.get(state, 0) for state in FindState},
        {WhyRefused(code): count for code, count in why},
        tuple(refused.defer("path", "claimed", "told").order_by("number")[:PAGE]),
    )


def waiting_finds(collection: Collection) -> int:
    """Return how many finds of a collection wait to be sealed."""
    return collection.finds.filter(state=FindState.REGISTERED).count()


def collections() -> QuerySet[Collection]:
    """Return all collections, newest first."""
    return Collection.objects.order_by("-opened_at", "-pk")


def collections_called(which: str) -> list[Collection]:
    """Return the collections with this outside id or name, or that lie in this folder or archive."""
    where = place_of(which) or str(Path(which).resolve())
    # Where one lies is encrypted and cannot be searched; there are few collections.
    return [one for one in collections() if which in {one.public_id, one.name} or one.folder == where]


def find_counts(collections: Sequence[int]) -> dict[int, dict[str, int]]:
    """Return {collection's key: {state: finds}} of several collections."""
    counts: dict[int, dict[str, int]] = {}
    rows = Find.objects.filter(collection__in=collections).values_list("collection", "state").annotate(Count("pk"))
    for collection, state, many in rows.order_by():
        counts.setdefault(collection, {})[state] = many
    return counts


def brought_by(collection: Collection) -> list[tuple[str, str, int]]:
    """Return (who, authority, files) of a collection's batches: outside ids, most files first."""
    rows = collection.batches.values_list("by", "authority").annotate(many=Sum("finds")).order_by("-many", "by")
    return [(by, authority, many) for by, authority, many in rows]


def finds_told(collection: Collection) -> Iterator[dict[str, object]]:
    """Yield every find of a collection with where, by whom and under which authority it was found; a few in memory."""
    rows = collection.finds.select_related("batch", "address", "page").defer("address__raw", "page__raw")
    for find in rows.order_by("number").iterator(PAGE):
        yield {
            "number": find.number if find.number < Find.NO_NUMBER else None,
            "file": find.path,
            "address": find.address.canonical if find.address else None,
            "page": find.page.canonical if find.page else None,
            "state": find.state,
            "why": find.why or None,
            "sentence": find.refusal or None,
            "told": json.loads(find.told) if find.told else {},
            "found_by": collection.found_by,
            "brought_by": find.batch.by if find.batch else None,
            "brought_at": find.batch.at.isoformat() if find.batch else None,
            "authority": find.batch.authority if find.batch else collection.authority,
        }


def collection_by_id(public_id: str) -> Collection | None:
    """Return a collection by outside id."""
    return Collection.objects.filter(public_id=public_id).first()


@dataclass(frozen=True)
class OpenedCode:
    """A code that came from a device, opened for the self-reported list; ``origin`` is its outside id."""

    key: int
    origin: str
    code: PictureCode


def opened_codes(ids: Sequence[int]) -> list[OpenedCode]:
    """Return those of these codes that still wait for the list, opened (workers only). Raises DoesNotOpen."""
    rows = DeviceHash.objects.filter(pk__in=ids, state=DeviceHashState.KEPT).order_by("pk")
    return [OpenedCode(row.pk, row.public_id, read_codes(open_from_the_door(bytes(row.sealed)))[0]) for row in rows]


def help_for(purpose: HelpPurpose) -> list[HelpService]:
    """Return the services of this hotline's country for a purpose, then those of every country, in this language."""
    services = read_services(Path(settings.HELP_SERVICES) if settings.HELP_SERVICES else SHIPPED)
    fit = services_for(services, purpose, settings.JURISDICTION.partition("-")[0])
    return [replace(one, about=gettext(one.about)) for one in fit]


def script_digests() -> dict[str, str]:
    """Return file name -> SHA-256 (hex) of the scripts that make codes on a device, as they are served."""
    return {name: sha256((SCRIPTS / name).read_bytes()).hexdigest() for name in HASHING_SCRIPTS}


def origins_of(ids: Sequence[int]) -> list[str]:
    """Return the outside ids of codes that came from devices, by key."""
    return list(DeviceHash.objects.filter(pk__in=ids).order_by("pk").values_list("public_id", flat=True))


@dataclass(frozen=True)
class KeyFacts:
    """A partner's key as staff see it; ``state`` is a word."""

    public_id: str
    scopes: list[str]
    state: str
    ends: datetime


@dataclass(frozen=True)
class AskedKeyFacts:
    """A key that is to be made: exactly what somebody asked for, and whether another person agreed yet."""

    public_id: str
    partner: str
    hourly: int
    scopes: list[str]
    days: int
    asked_by: str
    approved: bool
    until: datetime


@dataclass(frozen=True)
class PartnerFacts:
    """A partner as staff see it; ``webhook`` says in words whether its messages arrive."""

    public_id: str
    name: str
    hourly: int
    state: str
    webhook: str
    keys: tuple[KeyFacts, ...]
    asked: tuple[AskedKeyFacts, ...]


def key_shown(text: str, scope: Scope, *, now: datetime) -> PartnerKey:
    """Return the key that this text is, with its partner.

    Raises Unauthorised where there is none that may be used now, NotAllowed for one of another scope.
    """
    key: PartnerKey | None = PartnerKey.objects.shown(text, now=now)
    if key is None:
        raise Unauthorised(NO_KEY)
    if not key.may(scope):
        raise NotAllowed(f"This key may not be used for {scope}. Ask the hotline for one that may.")
    return key


def partners(now: datetime) -> list[PartnerFacts]:
    """Return every partner, by name, with the keys it was ever given. No key can be read out of it."""
    hooks = {one.partner_id: one for one in Webhook.objects.only("partner", "disabled_at")}
    rows = Partner.objects.order_by("name").prefetch_related("keys")
    asked = asked_keys(now)
    return [
        PartnerFacts(
            public_id=one.public_id,
            name=one.name,
            hourly=one.hourly,
            state="ended" if one.ended_at else "reports",
            webhook=_told_how(hooks.get(one.pk)),
            keys=tuple(_key_facts(key, now) for key in sorted(one.keys.all(), key=lambda key: key.pk)),
            asked=tuple(key for key in asked if key.partner == one.name),
        )
        for one in rows
    ]


def asked_keys(now: datetime) -> list[AskedKeyFacts]:
    """Return the keys that somebody asked for and that can still be made, oldest first."""
    rows = AskedKey.objects.filter(key=None, partner__ended_at=None).select_related("partner").order_by("pk")
    standing = ((row, approval_of(Purpose.PARTNER_KEY, row.public_id)) for row in rows)
    return [
        AskedKeyFacts(
            public_id=row.public_id,
            partner=row.partner.name,
            hourly=row.partner.hourly,
            scopes=row.scopes,
            days=row.days,
            asked_by=approval.asked_by,
            approved=approval.state == ApprovalState.APPROVED,
            until=approval.expires_at,
        )
        for row, approval in standing
        if approval is not None and approval.state in LIVE and approval.expires_at > now
    ]


def _told_how(hook: Webhook | None) -> str:
    return "none" if hook is None else "disabled, nobody answers" if hook.disabled_at else "in use"


def _key_facts(key: PartnerKey, now: datetime) -> KeyFacts:
    state = "revoked" if key.revoked_at else "in force" if key.expires_at > now else "over"
    return KeyFacts(key.public_id, key.scopes, state, key.expires_at)
