"""A partner's exploitative list is passed on no more: its entries leave ours."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.errors import NotNow
from openhotline.core.ids import digest_of
from openhotline.hashlists.models import Entry, KnownList
from openhotline.hashlists.policies import check_keeps_lists
from openhotline.hashlists.queries import known_list
from openhotline.hashlists.services.withdraw_given import withdraw_given
from openhotline.hashlists.states import EntryState, Sharing, Verdict, WithdrawalReason

BATCH = 500


def hand_back_list(*, name: str, actor: Person, now: datetime) -> int:
    """Withdraw the next 500 entries of a list, and forget the permission to pass it on; return how many there were.

    Asked again until it says 0. A file of it that comes again is read from its beginning. Raises NotAllowed,
    ListMissing, and NotNow for a list that is not exploitative.
    """
    check_keeps_lists(actor)
    with transaction.atomic():
        row = KnownList.objects.select_for_update().get(pk=known_list(name).pk)
        if row.verdict != Verdict.EXPLOITATIVE:
            raise NotNow(f"The list {name} is not passed on, so there is nothing to hand back.")
        if row.sharing == Sharing.ONWARD:
            row.sharing = Sharing.NOT_DETERMINED
            row.save(update_fields=["sharing"])
            row.imports.all().delete()
            detail = {"list": digest_of([name])}
            record(actor=actor.public_id, action="list_handed_back", subject="known", now=now, detail={**detail})
        entries = list(Entry.objects.filter(given_by=row, state=EntryState.ACTIVE).order_by("pk")[:BATCH])
        return withdraw_given(entries=entries, reason=WithdrawalReason.PERMISSION, actor=actor.public_id, now=now)
