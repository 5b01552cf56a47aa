"""Somebody at the desk asks a reporter a question, without knowing who that is."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.errors import Missing
from openhotline.intake.models import Question, Report
from openhotline.intake.models.question import new_question
from openhotline.intake.policies import check_can_ask, check_can_be_asked, check_question
from openhotline.intake.services.start_report import words_of


def ask_reporter(*, report: str, text: str, actor: Person, now: datetime) -> Question:
    """Keep the question for the page of the report's receipt (``report``: its outside id).

    Raises NotAllowed when the role does not ask or dates ran out, Missing when there is no such report, and NotNow for
    a report that cannot be asked, or a text that may not stand on a page outside.
    """
    check_can_ask(actor, now)
    check_question(text)
    with transaction.atomic():
        found = Report.objects.select_for_update().filter(public_id=report).first()
        if found is None:
            raise Missing("There is no such report.")
        check_can_be_asked(found, waiting=found.questions.filter(answers=None).count())
        question = new_question(found, text.strip(), words=words_of(found), now=now)
        question.save()
        record(actor=actor.public_id, action="reporter_asked", subject=found.public_id, now=now)
    return question
