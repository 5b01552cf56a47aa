"""Somebody chooses the keys with which they work."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import KeyChoice, Person
from openhotline.accounts.policies import check_keys
from openhotline.audit.services.record import record


def choose_keys(
    *, on: bool, keys: Mapping[str, str] | None, offered: Collection[str], actor: Person, now: datetime
) -> KeyChoice:
    """Keep one's own keys and whether single keys do anything; ``keys`` None leaves them as they are.

    ``keys`` is the chosen key by the one ``offered``. Raises KeysClash.
    """
    changes: dict[str, object] = {"on": on}
    if keys is not None:
        changes["keys"] = check_keys(keys, offered)
    with transaction.atomic():
        choice, _ = KeyChoice.objects.update_or_create(person=actor, defaults=changes)
        record(actor=actor.public_id, action="keys_chosen", subject=actor.public_id, now=now)
    return choice
