"""One report, from the public door to the published numbers, over the real protocols."""

import json
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from typer.testing import CliRunner

from journeys.road import PAGE, RECHECK, UNDO_WINDOW, MakeRoad, Road, picture
from openhotline.accounts.errors import NeedsTwoPeople, NotApproved
from openhotline.assessment.models import Decision
from openhotline.assessment.queries import outcome_counts
from openhotline.audit.services.seal import seal
from openhotline.audit.services.verify import verify
from openhotline.desk.queries.reports import report_lines
from openhotline.evidence.models import Item
from openhotline.evidence.states import ItemState
from openhotline.hashlists.models import Entry, Release
from openhotline.hashlists.queries import release_path, verified_release
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.intake.models import Report
from openhotline.referral.commands import app as referral_app
from openhotline.referral.models import Referral
from openhotline.referral.queries import package_path
from openhotline.referral.services.build_referral import build_referral
from openhotline.referral.services.draft_referral import draft_referral
from openhotline.referral.services.hand_over import hand_over
from openhotline.removal.models import Removal

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox]


def states() -> list[tuple[str, int]]:
    """Return state and misses of every removal."""
    return list(Removal.objects.order_by("pk").values_list("state", "misses"))


def decide(road: Road) -> None:
    """Two people, the second one blind, give the same facts of all three pictures."""
    first, second = road.cast.analysts
    assert road.sort(first) == 3
    assert road.assess(first) == 3
    desk = Client()
    desk.force_login(second)
    desk.post(reverse("desk_next"))
    page = desk.get(reverse("desk_assess")).content.decode()
    assert "second" not in page.partition("<main")[2]
    assert 'value="B" checked' not in page
    assert road.assess(second) == 3
    assert Decision.objects.filter(state="provisional", consensus=2).count() == 3
    road.wait(UNDO_WINDOW)


def release(road: Road) -> Release:
    """One person drafts, and cannot sign alone; another signs, and the file verifies."""
    asks, signs = road.cast.seniors
    drafted = draft_release(actor=asks, now=road.now)
    with pytest.raises(NeedsTwoPeople):
        road.approve("release", drafted.public_id, asks)
    with pytest.raises(NotApproved):
        publish_release(release_id=drafted.pk, actor=asks, now=road.now)
    road.approve("release", drafted.public_id, signs)
    return publish_release(release_id=drafted.pk, actor=asks, now=road.now)


def xarf_of(mail: Path) -> list[dict[str, object]]:
    """Return the reports attached to a mail."""
    message = message_from_bytes(mail.read_bytes(), _class=EmailMessage, policy=policy.default)
    return [json.loads(part.get_content()) for part in message.iter_attachments()]


def follow_removals(road: Road) -> None:
    """The provider still answers once; then three misses, twelve hours apart, make an address gone."""
    for expected in ([("noticed", 0)], [("noticed", 1)], [("noticed", 2)], [("gone", 3)]):
        road.wait(RECHECK)
        assert states() == expected * 3


def refer(road: Road) -> Referral:
    """One person draws up, another signs; the partner's key opens the package and everything in it verifies."""
    asks, signs = road.cast.seniors
    items = list(Entry.objects.values_list("item_id", flat=True))
    drafted = draft_referral(item_ids=items, actor=asks, now=road.now)
    with pytest.raises(NeedsTwoPeople):
        road.approve("referral", drafted.public_id, asks)
    road.approve("referral", drafted.public_id, signs)
    built = build_referral(referral_id=drafted.pk, actor=signs, now=road.now)
    return hand_over(referral_id=built.pk, actor=signs, now=road.now)


def verified_by_command(referral: Referral) -> dict[str, object]:
    """Return what ``openhotline referral verify`` says of a package."""
    identity = Path(settings.VAR) / "keys" / "practice-police.key"
    options = ["verify", str(package_path(referral.public_id)), "--identity", str(identity), "--json"]
    said = CliRunner().invoke(referral_app, options)
    assert said.exit_code == 0, said.output
    return json.loads(said.stdout)


def test_one_report_goes_the_whole_way(road: Road) -> None:
    """Received, captured, examined, sorted, assessed, listed, noticed, gone, referred, counted; the log is whole."""
    words = road.report(road.site.origin + PAGE)
    assert road.word(words) == "Received"
    road.settle()
    assert set(Item.objects.values_list("state", flat=True)) == {ItemState.EXAMINED}
    assert Item.objects.count() == 3

    decide(road)
    assert Entry.objects.filter(outcome="pseudo_photograph", category="B").count() == 3
    assert road.word(words) == "Received"

    out = release(road)
    assert verified_release(release_path(out.version)).entries == 3

    (mail,) = road.site.mailbox.kept()
    pictures = {f"{road.site.origin}/files/{n}.png" for n in (1, 2, 3)}
    assert {one["url"] for one in xarf_of(mail)} == pictures
    assert road.site.mailbox.refused() == []

    follow_removals(road)
    assert road.word(words) == "Being worked on"

    referral = refer(road)
    assert verified_by_command(referral) | {"items": 3, "practice": True} == verified_by_command(referral)

    assert outcome_counts() == {"pseudo_photograph B": 3}
    assert Client().get(reverse("numbers")).status_code == 200
    road.wait(timedelta(days=14))
    assert road.word(words) == "Finished"
    seal(now=road.now)
    found = verify()
    assert (found.ok, found.unsealed) == (True, 0)


def test_two_pages_that_show_one_picture_both_show_it_at_the_desk(make_road: MakeRoad) -> None:
    """The second report's picture is known from the first page; its own page at the desk shows it all the same."""
    road = make_road({PAGE: {"files/1.png": picture(1)}})
    for page in (PAGE, f"{PAGE}?again"):
        road.report(road.site.origin + page)
        road.settle()
    assert [len(report_lines(report)) for report in Report.objects.order_by("pk")] == [1, 1]
