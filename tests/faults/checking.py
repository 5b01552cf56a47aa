"""After the kills: is everything there that was acknowledged, once, and is the log whole?"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from faults.reporting import Sent
from openhotline.assessment.models import Assessment
from openhotline.audit.models import Record
from openhotline.audit.services.seal import seal
from openhotline.audit.services.verify import verify
from openhotline.core import crypto
from openhotline.core.clock import now
from openhotline.core.models import Event
from openhotline.evidence.models import Item
from openhotline.evidence.queries import open_original
from openhotline.evidence.states import ItemState
from openhotline.intake.models import Report, ReportedAddress
from openhotline.intake.queries import report_with_words
from openhotline.intake.states import ReportState


def faults(sent: Sequence[Sent], ledger: Path) -> Iterator[str]:
    """Yield a sentence for everything that is not as it was acknowledged."""
    yield from reports(sent)
    yield from opinions(ledger)
    yield from evidence()
    yield from events()
    yield from log()


def reports(sent: Sequence[Sent]) -> Iterator[str]:
    """Every acknowledged report is there once; every one that was sent on was received and can be looked up."""
    rows = ReportedAddress.objects.select_related("report")
    opened = [(crypto.open_from_the_door(bytes(row.sealed)), row.report.state) for row in rows]
    saved = Counter(address for address, _ in opened)
    states = dict(opened)
    for one in sent:
        if one.acknowledged and saved[one.address] == 0:
            yield f"The acknowledged report {one.key} is lost."
        if saved[one.address] > 1:
            yield f"The report {one.key} is there {saved[one.address]} times."
        if one.words and states.get(one.address) == ReportState.STARTED:
            yield f"The report {one.key} was sent on and acknowledged, and is not received."
        if one.words and report_with_words(one.words) is None:
            yield f"The receipt of {one.key} is not known."


def opinions(ledger: Path) -> Iterator[str]:
    """Every acknowledged opinion is there as it was given, and none twice."""
    rows = {row.idempotency: row for row in Assessment.objects.filter(undone_at=None)}
    lines = ledger.read_text(encoding="utf-8").splitlines() if ledger.exists() else []
    for given in map(json.loads, lines):
        row = rows.get(given["key"])
        if row is None:
            yield f"The acknowledged opinion {given['key']} is lost."
        elif row.public_id != given["assessment"] or row.facts != given["facts"]:
            yield f"The opinion {given['key']} is not the one that was acknowledged."
    doubled = Counter((row.item_id, row.opinion) for row in rows.values())
    yield from (f"The item {item} has {count} {kind} opinions." for (item, kind), count in doubled.items() if count > 1)


def evidence() -> Iterator[str]:
    """Every sealed file opens, and none was left unexamined."""
    for item in Item.objects.order_by("pk"):
        if item.state != ItemState.EXAMINED:
            yield f"The item {item.public_id} stands at {item.state}."
        try:
            open_original(item)
        except Exception as error:  # noqa: BLE001 - whatever keeps a file from opening is the fault that is looked for
            yield f"The item {item.public_id} does not open: {error}"


def events() -> Iterator[str]:
    """Every announcement was taken by every step."""
    waiting = Event.objects.filter(delivered_at=None)
    yield from (f"The announcement {row.pk} ({row.kind}) was not taken." for row in waiting)


def log() -> Iterator[str]:
    """The log is whole, and says once that each report was started, each opinion given."""
    seal(now=now())
    yield from verify().faults
    for action, there in (("report_started", Report.objects.count()), ("item_assessed", Assessment.objects.count())):
        told = Record.objects.filter(action=action).count()
        if told != there:
            yield f"The log tells of {told} times {action}; the tables have {there}."
