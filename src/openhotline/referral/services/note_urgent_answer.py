"""The police answered to urgent words: they have it, it is wrong, or they found something else."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.assessment.models import Decided
from openhotline.assessment.policies import check_note
from openhotline.audit.services.record import record
from openhotline.core.errors import Missing
from openhotline.core.events import publish
from openhotline.referral.events import PoliceAnswered
from openhotline.referral.models import PoliceAnswer, UrgentDraft, UrgentReferral
from openhotline.referral.policies import check_can_refer
from openhotline.referral.states import QUESTIONING, PoliceSays


def note_urgent_answer(*, urgent: str, says: PoliceSays, words: str, actor: Person, now: datetime) -> PoliceAnswer:
    """Keep what the police answered to an urgent referral (by outside id), with their reference in ``words``, sealed.

    Where the words began as the draft of a flag, and the flagged item is decided, an answer that questions it has it
    decided again, as ``note_answer`` does. Else it is kept and questions nothing. Raises NotAllowed, Missing and NotNow
    (the words are too long).
    """
    check_can_refer(actor)
    said = check_note(words)
    with transaction.atomic():
        sent = UrgentReferral.objects.select_for_update().filter(public_id=urgent).first()
        if sent is None:
            raise Missing("There is no such urgent referral.")
        item = UrgentDraft.objects.filter(sent=sent).values_list("flag__assessment__item", flat=True).first()
        covering = Decided.objects.filter(item=item).first() if item and says in QUESTIONING else None
        answer = PoliceAnswer.objects.create(
            urgent=sent,
            item_id=item,
            decision_id=covering.decision_id if covering else None,
            says=says,
            words=said or None,
            noted_at=now,
            noted_by=actor.public_id,
        )
        record(
            actor=actor.public_id,
            action="urgent_answer_noted",
            subject=answer.public_id,
            detail={"verdict": str(says)},
            now=now,
        )
        if covering:
            publish(PoliceAnswered(ids=(answer.pk,)), now=now)
    return answer
