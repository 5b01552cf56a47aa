"""One shift tells the next something about a queue."""

from datetime import datetime

import pytest
from django.db import connection

from openhotline.accounts.models import Person
from openhotline.assessment.queries.handover import notes_on
from openhotline.assessment.services.write_handover import write_handover
from openhotline.assessment.states import Queue
from openhotline.core.errors import NotNow

pytestmark = pytest.mark.django_db


def test_a_note_stands_on_its_queue_and_is_sealed(analyst: Person, now: datetime) -> None:
    write_handover(queue=Queue.REMOVALS, text=" Wait for a call. ", actor=analyst, now=now)
    assert [note.text for note in notes_on(Queue.REMOVALS)] == ["Wait for a call."]
    assert notes_on(Queue.ASSESSMENT) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM assessment_handovernote")
        assert b"Wait" not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize("text", ["", "  ", "x" * 1001])
def test_nothing_and_too_much_are_refused(analyst: Person, now: datetime, text: str) -> None:
    with pytest.raises(NotNow):
        write_handover(queue=Queue.REMOVALS, text=text, actor=analyst, now=now)
