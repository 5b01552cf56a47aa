"""Who downloaded which version is in the log, by which key."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.audit.models import Record
from openhotline.hashlists.models import Member
from openhotline.hashlists.services.note_download import note_download

pytestmark = pytest.mark.django_db


def test_a_download_is_logged(make_member: Callable[..., Member], now: datetime) -> None:
    member = make_member()
    note_download(member=member, actor="key_test", version=3, now=now)
    found = Record.objects.get(action="list_downloaded")
    assert (found.actor, found.subject, found.detail) == (
        "key_test",
        member.public_id,
        {"version": 3, "kind": "hashes"},
    )
