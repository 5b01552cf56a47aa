"""How an imported list is matched: how near, from which quality on, in which positions, and when it is a flood."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.core.ids import digest_of
from openhotline.hashlists.events import KnownPicturesChanged
from openhotline.hashlists.models import KnownList
from openhotline.hashlists.policies import check_keeps_lists, check_reach
from openhotline.hashlists.queries import known_list


@dataclass(frozen=True, kw_only=True)
class Matching:
    """The rules of one list, as the columns of `KnownList` mean them."""

    near_radius: int | None
    least_quality: int
    upright: bool | None
    flood_after: int | None


def set_known_list(*, name: str, matching: Matching, actor: Person, now: datetime) -> KnownList:
    """Match a list by these rules from now on, and compare what was triaged before anew.

    Raises NotAllowed, ListMissing or ListRuleRefused. The same rules again change nothing.
    """
    check_keeps_lists(actor)
    check_reach(matching.near_radius, matching.least_quality)
    with transaction.atomic():
        row = KnownList.objects.select_for_update().get(pk=known_list(name).pk)
        changed = [field for field, value in vars(matching).items() if getattr(row, field) != value]
        if changed:
            for field in changed:
                setattr(row, field, getattr(matching, field))
            row.save(update_fields=changed)
            record(
                actor=actor.public_id,
                action="known_list_set",
                subject="known",
                detail={"list": digest_of([name])},
                now=now,
            )
            pictures = row.pictures.order_by("pk").values_list("pk", flat=True)
            publish(KnownPicturesChanged(ids=tuple(pictures)), now=now)
    return row
