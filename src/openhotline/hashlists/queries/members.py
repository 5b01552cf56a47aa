"""Reading members: who they are, what they may do, what they said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from openhotline.core.errors import Missing
from openhotline.hashlists.models import (
    CanaryWord,
    Dispute,
    Entry,
    Feedback,
    Member,
    QueryFlag,
    check_admitted,
)
from openhotline.hashlists.states import EntryState, MemberState, stream_of
from openhotline.intake.queries import key_shown
from openhotline.intake.states import Scope


@dataclass(frozen=True)
class Asker:
    """An admitted member that showed a key, and which key."""

    member: Member
    key: str


def member_shown(text: str, scope: Scope, *, now: datetime) -> Asker:
    """Return the member whose key this is. Raises Unauthorised, NotAllowed, and NoMember for one not admitted."""
    key = key_shown(text, scope, now=now)
    found = Member.objects.select_related("partner").filter(pk=key.partner_id).first()
    return Asker(check_admitted(found), key.public_id)


def member_named(name: str) -> Member | None:
    """Return the member of this outside id, or of this name; None when there is none."""
    rows = Member.objects.select_related("partner")
    return rows.filter(partner__public_id=name).first() or rows.filter(partner__name=name).first()


def the_member(name: str) -> Member:
    """Return a member by outside id or name. Raises Missing."""
    found = member_named(name)
    if found is None:
        raise Missing(f"There is no member {name!r}. `openhotline member list` names them.")
    return found


def members() -> list[Member]:
    """Return all members by name."""
    return list(Member.objects.select_related("partner").order_by("partner__name"))


def admitted() -> list[Member]:
    """Return who may use the list now."""
    rows = Member.objects.filter(state=MemberState.ADMITTED, partner__ended_at=None)
    return list(rows.select_related("partner").order_by("pk"))


def open_flags() -> QuerySet[QueryFlag]:
    """Return members' queries that somebody has to look at, the oldest first."""
    return QueryFlag.objects.filter(seen_at=None).select_related("member__partner").order_by("pk")


DISPUTES_END = timedelta(days=14)
"""After so long a member's own canary is in question no more, where no dispute that was raised later is settled."""


def canaries_in_question(member: Member, at: datetime) -> set[str]:
    """Return a member's own canaries that would have been in question at a moment, were they entries.

    As an entry is: from when the member disputed it until people, who take the oldest first, settled one raised later.
    """
    words = CanaryWord.objects.filter(member=member, disputed_at__lte=at, disputed_at__gt=at - DISPUTES_END)
    settled = Dispute.objects.filter(settled_at__lte=at).order_by("-raised_at").values_list("raised_at", flat=True)
    last = settled.first()
    return {one.canary for one in words if last is None or one.disputed_at is None or last < one.disputed_at}


def feedback_on(entries: Sequence[int]) -> list[Feedback]:
    """Return what members said of entries."""
    return list(Feedback.objects.filter(entry__in=entries).select_related("member__partner").order_by("pk"))


def takers(only: Sequence[int] = ()) -> list[Member]:
    """Return the members that download the list, all or only these."""
    return [one for one in admitted() if one.agreed.download and (not only or one.pk in only)]


@dataclass(frozen=True)
class RevisedNews:
    """What members are told of a revised entry: who has it as something else now, and whose it is no more."""

    entry: str
    revision: int
    changed: tuple[int, ...]
    gone: tuple[int, ...]


TOLD = ("outcome", "category", "ai_involvement")
"""Of a change of the rest members hear with the next edition."""


def revised_for(entries: Sequence[int]) -> list[RevisedNews]:
    """Return what members are to be told of published entries whose letter, outcome or AI involvement changed."""
    found, downloading = [], takers()
    for row in Entry.objects.filter(pk__in=entries, released_in__isnull=False, state=EntryState.ACTIVE):
        before = row.revisions.order_by("-revision").first()
        if before is None or all(getattr(before, name) == getattr(row, name) for name in TOLD):
            continue
        was, stream = (stream_of(outcome=one.outcome, ai_involvement=one.ai_involvement) for one in (before, row))
        changed = tuple(one.pk for one in downloading if stream in one.agreed.streams)
        gone = tuple(one.pk for one in downloading if was in one.agreed.streams and one.pk not in changed)
        found.append(RevisedNews(row.public_id, row.revision, changed, gone))
    return found


def members_with(entries: Sequence[int]) -> dict[str, list[int]]:
    """Return {outside id of an entry: keys of the members whose list holds it}."""
    rows = Entry.objects.filter(pk__in=entries, released_in__isnull=False)
    found = {}
    for row in rows:
        found[row.public_id] = [one.pk for one in takers() if row.stream in one.agreed.streams]
    return found
