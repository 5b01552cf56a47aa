"""Words go to the police at once, since a child may be in danger."""

import json
import shutil
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.ids import public_id
from openhotline.referral.models import UrgentDraft, UrgentReferral, partner, write_package
from openhotline.referral.policies import SECOND_WITHIN, check_can_draft, checked_words
from openhotline.referral.queries import package_path, partner_folder
from openhotline.referral.states import UrgentDraftState

FORMAT = "openhotline-urgent/1"


def send_urgent(
    *, words: str, report: str, idempotency: str, actor: Person, now: datetime, draft: str = ""
) -> UrgentReferral:
    """Seal words to the partner's key at once; another person signs them within 24 hours. The same key is sent once.

    It carries no file and names no person of the hotline. ``report``: the outside id of the report it is about, or "".
    In practice it lands in the partner's letter box; in production a person carries ``$VAR/packages/urg_….age``, and
    calls. ``draft``: the outside id of the draft that these words began as, which is settled with it.
    Raises NotAllowed, BadWords and Misconfigured (no partner, or its key has expired: then call at once).
    """
    check_can_draft(actor)
    text = checked_words(words)
    receiver = partner(now)
    sent = UrgentReferral.objects.filter(idempotency=idempotency).first()
    if sent is not None:
        return sent
    name = public_id("urg")
    content = json.dumps(_content(name, text, report, receiver.name, now), sort_keys=True, indent=1)
    path = package_path(name)
    with transaction.atomic():
        digest = write_package(path, content.encode(), (), recipient=receiver.key, at=int(now.timestamp()))
        urgent = UrgentReferral.objects.create(
            public_id=name,
            partner=receiver.name,
            recipient=receiver.key,
            report=report,
            content=content,
            content_sha256=sha256(content.encode()).hexdigest(),
            package_sha256=digest,
            idempotency=idempotency,
            practice=settings.PRACTICE,
            sent_at=now,
            sent_by=actor.public_id,
            second_due_at=now + SECOND_WITHIN,
        )
        UrgentDraft.objects.filter(public_id=draft, state=UrgentDraftState.DRAFTED).update(
            state=UrgentDraftState.SENT, sent=urgent, settled_at=now, settled_by=actor.public_id
        )
        record(
            actor=actor.public_id,
            action="urgent_referral_sent",
            subject=name,
            now=now,
            detail={"package": digest, "alone": True},
        )
        if settings.PRACTICE:
            partner_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy2(path, partner_folder())
    return urgent


def _content(name: str, text: str, report: str, to: str, now: datetime) -> dict[str, object]:
    return {
        "format": FORMAT,
        "heading": "PRACTICE - NOT FINDINGS" if settings.PRACTICE else "Urgent referral",
        "practice": settings.PRACTICE,
        "urgent": name,
        "from": settings.HOTLINE["name"],
        "to": to,
        "sent_at": now.isoformat(),
        "about_report": report,
        "reading": "Sent by one person at once; a second signs within 24 hours. No file goes with it.",
        "words": text,
    }
