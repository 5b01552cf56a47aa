"""Addresses that are hosted abroad are handed to the hotline of that country, sealed to its key."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.errors import Missing, NotNow
from openhotline.removal.models import HandedOver, Handover, Hotline, Removal, read_hotlines
from openhotline.removal.models.handover_file import HandedAddress, Handing, OurShape, Shape, sealed
from openhotline.removal.policies import CHECK_EVERY, check_keeps_removals, check_step
from openhotline.removal.queries import noticed_addresses, office
from openhotline.removal.states import RemovalState

MOST = 500
# A notice that went out, or may have, is followed here: the provider is asked by one hotline alone.
READY = (RemovalState.OPENED, RemovalState.HOST_UNKNOWN, RemovalState.CONTACT_WAITS)
WITH_THEM = "Handed to the hotline of its country. It is looked at here until it is gone."


@dataclass(frozen=True)
class Handed:
    """A handover, and the sealed file that goes to the other hotline."""

    handover: Handover
    file: bytes


def hotline_of(country: str) -> Hotline:
    """Return the hotline of a country from the operator's table. Raises Missing."""
    known = read_hotlines(settings.HOTLINES) if settings.HOTLINES else ()
    for one in known:
        if one.country == country.upper():
            return one
    names = ", ".join(one.country for one in known) or "none"
    raise Missing(f"No hotline is known for {country!r}. OPENHOTLINE_HOTLINES names: {names}.")


def hand_abroad(
    *,
    country: str,
    actor: Person,
    now: datetime,
    write: Callable[[bytes], object] = lambda _file: None,
    shape: Shape | None = None,
) -> Handed:
    """Seal addresses (at most 500) that are hosted in a country and were not noticed yet, for its hotline.

    ``write`` keeps the sealed file before anything is said to be handed over. The addresses stay watched here.
    Raises NotAllowed, Missing, and NotNow when nothing waits for that country.
    """
    check_keeps_removals(actor)
    hotline = hotline_of(country)
    with transaction.atomic():
        rows = list(
            Removal.objects.select_for_update(of=("self",))
            .filter(state__in=READY, hosting__country=hotline.country)
            .select_related("address", "hosting")
            .order_by("pk")[:MOST]
        )
        addresses = {one.key: one for one in noticed_addresses(rows)}
        going = [row for row in rows if row.pk in addresses]
        if not going:
            raise NotNow(f"Nothing that is hosted in {hotline.country} waits to be handed over.")
        handover = Handover(country=hotline.country, hotline=hotline.name, made_at=now, made_by=actor.public_id)
        handover.practice = settings.PRACTICE
        handing = Handing(
            handover=handover.public_id,
            office=office(),
            country=hotline.country,
            made_at=now,
            practice=handover.practice,
            addresses=tuple(
                HandedAddress(row.address.public_id, addresses[row.pk].url, _hosting(row), addresses[row.pk].items)
                for row in going
            ),
        )
        plain = (shape or OurShape()).write(handing)
        file = sealed(plain, hotline.age_key)
        handover.file_sha256 = sha256(file).hexdigest()
        handover.save()
        HandedOver.objects.bulk_create(HandedOver(handover=handover, removal=row) for row in going)
        for row in going:
            row.state, row.sentence = check_step(row.state, "hand_abroad"), WITH_THEM
            row.next_check_at = now + CHECK_EVERY
        Removal.save_alike(going, ["state", "sentence", "next_check_at"])
        record(
            actor=actor.public_id,
            action="handed_abroad",
            subject=handover.public_id,
            now=now,
            detail={"addresses": len(going), "package": handover.file_sha256},
        )
        write(file)
    return Handed(handover, file)


def _hosting(row: Removal) -> dict[str, str | int]:
    hosting = row.hosting
    assert hosting is not None
    return {"provider": hosting.provider, "country": hosting.country, "asn": hosting.asn, "in_front": hosting.cdn}
