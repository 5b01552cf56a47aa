"""Notices go to the providers: plain mail with one XARF 4 report an address.

The rows are written first, then the mail is handed in, then the rows say that it was sent. After a crash between the
last two the mail is handed in once more, with the same Message-ID and the same reports: at least once, and
recognisable as the same.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from hashlib import sha256
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.core.net import mail
from openhotline.core.net.errors import MailFailed
from openhotline.removal.errors import XarfRefused
from openhotline.removal.events import NoticeSent
from openhotline.removal.models import Notice, NoticedAddress, Office, Removal, report_of
from openhotline.removal.policies import CHECK_EVERY, TAKE_UP_AFTER, defanged, in_lots, sentence
from openhotline.removal.queries import confirmed_at, mail_is_held, noticed_addresses
from openhotline.removal.states import RemovalState

NOTHING_THERE = "Nothing at this address is on the list any more, so no notice was sent."

Deliver = Callable[[EmailMessage], None]


def hand_in(message: EmailMessage) -> None:
    """Hand a message to the mail server of the settings; in practice only to one on this machine. Raises MailFailed."""
    server = mail.MailServer(
        str(settings.MAIL["host"]),
        int(str(settings.MAIL["port"])),
        tls="none" if settings.PRACTICE else "starttls",
        loopback_only=settings.PRACTICE,
    )
    mail.send(message, server=server)


def send_notices(*, ids: Sequence[int], actor: str, now: datetime, deliver: Deliver = hand_in) -> list[Notice]:
    """Write to the providers of the removals (at most 500) that are due; return the notices that went out.

    At most 50 addresses a notice. What the mail server does not take stays due, with a sentence, and is tried again.
    While mail is held, after a restore, everything stays due.
    """
    if not ids or mail_is_held():
        return []
    _make(ids, actor, now)
    made = Notice.objects.filter(removals__in=ids, sent_at=None).distinct().select_related("hosting").order_by("pk")
    return [notice for notice in made if _send(notice, actor, now, deliver)]


def note_as_sent(notice: Notice, *, actor: str, now: datetime) -> None:
    """Write down that a notice went out, where a person found it in the mail server's log. Raises XarfRefused."""
    removals = list(notice.removals.select_related("address").order_by("pk"))
    addresses = noticed_addresses(removals)
    told = {address.key for address in addresses}
    _, digest = compose(notice, addresses)
    _sent(notice, [row for row in removals if row.pk not in told], digest, actor, now)


def _make(ids: Sequence[int], actor: str, now: datetime) -> None:
    """Write the rows of the notices that are needed, each with its removals."""
    with transaction.atomic():
        waiting = Removal.objects.filter(pk__in=ids, state=RemovalState.NOTICE_DUE, notice=None, hosting__isnull=False)
        rows = list(waiting.select_for_update(of=("self",)).order_by("hosting_id", "pk"))
        confirmed = confirmed_at([row.address_id for row in rows])
        due = [row for row in rows if confirmed[row.address_id]]
        _leave_out([row for row in rows if not confirmed[row.address_id]], now)
        notices = []
        for hosting_id, group in groupby(due, key=lambda row: row.hosting_id):
            for lot in in_lots(list(group)):
                assert hosting_id is not None
                notices.append((_new_notice(hosting_id, len(lot), now), lot))
        Notice.objects.bulk_create([notice for notice, _ in notices])
        for notice, lot in notices:
            for row in lot:
                row.notice = notice
        Removal.save_alike(due, ["notice_id"])
        if notices:
            names = [notice.public_id for notice, _ in notices]
            record(actor=actor, action="notices_made", subject="notices", ids=names, now=now)


def _new_notice(hosting_id: int, addresses: int, now: datetime) -> Notice:
    notice = Notice(hosting_id=hosting_id, addresses=addresses, made_at=now, practice=settings.PRACTICE)
    notice.message_id = f"<{notice.public_id}@{_office().domain}>"
    return notice


def _leave_out(rows: Sequence[Removal], now: datetime) -> None:
    keys = [row.pk for row in rows]
    again = now + CHECK_EVERY
    Removal.objects.filter(pk__in=keys).update(notice=None, sentence=NOTHING_THERE, next_check_at=again)


def _send(notice: Notice, actor: str, now: datetime, deliver: Deliver) -> bool:
    removals = list(notice.removals.select_related("address").order_by("pk"))
    addresses = noticed_addresses(removals)
    told = {address.key for address in addresses}
    untold = [row for row in removals if row.pk not in told]
    if not addresses:
        return _dropped(notice, untold, actor, now)
    try:
        message, digest = compose(notice, addresses)
        deliver(message)
    except (MailFailed, XarfRefused) as error:
        _not_sent(notice, str(error), actor, now)
        return False
    return _sent(notice, untold, digest, actor, now)


def _dropped(notice: Notice, untold: Sequence[Removal], actor: str, now: datetime) -> bool:
    """Everything it was about was withdrawn from the list before it went out."""
    with transaction.atomic():
        _leave_out(untold, now)
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
        notice.removals.update(
            state=RemovalState.NOTICED, sentence="", noticed_at=now, misses=0, next_check_at=now + CHECK_EVERY
        )
        record(
            actor=actor,
            action="notice_sent",
            subject=notice.public_id,
            now=now,
            detail={"addresses": notice.addresses, "xarf": digest},
        )
        publish(NoticeSent(ids=(notice.pk,)), now=now)
    return True


def _not_sent(notice: Notice, why: str, actor: str, now: datetime) -> None:
    with transaction.atomic():
        notice.removals.update(sentence=sentence(why), next_check_at=now + TAKE_UP_AFTER)
        record(actor=actor, action="notice_not_sent", subject=notice.public_id, now=now)


def _office() -> Office:
    return Office(settings.HOTLINE["name"], str(settings.MAIL["from"]))


def compose(notice: Notice, addresses: Sequence[NoticedAddress]) -> tuple[EmailMessage, str]:
    """Return the mail of a notice and the SHA-256 of its reports. Real addresses stand in the reports alone.

    Raises XarfRefused.
    """
    office, hosting = _office(), notice.hosting
    message = EmailMessage()
    message["From"] = formataddr((office.name, office.mail))
    message["To"] = str(hosting.contact)
    message["Subject"] = _subject(notice, len(addresses))
    message["Date"] = format_datetime(notice.made_at)
    message["Message-ID"] = notice.message_id
    if notice.practice:
        message["X-Practice"] = "PRACTICE - NOT FINDINGS"
    context = {
        "practice": notice.practice,
        "provider": hosting.provider,
        "office": office,
        "addresses": [defanged(address.url) for address in addresses],
        "notice": notice.public_id,
    }
    message.set_content(render_to_string("removal/notice.txt", context))
    digest = sha256()
    for place, address in enumerate(addresses, start=1):
        report = report_of(
            address,
            notice=notice.public_id,
            made_at=notice.made_at,
            office=office,
            provider=hosting.provider,
            country=hosting.country,
            practice=notice.practice,
        )
        content = json.dumps(report, indent=1, sort_keys=True).encode()
        digest.update(content)
        message.add_attachment(content, maintype="application", subtype="json", filename=f"xarf-{place:03}.json")
    return message, digest.hexdigest()


def _subject(notice: Notice, addresses: int) -> str:
    where = "1 address" if addresses == 1 else f"{addresses} addresses"
    subject = f"Notice about {where} that you host ({notice.public_id})"
    return f"PRACTICE - NOT FINDINGS: {subject}" if notice.practice else subject
