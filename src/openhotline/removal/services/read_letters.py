"""What came back by mail: bounces stop what they are about, replies wait for a person."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from openhotline.audit.services.record import record
from openhotline.core.crypto import lookup
from openhotline.core.net.inbox import Mailbox, opened
from openhotline.removal.models import Contact, Letter, Notice, Removal
from openhotline.removal.models.letter_reading import ReadLetter, read_letter
from openhotline.removal.policies import CHECK_EVERY
from openhotline.removal.states import ContactState, RemovalState, Said

MOST = 100
BOUNCED = "The notice came back: this contact takes no mail. A person has to find another, or approve it again."
NO_NOTICE = "It names no notice of ours."
OTHER_RECIPIENT = "It says that mail to somebody else came back, so it changes nothing."
IN_PASSING = "The mail server goes on trying; it changes nothing yet."

Bring = Callable[[int], Sequence[bytes]]


def read_mailbox(*, actor: str, now: datetime, most: int = MOST) -> int:
    """Read the mailbox of the settings, each message once, and mark what was kept; return how many were new.

    Without a mailbox in the settings nothing is read. Raises MailFailed.
    """
    if settings.INBOX is None:
        return 0
    mailbox: Mailbox = settings.INBOX
    kept = 0
    with opened(mailbox) as inbox:
        for letter in inbox.unseen(most):
            kept += read_letters(letters=[letter.content], actor=actor, now=now)
            inbox.mark_seen(letter.uid)
    return kept


def read_letters(*, letters: Sequence[bytes], actor: str, now: datetime) -> int:
    """Keep mails that came in, each once, and follow the bounces among them; return how many were new.

    A bounce counts when it gives back the Message-ID of a notice and names as failed for good exactly the mail address
    that the notice went to. The contact then waits for a person, and so do the addresses of the notice.
    """
    new = 0
    with transaction.atomic():
        for content in letters:
            key = lookup("letter", content)
            if Letter.objects.filter(lookup=key).exists():
                continue
            new += _keep(key, read_letter(content), now)
        if new:
            record(actor=actor, action="letters_read", subject="notices", now=now, detail={"new": new})
    return new


def _keep(key: str, read: ReadLetter, now: datetime) -> int:
    notice = Notice.objects.filter(public_id__in=read.notices, sent_at__isnull=False).select_related("contact").first()
    said = Said.BOUNCE if read.bounce else Said.REPLY
    why = "" if notice else NO_NOTICE
    if notice is not None and read.bounce:
        why = _follow(notice, read, now)
    Letter.objects.create(lookup=key, notice=notice, said=said, sealed=read.text, sentence=why, at=now)
    return 1


def _follow(notice: Notice, read: ReadLetter, now: datetime) -> str:
    """Stop what a bounce is about, and return the sentence that says so, or why it changes nothing."""
    if not read.lasting:
        return IN_PASSING
    if notice.contact is None or notice.contact.mail.lower() not in read.recipients:
        return OTHER_RECIPIENT
    contact = Contact.objects.filter(pk=notice.contact.pk, state=ContactState.APPROVED)
    contact.update(state=ContactState.BOUNCED, decided_at=now)
    Removal.objects.filter(notice=notice, state=RemovalState.NOTICED).update(
        state=RemovalState.CONTACT_WAITS,
        sentence=BOUNCED,
        next_check_at=now + CHECK_EVERY,
        # The notice after this one is another, and not one that was sent already.
        chases=F("chases") + 1,
    )
    return BOUNCED
