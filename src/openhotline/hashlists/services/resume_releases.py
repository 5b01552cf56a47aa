"""A manager has compared the lists with what people took back, and lets them go out again."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.audit.services.record import record
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.hashlists.models import ReleaseHold
from openhotline.hashlists.queries.versions import LISTS, known_out


def resume_releases(*, out: Mapping[str, int], actor: Person, now: datetime) -> dict[str, int]:
    """End the hold and return, of each list, above which version the next one will be.

    ``out`` is list -> the highest version that the manager knows to have gone out, which nobody else may know; what the
    database, the files here and the second place know counts where it is higher. Raises NotAllowed, NotNow, OSError.
    """
    if actor.role != Role.MANAGER:
        raise NotAllowed(f"A {actor.role_name.lower()} does not let lists go out after a restore; a manager does.")
    floors = {name: max(out.get(name, 0), known_out(name)) for name in LISTS}
    with transaction.atomic():
        hold = ReleaseHold.objects.select_for_update().filter(ended_at=None).first()
        if hold is None:
            raise NotNow("Lists are not held, so there is nothing to resume.")
        hold.ended_at, hold.ended_by, hold.out = now, actor.public_id, floors
        hold.save(update_fields=["ended_at", "ended_by", "out"])
        record(
            actor=actor.public_id,
            action="releases_resumed",
            subject="lists",
            now=now,
            detail={"version": floors["hashes"]},
        )
    return floors
