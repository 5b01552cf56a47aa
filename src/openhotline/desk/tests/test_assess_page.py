"""From the queue to a decision."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.assessment.models import Assessment, Decision, Turn
from openhotline.core.clock import now
from openhotline.desk import panels
from openhotline.desk.forms import facts_from
from openhotline.desk.panels import consequences, seal_of
from openhotline.desk.states import QUICK_ANSWERS
from openhotline.desk.tests.conftest import SignIn
from openhotline.evidence.models import Item, Rendition, Video
from openhotline.law.models import Facts
from openhotline.law.services.derive import derive

pytestmark = pytest.mark.django_db

NOT_CRIMINAL = dict(next(one.facts for one in QUICK_ANSWERS if one.code == "not_indecent"))
LETTER_A = dict(next(one.facts for one in QUICK_ANSWERS if one.code == "photo_A")) | {
    "ai_involvement": "wholly_synthetic"
}


def open_page(client: Client) -> dict[str, str]:
    """Take the next turn and return the hidden fields of its page."""
    page = client.post(reverse("desk_next"), follow=True).content.decode()
    return dict(re.findall(r'<input type="hidden" name="(turn|idempotency|shown)" value="([^"]*)"', page))


def decide(client: Client, carried: dict[str, str], facts: dict[str, str]) -> Any:
    """Post facts as the page does after it has shown what follows."""
    shown = seal_of(consequences(facts_from(facts), now()))
    return client.post(reverse("desk_assess"), {**carried, **facts, "shown": shown, "decide": "yes"})


def test_next_shows_text_before_the_picture(at_desk: Client, queued: list[Item]) -> None:
    page = at_desk.post(reverse("desk_next"), follow=True).content.decode()
    assert 0 < page.index("File says") < page.index("data-reveal-url")


def test_why_there_is_no_picture_stands_first(at_desk: Client, queued: list[Item]) -> None:
    """A box that stays empty would look as if the media door were down."""
    Item.objects.update(state="unreadable", unreadable_reason="truncated")
    page = at_desk.post(reverse("desk_next"), follow=True).content.decode()
    assert page.index("The picture ends before it is complete.") < page.index("Seen at")
    assert "decide by what stands here" in page


def test_what_is_not_answered_is_not_determined(at_desk: Client, queued: list[Item]) -> None:
    decide(at_desk, open_page(at_desk), {"content_kind": "image"})
    facts = Assessment.objects.get().facts
    assert facts.pop("content_kind") == "image"
    assert set(facts.values()) == {"not_determined"}


def test_a_decision_needs_what_follows_to_have_been_shown(at_desk: Client, queued: list[Item]) -> None:
    carried = open_page(at_desk)
    page = at_desk.post(reverse("desk_assess"), {**carried, **NOT_CRIMINAL, "decide": "yes"}).content.decode()
    assert "Look at what follows" in page
    assert "Not criminal" in page
    assert not Assessment.objects.exists()


def test_the_law_is_that_of_the_day_in_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half an hour before midnight in UTC it is the next day already in a British summer."""
    days: list[date] = []
    monkeypatch.setattr(panels, "derive", lambda facts, **asked: days.append(asked["as_of"]) or derive(facts, **asked))
    consequences(Facts(), datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert set(days) == {date(2026, 7, 1)}


def test_one_opinion_decides_what_is_not_criminal(at_desk: Client, queued: list[Item]) -> None:
    answer = decide(at_desk, open_page(at_desk), NOT_CRIMINAL)
    assert answer.headers["Location"] == reverse("desk_assess")
    assert Decision.objects.count() == 1


def test_the_same_key_records_once(at_desk: Client, queued: list[Item]) -> None:
    """A decision that is posted again, by an impatient finger or a retry, changes nothing."""
    carried = open_page(at_desk)
    decide(at_desk, carried, NOT_CRIMINAL)
    decide(at_desk, carried, NOT_CRIMINAL)
    assert Assessment.objects.count() == 1


def test_the_consequence_names_all_three_laws(at_desk: Client) -> None:
    page = at_desk.post(reverse("desk_consequence"), LETTER_A).content.decode()
    assert page.count("Pseudo-photograph, A") == 3
    assert "Northern Ireland" in page
    assert not Assessment.objects.exists()


def test_an_unknown_fact_is_refused_with_a_sentence(at_desk: Client) -> None:
    answer = at_desk.post(reverse("desk_consequence"), {"severity": "Z"})
    assert answer.status_code == 409
    assert "Allowed" in answer.content.decode()


def test_a_second_opinion_never_sees_the_first(
    at_desk: Client, other_analyst: Person, sign_in: Callable[[Person], Client], queued: list[Item]
) -> None:
    """Not even that there is one: the page of a second opinion is that of a first, but for the item."""
    decide(at_desk, open_page(at_desk), LETTER_A)
    Turn.objects.filter(opinion="first").delete()
    page = sign_in(other_analyst).post(reverse("desk_next"), follow=True).content.decode()
    assert all("checked" in box for box in re.findall(r'<input [^>]*value="not_determined"[^>]*>', page))
    for word in ("Pseudo-photograph", "second", "opinion"):
        assert word not in page.partition("<main")[2].partition("</main")[0]


def test_the_third_sees_both_where_they_differ_first_and_no_names(
    at_desk: Client, analyst: Person, other_analyst: Person, senior: Person, sign_in: SignIn, queued: list[Item]
) -> None:
    Turn.objects.exclude(item=queued[0]).delete()
    decide(at_desk, open_page(at_desk), LETTER_A | {"note": "The left half is cut."})
    other = sign_in(other_analyst)
    decide(other, open_page(other), LETTER_A | {"severity": "C"})
    page = sign_in(senior).post(reverse("desk_next"), follow=True).content.decode()
    table = page.partition("Two people differed</h2>")[2].partition("</table>")[0]
    assert re.findall(r"<strong>(.)</strong>", table) == ["A", "C"]
    assert table.index("Severity letter") < table.index("What is it?")
    assert "<td>The left half is cut.</td>" in table
    assert analyst.name not in table
    assert other_analyst.name not in table


def test_skipping_asks_no_reason_and_brings_the_next(at_desk: Client, queued: list[Item]) -> None:
    first = open_page(at_desk)["turn"]
    at_desk.post(reverse("desk_skip"), {"turn": first})
    assert open_page(at_desk)["turn"] != first


def test_undo_brings_the_item_back(at_desk: Client, queued: list[Item]) -> None:
    carried = open_page(at_desk)
    decide(at_desk, carried, NOT_CRIMINAL)
    page = at_desk.get(reverse("desk_queue")).content.decode()
    assert "can be undone" in page
    at_desk.post(reverse("desk_undo"), {"assessment": Assessment.objects.get().public_id})
    assert open_page(at_desk)["turn"] == carried["turn"]
    assert Assessment.objects.get().undone_at is not None


def test_undoing_nothing_is_a_sentence(at_desk: Client) -> None:
    assert at_desk.post(reverse("desk_undo"), {"assessment": "asm_none"}).status_code == 409


def test_a_turn_of_somebody_else_is_not_decided(
    at_desk: Client, other_analyst: Person, sign_in: Callable[[Person], Client], queued: list[Item]
) -> None:
    answer = decide(sign_in(other_analyst), open_page(at_desk), NOT_CRIMINAL)
    assert answer.status_code == 404
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("one", QUICK_ANSWERS, ids=lambda one: one.code)
def test_every_quick_answer_is_a_set_of_facts(one: Any) -> None:
    """It never answers for AI involvement or a real child: a person does."""
    facts = Facts.from_dict(dict(one.facts))
    assert (facts.ai_involvement, facts.real_child) == ("not_determined", "not_determined")


def test_the_quick_answers_of_a_video_say_that_it_is_one(at_desk: Client, queued: list[Item]) -> None:
    Turn.objects.exclude(item=queued[0]).delete()
    open_page(at_desk)
    assert 'data-facts="content_kind=image' in at_desk.get(reverse("desk_assess")).content.decode()
    Video.objects.create(item=queued[0], width=64, height=64, milliseconds=1_000, complete=True)
    page = at_desk.get(reverse("desk_assess")).content.decode()
    assert page.count('data-facts="content_kind=video') == len(QUICK_ANSWERS)
    assert 'data-facts="content_kind=image' not in page


@pytest.fixture
def pictured(queued: list[Item]) -> list[Item]:
    """The items have blurred tiles, which the media door could show."""
    Rendition.objects.bulk_create(
        Rendition(item=one, kind=Rendition.TILE, sealed=b"x", width=160, height=160) for one in queued
    )
    return queued


def test_a_picture_that_never_came_is_refused_with_a_sentence(at_desk: Client, pictured: list[Item]) -> None:
    """What counts as a look is the operation's to say; the page passes its sentence on."""
    answer = decide(at_desk, open_page(at_desk), NOT_CRIMINAL)
    assert answer.status_code == 409
    assert "You were not shown this picture" in answer.content.decode()


def test_what_its_words_decide_is_decided_while_the_media_door_is_down(at_desk: Client, pictured: list[Item]) -> None:
    decide(at_desk, open_page(at_desk), {"content_kind": "text"})
    assert Assessment.objects.get().facts["content_kind"] == "text"
