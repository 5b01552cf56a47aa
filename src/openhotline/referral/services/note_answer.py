"""The police answered about an item: that it is wrong, or that they found something else. It is decided again."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.assessment.models import Decided
from openhotline.assessment.policies import check_note
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.referral.errors import NotReferable
from openhotline.referral.events import PoliceAnswered
from openhotline.referral.models import PoliceAnswer, ReferredItem
from openhotline.referral.policies import check_can_refer, check_questions
from openhotline.referral.states import AT_PARTNER, PoliceSays


def note_answer(
    *, referral_id: int, item: str, says: PoliceSays, words: str, actor: Person, now: datetime
) -> PoliceAnswer:
    """Keep what the police answered about an item (by the outside id that the package has) of a referral they have.

    The decision that covers it is put in question; a senior analyst who has given no opinion on it decides again, and
    reads who asks but not ``words``, which are sealed. Raises NotAllowed, NotReferable (the partner does not have the
    referral, the item is not in it, or is not decided any more) and NotNow (the words are too long).
    """
    check_can_refer(actor)
    check_questions(says)
    said = check_note(words)
    with transaction.atomic():
        rows = ReferredItem.objects.select_for_update(of=("self",)).select_related("referral")
        referred = rows.filter(referral_id=referral_id, item__public_id=item.strip()).first()
        if referred is None:
            raise NotReferable("This referral holds no such item. Give its id as the partner's papers have it: itm_…")
        if referred.referral.state not in AT_PARTNER:
            raise NotReferable(
                "The partner does not have this referral, so it cannot have answered. Hand it over first."
            )
        covering = Decided.objects.filter(item=referred.item_id).select_related("decision").first()
        if covering is None:
            raise NotReferable("Nothing is decided about this item any more, so there is nothing to decide again.")
        answer = PoliceAnswer.objects.create(
            referred=referred,
            item_id=referred.item_id,
            decision=covering.decision,
            says=says,
            words=said or None,
            noted_at=now,
            noted_by=actor.public_id,
        )
        record(
            actor=actor.public_id,
            action="police_answer_noted",
            subject=answer.public_id,
            detail={"verdict": str(says)},
            now=now,
        )
        publish(PoliceAnswered(ids=(answer.pk,)), now=now)
    return answer
