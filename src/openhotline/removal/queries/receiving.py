"""To whom the notice about an address goes now: a host may lie in several networks, and each has a contact."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from openhotline.removal.models import Contact, Hosting, Removal, Told
from openhotline.removal.states import ContactState, Level


@dataclass(frozen=True)
class Receivers:
    """The contacts of an address at its level, each once, the first network's first.

    ``told``: those that got this notice (of this level and chase) about it; ``left``: those that did not.
    """

    told: tuple[Contact, ...] = ()
    left: tuple[Contact, ...] = ()

    @property
    def due(self) -> tuple[Contact, ...]:
        """Those that are still to be told and that a person approved; nobody else is ever written to."""
        return tuple(one for one in self.left if one.state == ContactState.APPROVED)

    @property
    def was_told(self) -> bool:
        """Say whether a contact that is still approved has it, so that the address is noticed."""
        return any(one.state == ContactState.APPROVED for one in self.told)


def receivers(removals: Sequence[Removal]) -> dict[int, Receivers]:
    """Return whom each removal's notice went to and is to go to, by key; nobody where no host is known."""
    further = _further({row.hosting_id for row in removals if row.level == Level.HOST and row.hosting_id})
    told = set(
        Told.objects.filter(removal__in=[row.pk for row in removals], notice__sent_at__isnull=False).values_list(
            "removal_id", "notice__contact_id", "notice__level", "notice__chase"
        )
    )
    found: dict[int, Receivers] = {}
    for row in removals:
        first = row.hosting.contact_at(row.level) if row.hosting else None
        others = further.get(row.hosting_id or 0, []) if row.level == Level.HOST else []
        each = {one.pk: one for one in [*([first] if first else []), *others]}.values()
        has = {one.pk for one in each if (row.pk, one.pk, row.level, row.chases) in told}
        found[row.pk] = Receivers(
            tuple(one for one in each if one.pk in has), tuple(one for one in each if one.pk not in has)
        )
    return found


def _further(hostings: set[int]) -> dict[int, list[Contact]]:
    rows = Hosting.further_contacts.through.objects.filter(hosting__in=hostings).select_related("contact")
    found: dict[int, list[Contact]] = defaultdict(list)
    for row in rows.order_by("contact"):
        found[row.hosting_id].append(row.contact)
    return found
