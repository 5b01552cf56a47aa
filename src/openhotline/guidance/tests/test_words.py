"""The words: plain enough to be read in a hurry, and each of them in reach of translators."""

from io import BytesIO

import pytest
from django.test import Client

from openhotline.guidance.models.guidance import Guidance
from openhotline.guidance.queries.content import SHIPPED, files_in
from openhotline.guidance.queries.messages import extract
from reading.flesch import measure, running_text

FILL = {"emergency": "999", "hotline": "the hotline", "hours": "always"}
QUESTIONS, OUTCOMES = 6.0, 6.0


def grade(text: str) -> float:
    return measure(text.splitlines()).grade


def test_every_question_reads_at_grade_six_or_below(shipped: Guidance) -> None:
    for flow in shipped.flows.values():
        for one in flow.questions.values():
            assert grade("\n".join([one.text, one.help, *one.answers.values()]).format_map(FILL)) <= QUESTIONS, one.id


def test_every_outcome_reads_at_grade_six_or_below(shipped: Guidance) -> None:
    """With its terms of art: the bar for these pages is 8."""
    for flow in shipped.flows.values():
        for one in flow.outcomes.values():
            text = "\n".join(s.text for step in one.steps for s in step.sentences).format_map(FILL)
            assert grade(text) <= OUTCOMES, (flow.id, one.id)


def test_the_directory_reads_at_grade_six_or_below(shipped: Guidance) -> None:
    assert grade("\n".join(f"{one.what}\n{one.for_whom}" for one in shipped.entries.values())) <= QUESTIONS


def test_every_text_of_the_files_is_handed_to_translators(shipped: Guidance) -> None:
    handed = {
        message
        for text in files_in(SHIPPED).values()
        for _, _, message, _ in extract(BytesIO(text.encode()), (), (), {})
    }
    for flow in shipped.flows.values():
        assert {flow.title, flow.summary} <= handed
        assert {part for one in flow.questions.values() for part in (one.text, *one.answers.values())} <= handed
        for one in flow.outcomes.values():
            assert {one.title, *(s.text for step in one.steps for s in step.sentences)} <= handed
    assert {one.for_whom for one in shipped.entries.values()} <= handed
    assert {one.name for one in shipped.nations.values()} <= handed


def test_a_message_is_handed_with_its_line_and_its_place() -> None:
    text = 'id = "x"\n\n[[question]]\nid = "danger"\ntext = "Is it now?"\nanswer = [{ id = "yes", text = "Yes" }]\n'
    assert list(extract(BytesIO(text.encode()), (), (), {})) == [
        (5, "gettext", "Is it now?", ["x question danger text"]),
        (6, "gettext", "Yes", ["x question danger answer yes text"]),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "search/"])
def test_the_pages_around_read_at_grade_six_or_below(stranger: Client, address: str) -> None:
    html = stranger.get(f"/guidance/{address}").content.decode()
    assert measure(running_text(html)).grade <= QUESTIONS
