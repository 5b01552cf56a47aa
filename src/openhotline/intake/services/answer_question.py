"""A reporter answers a question, known by nothing but the words of the receipt."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from openhotline.audit.services.record import record
from openhotline.core.crypto import receipt_lookup, seal_at_the_door
from openhotline.core.errors import Missing
from openhotline.intake.models import Answer, Question, Report
from openhotline.intake.policies import check_can_answer


def answer_question(
    *, report: Report, question: str, text: str, sending: str, now: datetime, actor: str = "public"
) -> Answer:
    """Seal the answer to the question with this outside id, for the people of the desk alone.

    The same ``sending`` with the same text gives the same answer again. Raises Missing when the report has no such
    question, and NotNow when as much was answered as one question takes.
    """
    again = receipt_lookup(f"answered\n{question}\n{sending}\n{text}")
    sealed = seal_at_the_door(text)
    with transaction.atomic():
        found = Question.objects.select_for_update().filter(report=report, public_id=question).first()
        if found is None:
            raise Missing(gettext("There is no such question."))
        answer = found.answers.filter(sending=again).first()
        if answer is None:
            check_can_answer(found.answers.count())
            answer = found.answers.create(answered_at=now, sealed=sealed, sending=again)
            # It waits for a person again.
            Report.objects.filter(pk=report.pk).update(told_at=now, read_at=None)
            record(actor=actor, action="question_answered", subject=report.public_id, now=now)
    return answer
