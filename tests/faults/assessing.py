"""Two analysts who sort and assess until they are killed; what was answered to them stands in a ledger.

python assessing.py LEDGER
"""

import json
import os
import sys
import time
from pathlib import Path

import django
import failing

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
django.setup()

from django.db import connection  # noqa: E402 - the settings are read by setup

from looking import reveal  # noqa: E402 - as above
from openhotline.accounts.models import Person  # noqa: E402 - the settings are read by setup
from openhotline.assessment.services.assess_item import assess_item  # noqa: E402
from openhotline.assessment.services.take_turn import take_turn  # noqa: E402
from openhotline.config.process import end_with_parent  # noqa: E402
from openhotline.core.clock import now  # noqa: E402
from openhotline.core.database import GONE, wait_for_database  # noqa: E402
from openhotline.law.models import Facts  # noqa: E402
from openhotline.practice.collection.structure import load  # noqa: E402
from openhotline.triage.services.finish_sheet import finish_sheet  # noqa: E402
from openhotline.triage.services.take_sheet import take_sheet  # noqa: E402

GLYPHS = ("square-B", "cross-N")
TILES = 6


def sort(person: Person) -> None:
    """Keep everything of one sheet, if there is one."""
    sheet = take_sheet(actor=person, now=now(), tiles=TILES)
    if sheet is not None:
        finish_sheet(sheet=sheet.public_id, set_aside=(), actor=person, now=now())


def assess(person: Person, ledger: Path) -> None:
    """Give one opinion, if one is asked for, and note it once it was acknowledged."""
    turn = take_turn(actor=person, now=now())
    if turn is None:
        return
    facts = Facts.from_dict(load().glyphs[GLYPHS[turn.item_id % len(GLYPHS)]].facts)
    # The same turn has the same key, so that an opinion whose answer was lost is not given twice.
    key = f"{person.username}-{turn.pk}"
    reveal(turn.item.public_id, person, now())
    made = assess_item(turn_id=turn.pk, facts=facts, idempotency=key, actor=person, now=now())
    note(ledger, {"key": key, "assessment": made.assessment.public_id, "facts": facts.to_dict()})


def note(ledger: Path, line: dict[str, object]) -> None:
    """Append a line that survives a kill."""
    with ledger.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def main(ledger: Path) -> None:
    """Work until ended."""
    end_with_parent()
    failing.install()
    wait_for_database()
    people = list(Person.objects.filter(username__startswith="scripted-0").order_by("pk"))
    while True:
        try:
            for person in people:
                sort(person)
                assess(person, ledger)
        except GONE:
            # The database was killed: a person would load the page again.
            connection.close()
        time.sleep(0.1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
