"""axe finds nothing on any page, in light, in dark and on a narrow window (WCAG 2.2 A and AA)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.axe_found import found_by_axe, found_in_every_sight
from looking import reveal
from openhotline.accounts.models import Person
from openhotline.accounts.services.add_contact import add_contact
from openhotline.assessment.models import Decision, Turn
from openhotline.assessment.services.assess_item import assess_item
from openhotline.assessment.services.take_turn import take_turn
from openhotline.assessment.states import DecisionState, TurnState
from openhotline.core.clock import now
from openhotline.core.jobs import drain
from openhotline.exposure.models import Alert
from openhotline.exposure.states import Rule
from openhotline.intake.models import Report
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.set_aside_quarantine import set_aside_quarantine
from openhotline.intake.services.start_report import Over, start_report
from openhotline.intake.states import Source, Why
from openhotline.law.models import Facts
from openhotline.referral.models import PoliceAnswer, Referral, ReferredItem, UrgentDraft
from openhotline.referral.services.send_urgent import send_urgent
from openhotline.referral.states import AT_PARTNER, PoliceSays
from openhotline.statistics.services.publish_figures import publish_figures
from openhotline.triage.models import HeldEntry, Stack
from openhotline.triage.services.finish_sheet import finish_sheet
from openhotline.triage.services.take_sheet import take_sheet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC = (
    "/",
    "/report/",
    "/receipt/",
    "/young/",
    "/young/undo/",
    "/worried/",
    "/numbers/",
    "/privacy/",
    "/privacy/young-people/",
    "/desk/sign-in/",
    "/practice/",
    "/practice/legend/",
    "/api/v1/",
)
GALLERY = ("/practice/gallery/", "/practice/gallery/?desk")
DESK = (
    "/desk/", "/desk/queue/", "/desk/assess/", "/desk/sheet/", "/desk/sorting/", "/desk/stacks/{stack}/",
    "/desk/reports/", "/desk/reports/{report}/",
    "/desk/type-in/", "/desk/lists/", "/desk/removals/", "/desk/referrals/", "/desk/urgent/", "/desk/approvals/",
    "/desk/agreement/", "/desk/numbers/", "/desk/contacts/", "/desk/keys/", "/desk/exposure/",
    "/desk/decisions/", "/desk/handover/", "/desk/complaints/", "/desk/management/",
    "/desk/ways-in/", "/desk/ways-in/passkey/", "/desk/ways-in/code-app/",
)  # fmt: skip


@pytest.fixture
def at_work(practice: str, site_origin: str) -> str:
    """The senior analyst holds a turn and a sheet of a reported page; return the report's outside id."""
    for thread in ("1/threads/0001", "2/threads/0001"):
        address = f"{site_origin}/boards/{thread}.html"
        report, _ = start_report(addresses=[address], source=Source.PUBLIC, idempotency=None, practice=True, now=now())
        complete_report(report=report, details={"more": "by chance"}, urgent=False, now=now())
    drain()
    senior = Person.objects.get(username="senior")
    sheet = take_sheet(actor=senior, now=now(), tiles=4)
    assert sheet is not None
    finish_sheet(sheet=sheet.public_id, set_aside=set(), actor=senior, now=now())
    drain()
    assert take_turn(actor=senior, now=now()) is not None
    assert take_sheet(actor=senior, now=now()) is not None
    return Report.objects.latest("pk").public_id


def test_public_pages_are_accessible(practice: str, open_page: Callable[..., Page]) -> None:
    publish_figures(actor=Person.objects.get(username="senior"), now=now())
    page = open_page("/")
    found = []
    for path in (*PUBLIC, *GALLERY):
        page.goto(path)
        found += found_in_every_sight(page)
    assert found == []


def test_desk_pages_are_accessible(at_work: str, open_page: Callable[..., Page]) -> None:
    page = open_page("/practice/")
    page.get_by_role("button", name="Sign in as Senior analyst").click()
    stack = Stack.objects.order_by("-members").values_list("public_id", flat=True)[0]
    HeldEntry.objects.create(list_name="theirs", entry="kno_1", matched=200, limit=100, held_at=now())
    found = []
    for path in DESK:
        page.goto(path.format(report=at_work, stack=stack))
        found += found_in_every_sight(page)
    assert found == []


