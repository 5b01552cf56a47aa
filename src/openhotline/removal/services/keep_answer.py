"""The receiver of a notice answers at the public door, known by nothing but the code of the notice."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from openhotline.audit.services.record import record
from openhotline.core.crypto import seal_at_the_door
from openhotline.core.errors import Missing
from openhotline.core.events import publish
from openhotline.removal.events import ProviderAnswered
from openhotline.removal.models import AnswerCode, ProviderAnswer, code_lookup
from openhotline.removal.states import Said


def keep_answer(*, code: str, said: Said, text: str, now: datetime, actor: str = "public") -> ProviderAnswer:
    """Keep one answer to a notice; its text is sealed for the people of the desk alone.

    Raises Missing, with the same words for a code that was used, is over, or never was: nobody learns which.
    """
    sealed = seal_at_the_door(text)
    with transaction.atomic():
        found = AnswerCode.objects.select_for_update().filter(code=code_lookup(code)).first()
        if found is None or found.used_at is not None or found.ends_at <= now:
            raise Missing(
                gettext("This code cannot be used. Each code works once. Reply to our message instead, please.")
            )
        found.used_at = now
        found.save(update_fields=["used_at"])
        answer = ProviderAnswer.objects.create(code=found, said=said, sealed=sealed, at=now)
        record(actor=actor, action="notice_answered", subject="notices", now=now)
        publish(ProviderAnswered(ids=(answer.pk,)), now=now)
    return answer
