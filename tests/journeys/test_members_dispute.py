"""A member's program says that an entry is wrong: a person decides again, and all members are told what it came to."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from journeys.road import PAGE, Road
from looking import reveal
from openhotline.accounts.states import Role
from openhotline.assessment.models import Decision, Reassessment
from openhotline.assessment.services.assess_item import assess_item
from openhotline.assessment.services.take_turn import take_turn
from openhotline.assessment.states import Opinion, ReassessmentState, Source
from openhotline.hashlists.models import Dispute, Entry, Member, Terms
from openhotline.hashlists.queries.editions import edition_path, newest_edition
from openhotline.hashlists.services.admit_member import admit_member
from openhotline.hashlists.services.draft_member import Papers, draft_member
from openhotline.hashlists.services.keep_entry import keep_entry
from openhotline.hashlists.services.make_member_key import make_member_key
from openhotline.hashlists.states import IdentityCheck, MemberPurpose
from openhotline.intake.services.add_partner import add_partner
from openhotline.intake.states import Scope
from openhotline.law.models import Facts

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.slow]


def member_of(road: Road, name: str) -> Member:
    """Admit a member that downloads the list, by two people."""
    keeper = road.cast.seniors[0]
    manager = next(one for one in road.cast.sign_ins if one.role == Role.MANAGER)
    papers = Papers(IdentityCheck.REGISTER, road.now.date(), "a" * 64, road.now.date())
    partner = add_partner(name=name, hourly=1, actor="test", now=road.now)
    terms, purpose = Terms(download=True), MemberPurpose.UPLOADS
    drafted = draft_member(partner=partner, purpose=purpose, papers=papers, terms=terms, actor=keeper, now=road.now)
    road.approve("member", drafted.public_id, manager)
    return admit_member(member=drafted, actor=keeper, now=road.now)


def states(member: Member) -> dict[str, str]:
    """Return what a member's newest edition says of each entry."""
    newest = newest_edition(member)
    assert newest is not None
    lines = map(json.loads, edition_path(member, newest.version).read_text().splitlines()[2:])
    return {one["entry"]: one["state"] for one in lines}


def test_a_dispute_is_decided_again_and_told_with_the_releases_before_and_after(road: Road) -> None:
    """The reviewer finds what was found before, a person keeps the entry, and it is active again."""
    says, other = member_of(road, "Says So"), member_of(road, "Another")
    road.report(road.site.origin + PAGE)
    road.settle()
    road.decide_all()
    road.release()
    road.settle()
    keeper = road.cast.seniors[0]
    _, text = make_member_key(
        member=says, scopes=[Scope.FEEDBACK], expires_at=road.now + timedelta(days=30), actor=keeper, now=road.now
    )
    entry = Entry.objects.order_by("pk")[0]
    said = {"entry": entry.public_id, "verdict": "dispute", "reason": "another_picture"}
    client = Client(headers={"Authorization": f"Bearer {text}"})
    assert client.post("/members/v1/feedback", json.dumps(said), "application/json").status_code == 204
    road.settle()
    asked = Reassessment.objects.get()
    assert (asked.source, asked.state) == (Source.MEMBER, ReassessmentState.OPEN)
    road.release()
    road.settle()
    assert [states(one)[entry.public_id] for one in (says, other)] == ["disputed", "disputed"]
    turn = take_turn(actor=keeper, now=road.now)
    assert turn is not None
    assert turn.opinion == Opinion.REVIEW
    facts = Facts.from_dict(Decision.objects.get(covers__item=entry.item_id).facts)
    reveal(turn.item.public_id, keeper, road.now)
    assess_item(turn_id=turn.pk, facts=facts, idempotency="review", actor=keeper, now=road.now)
    road.wait(timedelta(minutes=1))
    road.settle()
    keep_entry(dispute=Dispute.objects.get().public_id, actor=keeper, now=road.now)
    road.release()
    road.settle()
    assert [states(one)[entry.public_id] for one in (says, other)] == ["active", "active"]
    asked.refresh_from_db()
    assert asked.state == ReassessmentState.ANSWERED
