"""Reports at the desk."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.core.clock import now
from openhotline.desk.queries import steps_of
from openhotline.desk.views import reports
from openhotline.intake.models import Report
from openhotline.intake.services.screen_reports import screen_reports

pytestmark = pytest.mark.django_db
ADDRESS = "http://localhost:8090/files/000/000001.jpg"


def type_in(client: Client, **changes: str) -> Report:
    """Type in a report and return it."""
    client.post(reverse("desk_type_in"), {"source": "telephone", "addresses": ADDRESS, **changes})
    return Report.objects.latest("pk")


def test_a_typed_in_report_is_received_and_its_words_are_read_out(at_desk: Client) -> None:
    answer = at_desk.post(reverse("desk_type_in"), {"source": "letter", "addresses": ADDRESS}, follow=True)
    assert Report.objects.get().state == "received"
    assert "words of the receipt" in answer.content.decode()


def test_a_report_needs_to_say_how_it_came(at_desk: Client) -> None:
    answer = at_desk.post(reverse("desk_type_in"), {"addresses": ADDRESS})
    assert "Choose how the report came" in answer.content.decode()
    assert not Report.objects.exists()


def test_the_address_is_plain_text_and_never_a_link_or_title(at_desk: Client) -> None:
    report = type_in(at_desk)
    screen_reports(ids=[report.pk], actor="test", now=now())
    page = at_desk.get(reverse("desk_report", args=[report.public_id])).content.decode()
    assert ADDRESS in page
    assert ADDRESS not in "".join(re.findall(r"<a [^>]*>|<title>.*?</title>|<form [^>]*>", page))


def test_the_list_of_reports_holds_no_address(at_desk: Client) -> None:
    report = type_in(at_desk, addresses="")
    page = at_desk.get(reverse("desk_reports")).content.decode()
    assert report.public_id[:12] in page
    assert "localhost:8090" not in page


def test_an_unknown_report_is_not_there(at_desk: Client) -> None:
    assert at_desk.get(reverse("desk_report", args=["rep_none"])).status_code == 404


def test_a_new_report_stands_at_its_second_step(at_desk: Client) -> None:
    steps = steps_of(type_in(at_desk), now())
    assert [step.state for step in steps[:3]] == ["done", "now", "waiting"]
    assert [step.label for step in steps] == [
        "Received", "Screened", "Captured", "Examined", "Triaged", "Assessed", "Listed", "Removed", "Referred",
        "Counted", "Told",
    ]  # fmt: skip


def test_steps_refresh_by_themselves(at_desk: Client) -> None:
    report = type_in(at_desk)
    panel = at_desk.get(reverse("desk_report_steps", args=[report.public_id])).content.decode()
    assert panel.count('class="step ') == 11


def ask(client: Client, report: Report, text: str) -> str:
    """Ask the reporter on the page of a report; return the page that comes of it."""
    return client.post(reverse("desk_ask", args=[report.public_id]), {"text": text}, follow=True).content.decode()


def test_a_question_stands_on_the_report_s_page_until_it_is_answered(at_desk: Client) -> None:
    page = ask(at_desk, type_in(at_desk, urgent="on"), "Which game was it?")
    assert "Asked. It stands on the receipt" in page
    assert "Which game was it?" in page
    assert "No answer yet" in page


def test_a_report_that_is_read_only_if_its_address_is_new_cannot_be_asked(at_desk: Client) -> None:
    report = type_in(at_desk)
    screen_reports(ids=[report.pk], actor="test", now=now())
    url = reverse("desk_report", args=[report.public_id])
    assert "Ask the reporter" not in at_desk.get(url).content.decode()
    ask(at_desk, report, "Which game was it?")
    assert not report.questions.exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write the question."),
        ("see https://x.example", "Leave addresses out of a question"),
        ("a" * 501, "501"),
        ("<script>1</script> www.x.example", "&lt;script&gt;1&lt;/script&gt; www.x.example</textarea>"),
        ("nul\0", "Null characters are not allowed."),
    ],
)
def test_a_question_that_cannot_stand_outside_comes_back_with_its_reason(
    at_desk: Client, text: str, sentence: str
) -> None:
    report = type_in(at_desk, urgent="on")
    assert sentence in ask(at_desk, report, text)
    assert not report.questions.exists()


def test_a_question_about_no_report_is_not_there(at_desk: Client) -> None:
    answer = at_desk.post(reverse("desk_ask", args=["rep_none"]), {"text": "Which game?"})
    assert answer.status_code == 404


def test_what_turns_letters_round_is_written_out_on_the_report_s_page(at_desk: Client) -> None:
    report = type_in(at_desk, addresses="http://a.example/\u202egnp.exe", more="\u202eabc")
    page = at_desk.get(reverse("desk_report", args=[report.public_id])).content.decode()
    assert "\u202e" not in page
    assert "[U+202E]abc" in page


def test_a_report_that_was_read_leaves_the_list_of_those_that_wait(at_desk: Client) -> None:
    report = type_in(at_desk, addresses="", more="told by telephone")
    screen_reports(ids=[report.pk], actor="test", now=now())
    assert "None waits for a person." not in at_desk.get(reverse("desk_reports")).content.decode()
    page = at_desk.get(reverse("desk_report", args=[report.public_id])).content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen
    read = reverse("desk_report_read", args=[report.public_id])
    assert "None waits for a person." in at_desk.post(read, {"seen": seen[1]}, follow=True).content.decode()


def test_more_reports_than_a_page_holds_can_all_be_come_to(at_desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "PAGE", 2)
    made = [type_in(at_desk, addresses="", more=str(number)) for number in range(3)]
    screen_reports(ids=[one.pk for one in made], actor="test", now=now())
    waiting = [
        at_desk.get(reverse("desk_reports"), {"page": page}).content.decode().partition("Newest")[0]
        for page in ("1", "2")
    ]
    assert [[one.public_id in page for one in made] for page in waiting] == [[True, True, False], [False, False, True]]
    assert 'href="?page=2"' in waiting[0]


def test_what_was_told_is_read_with_vetting_and_training_in_date_alone(at_desk: Client) -> None:
    """On its page, in noting that it was read, and in asking back."""
    report = type_in(at_desk, addresses="")
    Person.objects.update(vetted_until=None)
    place = [report.public_id]
    answers = [
        at_desk.get(reverse("desk_report", args=place)),
        at_desk.post(reverse("desk_report_read", args=place), {"seen": report.last_told}),
        at_desk.post(reverse("desk_ask", args=place), {"text": "Which game?"}),
    ]
    assert [one.status_code for one in answers] == [403] * 3
    assert "Reading what reporters told needs vetting and training" in answers[0].content.decode()
    assert "No vetting is recorded for you" in answers[2].content.decode()


def test_planted_bug_without_the_gate_it_would_be_read(at_desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    report = type_in(at_desk, addresses="")
    Person.objects.update(vetted_until=None)
    monkeypatch.setattr(reports, "check_in_date", lambda *_: None)
    assert at_desk.get(reverse("desk_report", args=[report.public_id])).status_code == 200
