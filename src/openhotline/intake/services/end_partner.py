"""An organisation reports by the API no more."""

from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.intake.models import Partner, Webhook


def end_partner(*, partner: Partner, actor: str, now: datetime) -> Partner:
    """End a partner: its keys open nothing any more, and it is told nothing; its reports stay. Twice is once."""
    with transaction.atomic():
        partner = Partner.objects.select_for_update().get(pk=partner.pk)
        if partner.ended_at is None:
            partner.ended_at = now
            partner.save(update_fields=["ended_at"])
            Webhook.objects.filter(partner=partner).delete()
            record(actor=actor, action="partner_ended", subject=partner.public_id, now=now)
    return partner
