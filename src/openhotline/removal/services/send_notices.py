"""Notices go to the providers: plain mail with one XARF 4 report an address.

The rows are written first, then the mail is handed in, then the rows say that it was sent. After a crash between the
last two the mail is handed in once more, with the same Message-ID and the same reports: at least once, and
recognisable as the same. While one worker has a mail in its hands, no other takes it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from email.message import EmailMessage
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.core.mail_server import hand_in
from openhotline.core.net.errors import MailFailed
from openhotline.removal.errors import XarfRefused
from openhotline.removal.events import NoticeSent
from openhotline.removal.models import (
    AnswerCode,
    Contact,
    Notice,
    Removal,
    Told,
    code_lookup,
    code_of,
    report_of,
    sentence,
)
from openhotline.removal.models.composing import Letterhead, compose_notice
from openhotline.removal.policies import (
    CHECK_EVERY,
    CLAIM_STAYS,
    CODE_ENDS,
    TAKE_UP_AFTER,
    begin_of_next_day,
    in_lots,
    next_attempt,
)
from openhotline.removal.queries import confirmed_at, mail_is_held, noticed_addresses, office
from openhotline.removal.queries.hosts import ask_site
from openhotline.removal.queries.receiving import receivers
from openhotline.removal.services.find_hosts import CONTACT_WAITS, Ask, verify_hosts
from openhotline.removal.states import ContactState, RemovalState

# What is left of a host in more networks goes out when the clock takes it up.
NETWORKS_AT_ONCE = 8
NOTHING_THERE = "Nothing at this address is on the list any more, so no notice was sent."
DOES_NOT_TAKE = (
    "The mail server of this contact takes no mail for it. A person has to find another, or approve it again."
)
BLOCKED = "This contact gets no notices today; it goes out when the day is over."

Deliver = Callable[[EmailMessage], None]


def send_notices(
    *, ids: Sequence[int], actor: str, now: datetime, deliver: Deliver = hand_in, ask: Ask = ask_site
) -> list[Notice]:
    """Write to the providers of the removals (at most 500) that are due; return the notices that went out.

    Who hosts an address is asked again when the last answer is an hour old. At most 50 addresses a notice, one contact
    a notice, and none to a contact that no person approved. A host in several networks is told by each network's
    contact, one after the other, each contact once. What the mail server does not take stays due, with a
    sentence, and is tried again, each time later. While mail is held, after a restore, everything stays due.
    """
    if not ids or mail_is_held():
        return []
    ids = _with_their_notices(ids)
    verify_hosts(ids=ids, actor=actor, now=now, ask=ask)
    sent: list[Notice] = []
    tried: set[int] = set()
    for _ in range(NETWORKS_AT_ONCE):
        _make(ids, actor, now)
        waits = Removal.objects.filter(pk__in=ids, state=RemovalState.NOTICE_DUE, notice__sent_at=None)
        made = Notice.objects.filter(pk__in=waits.values("notice")).exclude(pk__in=tried).select_related("contact")
        trying = list(made.order_by("pk"))
        tried |= {notice.pk for notice in trying}
        sent += [notice for notice in trying if _send(notice, actor, now, deliver)]
        if not trying:
            break
    return sent


def note_as_sent(notice: Notice, *, actor: str, now: datetime) -> None:
    """Write down that a notice went out, where a person found it in the mail server's log. Raises XarfRefused."""
    removals = list(notice.removals.select_related("address", "hosting").order_by("pk"))
    addresses = noticed_addresses(removals)
    told = {address.key for address in addresses}
    _, digest = compose(notice, removals)
    _sent(notice, [row for row in removals if row.pk not in told], digest, actor, now)


def _with_their_notices(ids: Sequence[int]) -> list[int]:
    """Add what waits in one notice with any of these: it goes out as a whole, so all of it has to be verified."""
    waiting = Removal.objects.filter(notice__sent_at=None, notice__isnull=False, state=RemovalState.NOTICE_DUE)
    notices = waiting.filter(pk__in=ids).values("notice")
    return sorted({*ids, *waiting.filter(notice__in=notices).values_list("pk", flat=True)})


