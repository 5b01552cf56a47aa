"""Whether what was noticed is still there; gone only after three misses, and looked at again after that."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from ipaddress import ip_address

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from openhotline.accounts.errors import AuthorityMissing
from openhotline.accounts.policies import check_covers
from openhotline.accounts.queries import latest_authority
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.core.net.errors import FetchFailed, FetchRefused
from openhotline.core.net.fetch import Fetched, Policy, asked_each_time, fetch
from openhotline.core.side_by_side import side_by_side
from openhotline.evidence.models import Sighting
from openhotline.removal.events import AddressesBack, AddressesGone, RemovalsOpened
from openhotline.removal.models import Hold, Hosting, Recheck, Removal, sentence
from openhotline.removal.policies import CHECK_EVERY, LOOKS_AFTER, counted, seen_in, seen_in_failure
from openhotline.removal.queries import FARTHEST, digests_at
from openhotline.removal.states import MISSES_UNTIL_GONE, WATCHED, HoldEnd, Level, RemovalState, Seen

FETCHED_AT_ONCE = 8
NO_HEAD = frozenset({405, 501})
LARGEST = 32 * 1024 * 1024
ANOTHER_FILE = "Another file is at this address now. A person looks."
MOVED = "It moved to another network, so its host is asked for again."
BACK = "It was gone and is there again."

Covered = Callable[[], str]
"""Gives the recorded authority (outside id) that covers a request now. Raises AuthorityMissing."""
Look = Callable[[str, Covered], Fetched]
Bring = Callable[[str, Covered], Fetched]


@dataclass(frozen=True)
class Rechecked:
    """How many addresses were seen how, how many are gone now, and how many came back or moved to another host.

    ``refusal``: why none was looked at, or not all.
    """

    present: int = 0
    missed: int = 0
    unclear: int = 0
    gone: int = 0
    refusal: str = ""
    back: int = 0
    moved: int = 0


@dataclass(frozen=True)
class _Asked:
    """One address to look at: opened in the thread of the database, since the others touch none."""

    url: str
    picture: bool
    digests: frozenset[str]


@dataclass(frozen=True)
class _Sight:
    seen: Seen
    sentence: str = ""
    same_file: bool | None = None
    peer: str = ""


def look(url: str, covered: Covered) -> Fetched:
    """Ask for an address without its content. Raises FetchRefused, FetchFailed, AuthorityMissing."""
    head, turn = _policy(covered()), asked_each_time(covered)
    answer = fetch(url, policy=head, turn=turn)
    return fetch(url, policy=replace(head, method="GET"), turn=turn) if answer.status in NO_HEAD else answer


def bring(url: str, covered: Covered) -> Fetched:
    """Ask for an address with its content, kept in memory alone. Raises FetchRefused, FetchFailed, AuthorityMissing."""
    policy = replace(_policy(covered()), method="GET", max_bytes=LARGEST, max_seconds=60.0)
    return fetch(url, policy=policy, turn=asked_each_time(covered))


def _policy(authority: str) -> Policy:
    only, ours, tor = settings.FETCH_ONLY, settings.OWN_NAMES, settings.TOR
    return Policy(1024, 15.0, 3, authority=authority, only=only, ours=ours, tor=tor, method="HEAD")


def recheck_due(
    *,
    actor: str,
    now: datetime,
    clock: Callable[[], datetime],
    limit: int = 500,
    look: Look = look,
    bring: Bring = bring,
) -> Rechecked:
    """Look at the addresses (at most ``limit``) whose re-check is due, and keep what was seen.

    A miss counts; present sets the count back; unclear changes nothing but the time of the next look. A picture is
    present when its bytes are those of a confirmed item, compared in memory. What is gone and is there again is opened
    again; what answers from another network has its host asked for again. Nothing is fetched without a recorded
    authority in force by the ``clock``, asked before each connection; what was not looked at for want of one stays due.
    """
    due = list(_due(now).select_related("address", "hosting").order_by("next_check_at")[:limit])
    if not due:
        return Rechecked()

    def covered() -> str:
        moment = clock()
        return check_covers(latest_authority(moment), moment).public_id

    try:
        covered()
        sights, refusal = _look_at(due, covered, look, bring)
    except AuthorityMissing as error:
        return Rechecked(refusal=str(error))
    with transaction.atomic():
        rows = list(_due(now).select_for_update(of=("self",)).filter(pk__in=sights).select_related("hosting"))
        for row in rows:
            _settle(row, sights[row.pk], now)
        _write(rows, sights, now)
        result = replace(_counted(rows, sights, now), refusal=refusal)
        if rows:
            detail = {
                "present": result.present,
                "missed": result.missed,
                "unclear": result.unclear,
                "gone": result.gone,
                "back": result.back,
                "moved": result.moved,
            }
            keys = [row.pk for row in rows]
            record(actor=actor, action="addresses_rechecked", subject="removals", ids=keys, now=now, detail={**detail})
        _announce(rows, now)
    return result


def _due(now: datetime) -> QuerySet[Removal]:
    watched = Q(state__in=WATCHED) & (Q(next_check_at__lte=now) | Q(next_check_at__gt=now + FARTHEST))
    return Removal.objects.filter(watched | Q(state=RemovalState.GONE, next_check_at__lte=now))


def _look_at(due: Sequence[Removal], covered: Covered, look: Look, bring: Bring) -> tuple[dict[int, _Sight], str]:
    """Return what was seen of each that was looked at, and why the others were not."""
    addresses = [row.address_id for row in due]
    pictures = set(Sighting.objects.filter(address__in=addresses).values_list("address_id", flat=True))
    digests = digests_at(addresses)
    asked = [
        _Asked(row.address.canonical, row.address_id in pictures, digests.get(row.address_id, frozenset()))
        for row in due
    ]

    def sight(one: _Asked, covered: Covered) -> _Sight | AuthorityMissing:
        try:
            return _sight(one, lambda url: look(url, covered), lambda url: bring(url, covered))
        except AuthorityMissing as missing:
            return missing

    # Only this thread asks the database whether a connection is covered.
    found = side_by_side(sight, asked, at_once=FETCHED_AT_ONCE, ask=covered)
    pairs = list(zip((row.pk for row in due), found, strict=True))
    sights = {key: one for key, one in pairs if isinstance(one, _Sight)}
    return sights, next((str(one) for _, one in pairs if isinstance(one, AuthorityMissing)), "")


def _sight(one: _Asked, look: Callable[[str], Fetched], bring: Callable[[str], Fetched]) -> _Sight:
    try:
        answer = look(one.url)
        seen = seen_in(answer.status, answer.headers.get("content-type", ""), picture=one.picture)
        if seen is Seen.PRESENT and one.picture and one.digests:
            return _compared(one, bring(one.url))
    except FetchFailed as error:
        return _Sight(seen_in_failure(error.code), sentence(str(error)))
    except FetchRefused as error:
        return _Sight(Seen.UNCLEAR, sentence(str(error)))
    said = f"The host answered {answer.status}." if seen is not Seen.PRESENT else ""
    return _Sight(seen, said, peer=answer.peer)


def _compared(one: _Asked, answer: Fetched) -> _Sight:
    """Say whether the bytes are those of an item that was confirmed here. Only their hash outlives this function."""
    seen = seen_in(answer.status, answer.headers.get("content-type", ""), picture=True)
    if seen is not Seen.PRESENT:
        return _Sight(seen, f"The host answered {answer.status}.", peer=answer.peer)
    if answer.truncated:
        return _Sight(Seen.UNCLEAR, "The file is longer than can be compared. A person looks.", peer=answer.peer)
    same = sha256(answer.body).hexdigest() in one.digests
    seen, said = (Seen.PRESENT, "") if same else (Seen.UNCLEAR, ANOTHER_FILE)
    return _Sight(seen, said, same_file=same, peer=answer.peer)


def _settle(row: Removal, sight: _Sight, now: datetime) -> None:
    if row.state == RemovalState.GONE:
        _settle_gone(row, sight, now)
        return
    row.sentence = sight.sentence
    row.next_check_at = now + CHECK_EVERY
    if sight.seen is Seen.PRESENT:
        row.misses = 0
    elif sight.seen is Seen.MISSED:
        row.misses += 1
    if row.misses >= MISSES_UNTIL_GONE:
        row.state, row.gone_at, row.looks_after = RemovalState.GONE, now, 0
        row.next_check_at = now + LOOKS_AFTER[0]
    elif row.state == RemovalState.NOTICED and sight.seen is Seen.PRESENT and _has_moved(row.hosting, sight.peer):
        row.state, row.level, row.chases, row.sentence = RemovalState.OPENED, Level.HOST, 0, MOVED


def _settle_gone(row: Removal, sight: _Sight, now: datetime) -> None:
    if sight.seen is Seen.PRESENT:
        row.state, row.sentence, row.misses, row.looks_after = RemovalState.OPENED, BACK, 0, 0
        row.level, row.notice, row.gone_at, row.next_check_at = Level.HOST, None, None, now
        row.chases += 1  # so that its notice is another one than the first
        return
    row.looks_after += 1
    more = row.looks_after < len(LOOKS_AFTER)
    row.next_check_at = now + LOOKS_AFTER[row.looks_after] if more else None


def _has_moved(hosting: Hosting | None, peer: str) -> bool:
    """Say whether an answer came from outside of the networks that the registry named."""
    if hosting is None or not peer or not hosting.network_start or not hosting.network_end or hosting.cdn:
        return False
    ranges = [(hosting.network_start, hosting.network_end), *hosting.others]
    try:
        here = ip_address(peer)
        ends = [tuple(ip_address(one.partition("/")[0]) for one in pair) for pair in ranges]
    except ValueError:
        return False
    # A site has addresses of both kinds, and which one answers says nothing.
    alike = [(first, last) for first, last in ends if first.version == here.version]
    return bool(alike) and not any(int(first) <= int(here) <= int(last) for first, last in alike)


def _write(rows: Sequence[Removal], sights: dict[int, _Sight], now: datetime) -> None:
    fields = ["state", "misses", "sentence", "next_check_at", "gone_at", "looks_after", "level", "chases", "notice_id"]
    Removal.save_alike(rows, fields)
    Recheck.objects.bulk_create(
        Recheck(removal=row, at=now, seen=one.seen, sentence=one.sentence, same_file=one.same_file)
        for row in rows
        for one in [sights[row.pk]]
    )
    gone = [row.pk for row in rows if row.state == RemovalState.GONE]
    Hold.objects.filter(removal__in=gone, ended_at=None).update(ended_at=now, end=HoldEnd.GONE)


def _counted(rows: Collection[Removal], sights: dict[int, _Sight], now: datetime) -> Rechecked:
    counts = counted(sights[row.pk].seen for row in rows)
    return Rechecked(
        present=counts[Seen.PRESENT],
        missed=counts[Seen.MISSED],
        unclear=counts[Seen.UNCLEAR],
        gone=len(_newly_gone(rows, now)),
        back=len(_opened(rows, BACK)),
        moved=len(_opened(rows, MOVED)),
    )


def _newly_gone(rows: Collection[Removal], now: datetime) -> list[int]:
    return [row.pk for row in rows if row.state == RemovalState.GONE and row.gone_at == now]


def _opened(rows: Collection[Removal], why: str) -> list[int]:
    return [row.pk for row in rows if row.state == RemovalState.OPENED and row.sentence == why]


def _announce(rows: Collection[Removal], now: datetime) -> None:
    gone, back, away = _newly_gone(rows, now), _opened(rows, BACK), _opened(rows, MOVED)
    if gone:
        publish(AddressesGone(ids=tuple(gone)), now=now)
    if back:
        publish(AddressesBack(ids=tuple(back)), now=now)
    if opened := [*back, *away]:
        publish(RemovalsOpened(ids=tuple(sorted(opened))), now=now)
