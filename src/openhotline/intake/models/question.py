"""Questions to a reporter, and answers: two ways, without a name.

A question is sealed under a key that follows from the receipt's words and the receipt key, so that a copy of the
database does not open it; the receipt's page does. An answer is sealed to the intake key, as all that reporters tell:
the public door cannot read it again.

Neither that there is a question nor when it came may tell whether an address is known. So (``policies``) a question
can be asked only of reports that a person reads whatever is known of their addresses: without a usable address, or
with a danger that was told. Both follow from what the reporter typed and from nothing else. And the page shows it
from the next quarter of an hour on, for a fixed time, so that the minute does not tell when somebody worked on what.
"""

from datetime import datetime, timedelta

from django.db import models

from openhotline.core.crypto import key_of_words, lock, unlock
from openhotline.core.ids import public_id
from openhotline.intake.models.report import Report

QUARTER = timedelta(minutes=15)
SHOWN_FOR = timedelta(days=30)


def _new_id() -> str:
    return public_id("qst")


class Question(models.Model):
    """One question of the desk to whoever made a report. ``sealed`` is empty once the receipt has ended."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="questions")
    asked_at = models.DateTimeField()
    sealed = models.BinaryField(help_text="under the key of the receipt's words")

    class Meta:
        indexes = [models.Index(fields=["report", "asked_at"])]

    def text(self, words: str) -> str:
        """Return the question. Raises DoesNotOpen when the words are not those of its report."""
        return unlock(key_of_words(words), bytes(self.sealed), self.public_id.encode()).decode()


class Answer(models.Model):
    """What a reporter answered. ``sending`` tells an answer that was sent twice."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    answered_at = models.DateTimeField()
    sealed = models.BinaryField(help_text="to the intake key")
    sending = models.CharField(max_length=64, unique=True)


def new_question(report: Report, text: str, *, words: str, now: datetime) -> Question:
    """Return a question that is not saved yet, sealed for who holds the words of the report's receipt."""
    question = Question(report=report, asked_at=now)
    question.sealed = lock(key_of_words(words), text.encode(), question.public_id.encode())
    return question


def shown_from(asked_at: datetime) -> datetime:
    """Return from when the receipt's page shows a question: the next full quarter of an hour."""
    passed = timedelta(minutes=asked_at.minute % 15, seconds=asked_at.second, microseconds=asked_at.microsecond)
    return asked_at - passed + (QUARTER if passed else timedelta(0))


def is_shown(asked_at: datetime, now: datetime) -> bool:
    """Say whether the receipt's page shows a question that was asked then. It depends on the two moments alone."""
    return shown_from(asked_at) <= now < asked_at + SHOWN_FOR