def _make(ids: Sequence[int], actor: str, now: datetime) -> None:
    """Write the rows of the notices that are needed, each with its removals."""
    with transaction.atomic():
        waiting = Removal.objects.filter(pk__in=ids, state=RemovalState.NOTICE_DUE, hosting__isnull=False)
        waiting = waiting.filter(Q(notice=None) | Q(notice__sent_at__isnull=False))
        rows = list(
            waiting.select_for_update(of=("self",))
            .select_related("hosting__host_contact", "hosting__owner_contact", "hosting__registrar_contact")
            .order_by("pk")
        )
        confirmed = confirmed_at([row.address_id for row in rows])
        _leave_out([row for row in rows if not confirmed[row.address_id]], now)
        due = _may_go([row for row in rows if confirmed[row.address_id]], now)
        notices = [
            (_new_notice(contact, level, chase, len(lot), now), [row for row, _ in lot])
            for (contact, level, chase), group in groupby(sorted(due, key=_by_receiver), key=_by_receiver)
            for lot in in_lots(list(group))
        ]
        Notice.objects.bulk_create([notice for notice, _ in notices])
        AnswerCode.objects.bulk_create(
            AnswerCode(notice=one, code=code_lookup(code_of(one.public_id)), ends_at=now + CODE_ENDS)
            for one, _ in notices
        )
        for notice, lot in notices:
            for row in lot:
                row.notice = notice
        Removal.save_alike([row for row, _ in due], ["notice_id"])
        if notices:
            names = [notice.public_id for notice, _ in notices]
            record(actor=actor, action="notices_made", subject="notices", ids=names, now=now)


def _by_receiver(going: tuple[Removal, Contact]) -> tuple[int, str, int]:
    row, contact = going
    return (contact.pk, row.level, row.chases)


def _may_go(rows: Sequence[Removal], now: datetime) -> list[tuple[Removal, Contact]]:
    """Return those that may go today, each with the approved contact it goes to next; the others wait, with why."""
    whom = receivers(rows)
    going: list[tuple[Removal, Contact]] = []
    blocked: list[int] = []
    for row in rows:
        today = [one for one in whom[row.pk].due if not one.is_blocked(now.date())]
        if today:
            going.append((row, today[0]))
        elif whom[row.pk].due:
            blocked.append(row.pk)
    Removal.objects.filter(pk__in=blocked).update(sentence=BLOCKED, next_check_at=begin_of_next_day(now))
    _stand_by([row for row in rows if not whom[row.pk].due], CONTACT_WAITS, now)
    return going


def _stand_by(rows: Sequence[Removal], why: str, now: datetime) -> None:
    """Let rows stand as their contacts let them: due to the next approved one, noticed, or waiting for a person."""
    whom = receivers(rows)
    due = [row.pk for row in rows if whom[row.pk].due]
    told = [row.pk for row in rows if not whom[row.pk].due and whom[row.pk].was_told]
    waits = [row.pk for row in rows if row.pk not in {*due, *told}]
    again = now + CHECK_EVERY
    Removal.objects.filter(pk__in=due).update(
        state=RemovalState.NOTICE_DUE, notice=None, sentence="", next_check_at=now + TAKE_UP_AFTER
    )
    Removal.objects.filter(pk__in=told).update(
        state=RemovalState.NOTICED, notice=None, sentence="", next_check_at=again
    )
    Removal.objects.filter(pk__in=waits).update(
        state=RemovalState.CONTACT_WAITS, notice=None, sentence=why, next_check_at=again
    )


def _new_notice(contact: int, level: str, chase: int, addresses: int, now: datetime) -> Notice:
    notice = Notice(contact_id=contact, level=level, chase=chase, addresses=addresses, made_at=now)
    notice.practice = settings.PRACTICE
    notice.message_id = f"<{notice.public_id}@{office().domain}>"
    return notice


def _leave_out(rows: Sequence[Removal], now: datetime) -> None:
    keys = [row.pk for row in rows]
    again = now + CHECK_EVERY
    Removal.objects.filter(pk__in=keys).update(notice=None, sentence=NOTHING_THERE, next_check_at=again)


def _send(notice: Notice, actor: str, now: datetime, deliver: Deliver) -> bool:
    if notice.contact is not None and notice.contact.is_blocked(now.date()):
        notice.removals.update(sentence=BLOCKED, next_check_at=begin_of_next_day(now))
        return False
    if not _claimed(notice, actor, now):
        return False
    removals = list(notice.removals.select_related("address", "hosting").order_by("pk"))
    told = {address.key for address in noticed_addresses(removals)}
    untold = [row for row in removals if row.pk not in told]
    if not told or not _still_approved(notice):
        return _dropped(notice, untold, actor, now)
    try:
        message, digest = compose(notice, removals)
        deliver(message)
    except (MailFailed, XarfRefused) as error:
        _not_sent(notice, error, actor, now)
        return False
    return _sent(notice, untold, digest, actor, now)