def test_the_words_with_the_police_are_accessible(at_work: str, open_page: Callable[..., Page]) -> None:
    """What they answered of a referral, with the form for it; words that a flag drafted, and words that were sent."""
    senior, at = Person.objects.get(username="senior"), now()
    turn = Turn.objects.get(person=senior.public_id, state=TurnState.LOCKED)
    reveal(turn.item.public_id, senior, at)
    facts = {"ai_involvement": "real_picture_altered", "real_child": "not_determined"}
    assess_item(turn_id=turn.pk, facts=Facts.from_dict(facts), idempotency="a", actor=senior, now=at)
    drain()
    assert UrgentDraft.objects.exists()
    send_urgent(words="A child may be in danger at an address that was reported.", report=at_work, idempotency="u",
                actor=Person.objects.get(username="analyst"), now=at)  # fmt: skip
    decision = Decision.objects.create(
        item=turn.item, facts=facts, consensus=2, state=DecisionState.PUBLISHED, made_at=at, publish_after=at
    )
    for state in AT_PARTNER:
        referral = Referral.objects.create(
            partner="Police", recipient="age1", state=state, manifest="{}", manifest_sha256="0" * 64, drafted_at=at
        )
    referred = ReferredItem.objects.create(referral=referral, item=turn.item)
    PoliceAnswer.objects.create(
        referred=referred, decision=decision, says=PoliceSays.WRONG, words="An adult.", noted_at=at, noted_by="x"
    )
    page = open_page("/practice/")
    page.get_by_role("button", name="Sign in as Senior analyst").click()
    found = []
    for path in ("/desk/urgent/", "/desk/referrals/"):
        page.goto(path)
        page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found += found_in_every_sight(page)
    expect(page.get_by_role("button", name="Have it decided again")).not_to_have_count(0)
    assert found == []


def test_the_pages_of_quarantine_are_accessible(practice: str, open_page: Callable[..., Page]) -> None:
    """With a flood of one, a single report, and more than a page that was set aside."""
    held = []
    for sender in (*["loud"] * 24, "quiet"):
        over = Over(Why.SENDER, sender)
        report, _ = start_report(
            addresses=["a.example"], source=Source.PUBLIC, idempotency=None, practice=True, now=now(), over=over
        )
        held.append(complete_report(report=report, details={}, urgent=False, now=now()).public_id)
    set_aside_quarantine(reports=held[:22], actor=Person.objects.get(username="analyst"), now=now())
    page = open_page("/practice/")
    page.get_by_role("button", name="Sign in as Analyst").click()
    found = []
    for path in ("/desk/quarantine/", "/desk/quarantine/?page=2"):
        page.goto(path)
        found += found_in_every_sight(page)
    assert found == []


def test_the_manager_s_pages_are_accessible(practice: str, open_page: Callable[..., Page]) -> None:
    manager = Person.objects.get(username="manager")
    add_contact(name="Helpline", for_whom="children", number="1", next_check=now().date(), actor=manager, now=now())
    other = Person.objects.get(username="analyst").public_id
    page = open_page("/practice/")
    page.get_by_role("button", name="Sign in as Manager").click()
    found = []
    for path in (
        "/desk/",
        "/desk/contacts/",
        "/desk/partners/",
        "/desk/people/",
        "/desk/people/invite/",
        f"/desk/people/{other}/",
    ):
        page.goto(path)
        found += found_in_every_sight(page)
    assert found == []


def test_the_auditors_page_is_accessible(practice: str, open_page: Callable[..., Page]) -> None:
    moment, person = now(), Person.objects.get(username="analyst").public_id
    for rule, seen in ((Rule.REPEATED, None), (Rule.NUMBER, moment)):
        Alert.objects.create(
            rule=rule, person=person, on=moment.date(), count=9, usual=8, raised_at=moment, seen_at=seen
        )
    page = open_page("/practice/")
    page.get_by_role("button", name="Sign in as Auditor").click()
    page.goto("/desk/alerts/")
    assert found_in_every_sight(page) == []


def test_axe_sees_a_planted_fault(practice: str, open_page: Callable[..., Page]) -> None:
    """A picture without words and text without contrast: were axe not running, both would pass."""
    page = open_page("/practice/legend/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"x\"><button></button>')")
    said = "\n".join(found_by_axe(page))
    assert "image-alt" in said
    assert "button-name" in said
