"""One person writes down who is to use the list, and on which terms. A second one has to agree."""

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.services.ask_approval import ask_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.core.errors import NotNow
from openhotline.hashlists.models import Member, Terms
from openhotline.hashlists.policies import check_keeps_lists, check_member_move, check_terms
from openhotline.hashlists.states import IdentityCheck, MemberPurpose, MemberState
from openhotline.intake.models import Partner

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Papers:
    """How and when its identity was checked; the SHA-256 (hex) of the agreement it signed, and when it signed."""

    identity: IdentityCheck
    identity_checked_on: date
    agreement_sha256: str
    agreement_signed_on: date


def draft_member(
    *, partner: Partner, purpose: MemberPurpose, papers: Papers, terms: Terms, actor: Person, now: datetime
) -> Member:
    """Write a member down and ask the second person to agree on exactly this; until then it can do nothing.

    Drafted again, a member that was admitted is out until the new terms are approved. Raises NotAllowed; NotNow for
    papers or terms that are not whole.
    """
    check_keeps_lists(actor)
    check_terms(terms)
    _check_papers(papers, now.date())
    if partner.ended_at is not None:
        raise NotNow(f"{partner.name} has ended as a partner. Add it again under another name.")
    with transaction.atomic():
        member = Member.objects.select_for_update(of=("self",)).select_related("partner").filter(pk=partner.pk).first()
        if member is None:
            member = Member(partner=partner)
        elif member.state != MemberState.DRAFTED:
            member.state = check_member_move(member, "draft")
        member.purpose, member.identity = MemberPurpose(purpose), IdentityCheck(papers.identity)
        member.identity_checked_on = papers.identity_checked_on
        member.agreement_sha256 = papers.agreement_sha256
        member.agreement_signed_on = papers.agreement_signed_on
        member.terms, member.drafted_at, member.ended_at = asdict(terms), now, None
        member.save()
        digest = member.manifest_sha256()
        ask_approval(purpose=Purpose.MEMBER, subject=member.public_id, manifest_sha256=digest, actor=actor, now=now)
        record(
            actor=actor.public_id,
            action="member_drafted",
            subject=member.public_id,
            now=now,
            detail={"manifest": digest},
        )
    return member


def _check_papers(papers: Papers, today: date) -> None:
    if not _SHA256.fullmatch(papers.agreement_sha256):
        raise NotNow("The signed agreement is named by its SHA-256, 64 hex digits. Give the file, or its digest.")
    for what, day in (("identity check", papers.identity_checked_on), ("signature", papers.agreement_signed_on)):
        if day > today:
            raise NotNow(f"The {what} is dated {day.isoformat()}, which lies ahead. Give the day on which it was done.")
