"""A note of an earlier shift is done with."""

from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.assessment.models import HandoverNote
from openhotline.assessment.queries.handover import notes_on
from openhotline.assessment.services.end_handover import end_handover
from openhotline.assessment.services.write_handover import write_handover
from openhotline.assessment.states import Queue
from openhotline.core.errors import NotNow

pytestmark = pytest.mark.django_db


def test_it_is_taken_away_once_by_anybody_and_its_row_stays(
    analyst: Person, other_analyst: Person, now: datetime
) -> None:
    note = write_handover(queue=Queue.SORTING, text="Look twice.", actor=analyst, now=now)
    end_handover(note=note.public_id, actor=other_analyst, now=now)
    assert notes_on(Queue.SORTING) == []
    assert HandoverNote.objects.get().ended_by == other_analyst.public_id
    with pytest.raises(NotNow):
        end_handover(note=note.public_id, actor=analyst, now=now)
