"""What we did with a handover goes back, sealed, and the other end reads it."""

from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.core.errors import NotNow
from openhotline.removal.models import HandoverIn
from openhotline.removal.models.handover_file import OurShape, opened
from openhotline.removal.services.actions_back import actions_back
from openhotline.removal.services.note_action import note_action
from openhotline.removal.states import HandoverAction


@pytest.mark.django_db
def test_what_we_did_goes_back_sealed_and_their_end_reads_it(
    taken: HandoverIn, our_identity: str, senior: Person, now: datetime
) -> None:
    one, two = taken.addresses.order_by("pk")
    with pytest.raises(NotNow, match="Nothing was noted"):
        actions_back(handover=taken.public_id, actor=senior, now=now)
    for row, action, reason in ((one, "notice_sent", ""), (two, "not_here", "It is\nhosted elsewhere")):
        name = row.report.public_id
        note_action(report=name, action=HandoverAction(action), reason=reason, actor=senior, now=now)
    files: list[bytes] = []
    actions_back(handover=taken.public_id, actor=senior, now=now, write=files.append)
    read = OurShape().read(opened(files[0], our_identity))
    assert (read.handover, read.practice) == (taken.theirs, True)
    said = [(each.reference, each.action, each.reason) for each in read.actions]
    assert said == [(one.reference, "notice_sent", ""), (two.reference, "not_here", "It is hosted elsewhere")]
