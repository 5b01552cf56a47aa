"""What reporters and young people took back is certified by outside ids alone."""

import json
from collections.abc import Callable
from datetime import datetime

from openhotline.audit.models import TakenBack
from openhotline.intake.models import Report
from openhotline.intake.services.certify_withdrawn import certify_withdrawn
from openhotline.intake.services.start_report import words_of
from openhotline.intake.services.withdraw_contact import withdraw_contact
from openhotline.intake.services.withdraw_device_hash import withdraw_device_hash

KeepCodes = Callable[..., Report]


def test_each_code_and_each_contact_once_and_nothing_of_them(keep: KeepCodes, now: datetime) -> None:
    report = keep()
    assert certify_withdrawn(actor="test", now=now) == 0
    withdraw_device_hash(words=words_of(report), now=now)
    withdraw_contact(report=report, now=now)
    Report.objects.update(details=b"told")
    assert (certify_withdrawn(actor="test", now=now), certify_withdrawn(actor="test", now=now)) == (3, 0)
    named = {(row.kind, row.subject) for row in TakenBack.objects.all()}
    codes = {("code", one.public_id) for one in report.device_hashes.all()}
    assert named == codes | {("contact", report.public_id)}
    assert [json.loads(row.text)["content"] for row in TakenBack.objects.all()] == [{}, {}, {}]
