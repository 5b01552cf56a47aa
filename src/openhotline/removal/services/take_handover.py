"""The hotline of another country hands addresses to us: each becomes a report of our own, with its source."""

from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.start_report import start_report
from openhotline.intake.states import Source
from openhotline.removal.errors import HandoverRefused
from openhotline.removal.models import HandedIn, HandoverIn
from openhotline.removal.models.handover_file import OurShape, Shape, TakenAddress, TakenHandover
from openhotline.removal.policies import check_keeps_removals, plain_name
from openhotline.removal.services.hand_abroad import hotline_of


def take_handover(
    *, content: bytes, country: str, actor: Person, now: datetime, shape: Shape | None = None
) -> tuple[HandoverIn, bool]:
    """Keep what the hotline of a country handed to us, all or none; return it, and whether it is new.

    ``country`` says who brought it, by the operator's table: an age file names no sender. Each address becomes a report
    that is screened, captured and assessed here as any other; what they assessed is told with it and is believed by
    nobody. The same file once more changes nothing. Raises NotAllowed, Missing, and HandoverRefused: another form, for
    another country, or under the name of one that came before with other content.
    """
    check_keeps_removals(actor)
    hotline = hotline_of(country)
    taken = (shape or OurShape()).read_handover(content)
    _check_for_us(taken)
    digest = sha256(content).hexdigest()
    with transaction.atomic():
        handover, is_new = HandoverIn.objects.get_or_create(
            country=hotline.country,
            theirs=taken.handover,
            defaults={
                "hotline": hotline.name,
                "content_sha256": digest,
                "made_at": taken.made_at,
                "taken_at": now,
                "taken_by": actor.public_id,
                "practice": taken.practice,
            },
        )
        if not is_new and handover.content_sha256 != digest:
            raise HandoverRefused(
                f"The hotline of {hotline.country} handed over {taken.handover} before, with other content. Ask them "
                "which holds, and for a new name for what is new. Nothing was kept."
            )
        if is_new:
            HandedIn.objects.bulk_create([_report(one, handover, actor, now) for one in taken.addresses])
            record(
                actor=actor.public_id,
                action="handover_taken",
                subject=handover.public_id,
                now=now,
                detail={"addresses": len(taken.addresses), "package": digest},
            )
    return handover, is_new


def _check_for_us(taken: TakenHandover) -> None:
    ours = settings.JURISDICTION[:2]
    if taken.country != ours:
        raise HandoverRefused(
            f"This handover is for the hotline of {taken.country}; ours is that of {ours}. Nothing was kept."
        )
    if taken.practice != settings.PRACTICE:
        raise HandoverRefused("Practice and findings are never mixed. Nothing was kept.")


def _report(one: TakenAddress, handover: HandoverIn, actor: Person, now: datetime) -> HandedIn:
    told = f"Handed over by {handover.hotline} ({handover.country}). {one.known}".strip()
    report, _ = start_report(
        addresses=[one.url],
        source=Source.PARTNER,
        idempotency=f"{handover.public_id} {one.reference}",
        practice=handover.practice,
        now=now,
        actor=actor.public_id,
    )
    details = {"reference": f"{handover.theirs} {one.reference}", "more": told}
    complete_report(report=report, details=details, urgent=False, now=now, actor=actor.public_id)
    return HandedIn(handover=handover, reference=one.reference, report=report, provider=plain_name(one.provider))
