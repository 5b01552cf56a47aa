"""How addresses end, and all that was done until they were gone.

An address that was removed is counted: that it was opened, noticed and gone, when, and in which country it lay. So the
rows of the address, its removal, its host and the mails stay, without the address, without whom was written to and
without what was said.
"""

from functools import reduce
from operator import or_

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from openhotline.endings.models.rows import Ends, Kept, Records, blank, goes
from openhotline.intake.models import Address
from openhotline.intake.states import FindState, ReportState, SweepState
from openhotline.removal.models import Contact, Handover, HandoverIn, HostAnswer, Hosting, Letter, Notice, Removal
from openhotline.removal.states import OVER, ContactState

_STILL_HERE = "a file that was seen there is still here. Purge that first: openhotline purge draft."

_ADDRESSES = Records(
    model="intake.Address",
    prefix="adr",
    due=lambda before: (
        Address.objects.exclude(sightings__seen_at__gte=before)
        .exclude(pictures__seen_at__gte=before)
        .exclude(captures__started_at__gte=before)
        .filter(first_seen_at__lt=before)
        .order_by("first_seen_at", "pk")
    ),
    subjects=(
        "reported__report__public_id",
        "sightings__item__public_id",
        "sightings__report__public_id",
        "pictures__item__public_id",
    ),
    kept=(
        Kept(Q(removal__isnull=False) & ~Q(removal__state__in=OVER), "its removal is not over."),
        Kept(Q(removal__holds__isnull=False, removal__holds__ended_at=None), "the police hold its removal."),
        Kept(Q(removal__complaints__isnull=False, removal__complaints__answered_at=None), "a complaint is open."),
        Kept(Q(listed__live=True), "members are told of it as live."),
        Kept(Q(swept__sweep__state__in=[SweepState.DRAFTED, SweepState.RUNNING]), "a sweep has it on its list."),
        Kept(Q(reported__report__state=ReportState.RECEIVED), "a report of it was not screened yet."),
        Kept(Q(finds__state=FindState.REGISTERED), "a collection still brings in files from there."),
        Kept(Q(sightings__isnull=False, sightings__item__tombstone=None), _STILL_HERE),
        Kept(Q(pictures__isnull=False, pictures__item__tombstone=None), _STILL_HERE),
    ),
    parts=(
        goes("removal.Recheck", "removal__address"),
        goes("removal.Hold", "removal__address"),
        goes("removal.Told", "removal__address"),
        goes("removal.HandedOver", "removal__address"),
        blank("removal.Complaint", "removal__address", text="", answer=None),
        blank("removal.Removal", "address", origin=None, sentence="", next_check_at=None),
        goes("evidence.Capture", "address"),
        goes("intake.SweptPage", "address"),
        blank("intake.Address", lookup=F("public_id"), raw="", canonical=""),
    ),
)

_NOTICES = Records(
    model="removal.Notice",
    prefix="ntc",
    due=lambda before: (
        Notice.objects.filter(made_at__lt=before).filter(Q(sent_at=None) | Q(sent_at__lt=before)).order_by("pk")
    ),
    kept=(
        Kept(Q(told__isnull=False), "an address that it named is still here. End that first."),
        Kept(Q(complaints__isnull=False, complaints__answered_at=None), "a complaint is open."),
    ),
    parts=(
        goes("removal.ProviderAnswer", "code__notice"),
        goes("removal.AnswerCode", "notice"),
        goes("removal.Letter", "notice"),
        goes("removal.Statement", "notice"),
        blank("removal.Complaint", "notice", text="", answer=None),
        blank("removal.Notice", contact=None),
    ),
)

_LETTERS = Records(
    model="removal.Letter",
    prefix="let",
    due=lambda before: Letter.objects.filter(notice=None, at__lt=before).order_by("pk"),
    kept=(Kept(Q(read_at=None), "nobody has read it yet."),),
    parts=(goes("removal.Letter"),),
)

_ANSWERS = Records(
    model="removal.HostAnswer",
    prefix="hsa",
    due=lambda before: HostAnswer.objects.filter(at__lt=before).order_by("pk"),
    parts=(goes("removal.HostAnswer"),),
)

_HOSTS = Records(
    model="removal.Hosting",
    prefix="hsg",
    due=lambda before: (
        Hosting.objects.filter(looked_up_at__lt=before).exclude(lookup__startswith="hsg_").order_by("pk")
    ),
    kept=(
        Kept(
            lambda rows: rows.filter(removals__in=Removal.objects.exclude(address__lookup=F("address__public_id"))),
            "an address that lies there is still here. End that first.",
        ),
    ),
    parts=(
        goes("removal.Hosting_further_contacts", "hosting"),
        blank(
            "removal.Hosting",
            lookup=Concat(Value("hsg_"), Cast("pk", CharField()), output_field=CharField()),
            provider="",
            contact=None,
            asn=0,
            network_start="",
            network_end="",
            others=[],
            host_contact=None,
            owner_contact=None,
            registrar_contact=None,
        ),
    ),
)

_OPEN = [ContactState.PROPOSED, ContactState.SECONDING]
_OF_HOSTS = [f"{level}_contact" for level in ("host", "owner", "registrar")]


def _hosted(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    hosts = [Hosting.objects.exclude(**{one: None}).values(one) for one in _OF_HOSTS]
    further = Hosting.further_contacts.through.objects.values("contact")
    return rows.filter(reduce(or_, (Q(pk__in=one) for one in (*hosts, further))))


_CONTACTS = Records(
    model="removal.Contact",
    prefix="cnt",
    due=lambda before: Contact.objects.filter(
        Q(decided_at__lt=before) | Q(decided_at=None, proposed_at__lt=before)
    ).order_by("pk"),
    kept=(
        Kept(Q(state__in=_OPEN), "nobody has decided on it yet."),
        Kept(Q(notices__isnull=False), "a notice that went to it is still here. End that first."),
        Kept(_hosted, "notices of a host that is still here go to it. End that first."),
    ),
    parts=(goes("removal.Contact"),),
)

_HANDED_OVER = Records(
    model="removal.Handover",
    prefix="hnd",
    due=lambda before: Handover.objects.filter(made_at__lt=before).order_by("pk"),
    kept=(Kept(Q(addresses__isnull=False), "an address that it names is still here. End that first."),),
    parts=(goes("removal.Handover"),),
)

_HANDED_IN = Records(
    model="removal.HandoverIn",
    prefix="hin",
    due=lambda before: HandoverIn.objects.filter(taken_at__lt=before).order_by("pk"),
    subjects=("addresses__report__public_id",),
    parts=(goes("removal.HandedIn", "handover"), goes("removal.HandoverIn")),
)

ADDRESSES = Ends(
    # In this order: what names an address ends after it, and whom nothing names any more, last.
    (_ADDRESSES, _NOTICES, _LETTERS, _ANSWERS, _HOSTS, _CONTACTS, _HANDED_OVER, _HANDED_IN),
)
