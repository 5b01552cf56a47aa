"""A person found whom to write to at a provider whose registry names nobody."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.removal.models import Contact, Hosting, contact_lookup
from openhotline.removal.policies import check_keeps_removals, check_mail, plain_name
from openhotline.removal.states import BY_HAND, Level


def propose_contact(*, mail: str, provider: str, actor: Person, now: datetime) -> Contact:
    """Keep a contact for every host of a provider, named as the registry names it. It waits to be approved.

    The same once more is the same. Raises NotAllowed, and ContactRefused for what is no plain mail address.
    """
    check_keeps_removals(actor)
    address, name = check_mail(mail), plain_name(provider)
    with transaction.atomic():
        contact, is_new = Contact.objects.get_or_create(
            lookup=contact_lookup(address, name),
            defaults={"mail": address, "provider": name, "level": Level.HOST, "source": BY_HAND, "proposed_at": now},
        )
        if is_new:
            Hosting.objects.filter(provider__iexact=name, host_contact=None).update(host_contact=contact)
            record(actor=actor.public_id, action="contact_proposed", subject=contact.public_id, now=now)
    return contact
