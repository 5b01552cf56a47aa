"""No transaction changes a table of the hotline without its line in the log: seen in what the database is asked to do.

tests/architecture/test_writers_audit.py reads the code; this watches a whole road, so no code that is never run and no
function of the right name can satisfy it.
"""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from journeys.road import PAGE, Road
from journeys.watch import UNRECORDED, Watch
from openhotline import due
from openhotline.intake.models import Report
from openhotline.intake.states import Source

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.slow]


def test_a_whole_road_changes_nothing_without_its_line(road: Road) -> None:
    """And every exception is still needed."""
    # Signing in notes when, in the person's own row; that is before anything is done.
    desk = Client()
    desk.force_login(road.cast.sign_ins[0])
    watch = Watch()
    with connection.execute_wrapper(watch):
        road.report(road.site.origin + PAGE, details={"more": "seen on Monday"})
        road.settle()
        desk.get(reverse("desk_home"))
        road.decide_all()
        road.release()
        road.refer()
        due.review(road.now)
        due.end_records(road.now + timedelta(days=800))
        desk.logout()
    assert watch.unrecorded == set()
    ours = {"intake_report", "evidence_item", "assessment_decision", "removal_notice", "hashlists_release"}
    assert {*ours, "referral_referral", *UNRECORDED} <= watch.seen


def test_planted_a_change_without_its_line_is_seen(road: Road) -> None:
    """Also one in a transaction of its own beside a recorded one, and one outside of any."""
    road.report(road.site.origin + PAGE)
    for change in (Report.objects.all(), Report.objects.filter(source=Source.PUBLIC)):
        watch = Watch()
        with connection.execute_wrapper(watch):
            change.update(source=Source.LETTER)
            with transaction.atomic():
                change.update(source=Source.PUBLIC)
        assert watch.unrecorded == {"intake_report"}
