"""Whether what was noticed is still there; gone only after three misses."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from openhotline.accounts.errors import AuthorityMissing
from openhotline.accounts.policies import check_covers
from openhotline.accounts.queries import latest_authority
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.core.net.errors import FetchFailed, FetchRefused
from openhotline.core.net.fetch import Fetched, Policy, fetch
from openhotline.evidence.models import Sighting
from openhotline.removal.events import AddressesGone
from openhotline.removal.models import Removal
from openhotline.removal.policies import CHECK_EVERY, counted, seen_in, seen_in_failure, sentence
from openhotline.removal.states import MISSES_UNTIL_GONE, RemovalState, Seen

FETCHED_AT_ONCE = 8
NO_HEAD = frozenset({405, 501})

Look = Callable[[str, str], Fetched]


@dataclass(frozen=True)
class Rechecked:
    """How many addresses were seen how, and how many are gone now. ``refusal``: why none was looked at."""

    present: int = 0
    missed: int = 0
    unclear: int = 0
    gone: int = 0
    refusal: str = ""


@dataclass(frozen=True)
class _Sight:
    seen: Seen
    sentence: str = ""


def look(url: str, authority: str) -> Fetched:
    """Ask for an address without its content. Raises FetchRefused or FetchFailed."""
    only, ours, tor = settings.FETCH_ONLY, settings.OWN_NAMES, settings.TOR
    head = Policy(1024, 15.0, 3, authority=authority, only=only, ours=ours, tor=tor, method="HEAD")
    answer = fetch(url, policy=head)
    return fetch(url, policy=replace(head, method="GET")) if answer.status in NO_HEAD else answer


def recheck_due(*, actor: str, now: datetime, limit: int = 500, look: Look = look) -> Rechecked:
    """Look at the addresses (at most ``limit``) whose re-check is due, and keep what was seen.

    A miss counts; present sets the count back; unclear changes nothing but the time of the next look. Nothing is
    fetched without a recorded authority in force.
    """
    due = list(_due(now).select_related("address").order_by("next_check_at")[:limit])
    if not due:
        return Rechecked()
    try:
        authority = check_covers(latest_authority(now), now).public_id
    except AuthorityMissing as error:
        return Rechecked(refusal=str(error))
    sights = _look_at(due, lambda url: look(url, authority))
    with transaction.atomic():
        rows = list(_due(now).select_for_update().filter(pk__in=sights).order_by("pk"))
        for row in rows:
            _settle(row, sights[row.pk], now)
        Removal.save_alike(rows, ["state", "misses", "sentence", "next_check_at", "gone_at"])
        gone = [row.pk for row in rows if row.state == RemovalState.GONE]
        counts = counted(sights[row.pk].seen for row in rows)
        result = Rechecked(counts[Seen.PRESENT], counts[Seen.MISSED], counts[Seen.UNCLEAR], len(gone))
        if rows:
            detail = {"present": result.present, "missed": result.missed, "unclear": result.unclear, "gone": len(gone)}
            keys = [row.pk for row in rows]
            record(actor=actor, action="addresses_rechecked", subject="removals", ids=keys, now=now, detail={**detail})
        if gone:
            publish(AddressesGone(ids=tuple(gone)), now=now)
    return result


def _due(now: datetime) -> QuerySet[Removal]:
    return Removal.objects.filter(state=RemovalState.NOTICED, next_check_at__lte=now)


def _look_at(due: Sequence[Removal], look: Callable[[str], Fetched]) -> dict[int, _Sight]:
    pictures = set(
        Sighting.objects.filter(address__in=[row.address_id for row in due]).values_list("address_id", flat=True)
    )
    # Opened here: the threads touch no database.
    asked = [(row.address.canonical, row.address_id in pictures) for row in due]
    with ThreadPoolExecutor(FETCHED_AT_ONCE) as pool:
        sights = pool.map(lambda one: _sight(one[0], look, picture=one[1]), asked)
        return dict(zip((row.pk for row in due), sights, strict=True))


def _sight(url: str, look: Callable[[str], Fetched], *, picture: bool) -> _Sight:
    try:
        answer = look(url)
    except FetchFailed as error:
        return _Sight(seen_in_failure(error.code), sentence(str(error)))
    except FetchRefused as error:
        return _Sight(Seen.UNCLEAR, sentence(str(error)))
    seen = seen_in(answer.status, answer.headers.get("content-type", ""), picture=picture)
    return _Sight(seen, f"The host answered {answer.status}." if seen is not Seen.PRESENT else "")


def _settle(row: Removal, sight: _Sight, now: datetime) -> None:
    row.sentence = sight.sentence
    row.next_check_at = now + CHECK_EVERY
    if sight.seen is Seen.PRESENT:
        row.misses = 0
    elif sight.seen is Seen.MISSED:
        row.misses += 1
    if row.misses >= MISSES_UNTIL_GONE:
        row.state, row.gone_at, row.next_check_at = RemovalState.GONE, now, None
