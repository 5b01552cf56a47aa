"""A person records who hosts the site behind a network that stands in front."""

from datetime import datetime
from ipaddress import ip_address

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.errors import Missing, NotNow
from openhotline.core.events import publish
from openhotline.core.net.addresses import parse
from openhotline.core.net.errors import AddressInvalid
from openhotline.core.net.ranges import refusal
from openhotline.removal.events import RemovalsOpened
from openhotline.removal.models import Removal
from openhotline.removal.policies import check_keeps_removals
from openhotline.removal.states import OVER, Level, RemovalState


def record_origin(*, address: str, origin: str, actor: Person, now: datetime) -> Removal:
    """Keep the IP address or host name of the origin, for the removal of the address with this outside id.

    It is looked up as any host is, and its own contact is written to. Raises NotAllowed, Missing, NotNow.
    """
    check_keeps_removals(actor)
    host = _host(origin)
    with transaction.atomic():
        row = Removal.objects.select_for_update(of=("self",)).filter(address__public_id=address).first()
        if row is None:
            raise Missing("There is no removal of such an address.")
        if row.state in OVER or row.state == RemovalState.HELD:
            raise NotNow("This removal is over, or held for the police. Nothing was changed.")
        row.origin, row.state, row.level, row.chases = host, RemovalState.OPENED, Level.HOST, 0
        row.sentence, row.next_check_at = "", now
        row.save(update_fields=["origin", "state", "level", "chases", "sentence", "next_check_at"])
        record(actor=actor.public_id, action="origin_recorded", subject=address, now=now)
        publish(RemovalsOpened(ids=(row.pk,)), now=now)
    return row


def _host(origin: str) -> str:
    typed = origin.strip().strip("[]")
    try:
        host = parse(f"https://[{typed}]/" if ":" in typed else f"https://{typed}/").host
    except AddressInvalid:
        raise NotNow("That is neither an IP address nor a host name. Give one of them, without https://.") from None
    try:
        if refusal(str(ip_address(host))):
            raise NotNow("That IP address lies in no network of the public internet. Nothing was changed.")
    except ValueError:
        pass
    return host