def _claimed(notice: Notice, actor: str, now: datetime) -> bool:
    """Take a notice into this worker's hands; a claim of the future is one of a clock that was set back."""
    over = Q(claimed_at=None) | Q(claimed_at__lte=now - CLAIM_STAYS) | Q(claimed_at__gt=now)
    with transaction.atomic():
        free = Notice.objects.filter(pk=notice.pk, sent_at=None).filter(over)
        claimed = bool(free.update(claimed_at=now, attempts=F("attempts") + 1))
        if claimed:
            record(actor=actor, action="notice_tried", subject=notice.public_id, now=now)
    return claimed


def _still_approved(notice: Notice) -> bool:
    """Say whether the contact is approved at this moment, whatever it was when the notice was made."""
    return Contact.objects.filter(notices=notice, state=ContactState.APPROVED).exists()


def _dropped(notice: Notice, untold: Sequence[Removal], actor: str, now: datetime) -> bool:
    """All that it was about was withdrawn from the list before it went out, or its contact may not be written to."""
    with transaction.atomic():
        _leave_out(untold, now)
        _stand_by(_of(notice), CONTACT_WAITS, now)
        AnswerCode.objects.filter(notice=notice).delete()
        notice.delete()
        record(actor=actor, action="notice_dropped", subject=notice.public_id, now=now)
    return False


def _sent(notice: Notice, untold: Sequence[Removal], digest: str, actor: str, now: datetime) -> bool:
    with transaction.atomic():
        row = Notice.objects.select_for_update().get(pk=notice.pk)
        if row.sent_at is not None:
            return False
        _leave_out(untold, now)
        notice.sent_at, notice.xarf_sha256, notice.addresses = now, digest, notice.removals.count()
        notice.save(update_fields=["sent_at", "xarf_sha256", "addresses"])
        keys = list(notice.removals.values_list("pk", flat=True))
        Told.objects.bulk_create((Told(notice=notice, removal_id=key) for key in keys), ignore_conflicts=True)
        Removal.objects.filter(pk__in=keys, first_noticed_at=None).update(first_noticed_at=now)
        Removal.objects.filter(pk__in=keys).update(
            state=RemovalState.NOTICED, sentence="", noticed_at=now, misses=0, next_check_at=now + CHECK_EVERY
        )
        further = [key for key, whom in receivers(_of(notice)).items() if whom.due]
        Removal.objects.filter(pk__in=further).update(state=RemovalState.NOTICE_DUE, next_check_at=now + TAKE_UP_AFTER)
        record(
            actor=actor,
            action="notice_sent",
            subject=notice.public_id,
            now=now,
            detail={"addresses": notice.addresses, "xarf": digest},
        )
        publish(NoticeSent(ids=(notice.pk,)), now=now)
    return True


def _of(notice: Notice) -> list[Removal]:
    hosts = ("hosting__host_contact", "hosting__owner_contact", "hosting__registrar_contact")
    return list(notice.removals.select_related(*hosts).order_by("pk"))


def _not_sent(notice: Notice, error: MailFailed | XarfRefused, actor: str, now: datetime) -> None:
    with transaction.atomic():
        if isinstance(error, MailFailed) and error.lasting:
            Contact.objects.filter(notices=notice).update(state=ContactState.BOUNCED, decided_at=now)
            _stand_by(_of(notice), DOES_NOT_TAKE, now)
            AnswerCode.objects.filter(notice=notice).delete()
            notice.delete()
        else:
            notice.refresh_from_db(fields=["attempts"])
            again = now + max(next_attempt(notice.attempts), TAKE_UP_AFTER)
            notice.removals.update(sentence=sentence(str(error)), next_check_at=again)
            Notice.objects.filter(pk=notice.pk).update(claimed_at=None)
        record(actor=actor, action="notice_not_sent", subject=notice.public_id, now=now)


def compose(notice: Notice, removals: Sequence[Removal]) -> tuple[EmailMessage, str]:
    """Return the mail of a notice and the SHA-256 of its reports. Raises XarfRefused."""
    assert notice.contact is not None
    addresses = noticed_addresses(removals)
    reports = [
        report_of(
            address,
            notice=notice.public_id,
            made_at=notice.made_at,
            office=office(),
            provider=notice.contact.provider,
            country=address.country,
            practice=notice.practice,
        )
        for address in addresses
    ]
    page = f"{settings.ORIGINS['public'] or 'http://localhost:8000'}/provider/"
    head = Letterhead(office(), page, code_of(notice.public_id), settings.NOTICES, settings.TRUSTED_FLAGGER)
    in_front = any(row.hosting is not None and row.hosting.cdn and not row.origin for row in removals)
    return compose_notice(notice, notice.contact, [one.url for one in addresses], reports, head, in_front=in_front)
