"""Guidance files: what is accepted, what is refused and how."""

import pytest

from openhotline.guidance.errors import GuidanceInvalid
from openhotline.guidance.models import checks
from openhotline.guidance.models.checks import faults_of
from openhotline.guidance.models.guidance import Guidance

Files = dict[str, str]
FLOW, SOURCES, ENTRIES = "flows/small.toml", "sources.toml", "directory.toml"


def changed(files: Files, name: str, old: str, new: str) -> Files:
    """Return the files with one place changed."""
    assert old in files[name]
    return files | {name: files[name].replace(old, new, 1)}


def faults(files: Files) -> str:
    """Return everything that is wrong, whether a field or the whole is at fault."""
    try:
        return "\n".join(faults_of(Guidance.read(files)))
    except GuidanceInvalid as error:
        return str(error)


def test_a_sound_guidance_has_no_fault(small: Files) -> None:
    assert faults(small) == ""


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        (FLOW, 'id = "small"', 'id = "small', "flows/small.toml is not TOML: Illegal character '\\n' (at line 2"),
        (FLOW, 'title = "A small flow"', 'titel = "x"', "flows/small.toml: title: this must be a text that is not"),
        (FLOW, "order = 1", 'order = 1\nstrange = "x"', "strange: there is no such key here. Known: fact, id"),
        (FLOW, "order = 1", "order = true", "order: this must be a whole number, not True"),
        (FLOW, 'start = "one"', 'start = "nine"', "start: there is no 'nine'. There is: all, end, one, two"),
        (FLOW, '{ go = "all" }', '{ go = "nine" }', "question 'two', next: there is no question or outcome 'nine'"),
        (FLOW, 'id = "two"', 'id = "one"', "two questions or outcomes are named 'one'"),
        (FLOW, 'id = "two"', 'id = "nation"', "'nation' is asked before every flow"),
        (FLOW, ', { id = "no", text = "No" }]', "]", "question 'one': answer: a question offers two answers or more"),
        (FLOW, '{ id = "no", text', '{ id = "yes", text', "answer 'yes': id: two answers have this id"),
        (FLOW, ', { go = "two" }]', "]", "next: the last rule, and no other, has no `when`"),
        (FLOW, '{ answer = "one", in = ["no"] }', '{ odd = "one" }', "a condition is one of { answer = …, in = […] }"),
        (FLOW, '{ answer = "one", in = ["no"] }', '{ answer = "one", in = [] }', "a list of one or more answers"),
        (FLOW, '{ answer = "one", in = ["no"] }', '{ answer = "one", in = ["may"] }', "does not offer 'may'"),
        (FLOW, '{ answer = "one", in = ["no"] }', '{ answer = "six", in = ["no"] }', "there is no question 'six'"),
        (FLOW, '{ answer = "one", in = ["no"] }', '{ fact = "odd" }', "there is no fact 'odd'. There is: both"),
        (FLOW, '{ answer = "two", in = ["yes"] }', '{ fact = "later" }', "there is no fact 'later' above this one"),
        (FLOW, ', from = ["leaflet"] }', " }", "step 2, say 2: from: this must be a list of one or more of: book"),
        (FLOW, 'from = ["leaflet"] }', 'from = ["film"] }', "from: there is no 'film'. There is: book, leaflet"),
        (FLOW, 'nations = ["here"] }', 'nations = ["moon"] }', "nations: there is no 'moon'. There is: here, there"),
        (FLOW, 'use = "first"', 'use = "last"', "step 1: use: there is no 'last'. There is: first"),
        (FLOW, "checked = 2026-01-01", 'checked = "soon"', "outcome 'end': checked: this must be a date such as"),
        (FLOW, "next_review = 2027-01-01", "next_review = 2025-01-01", "the next review lies after the day"),
        (FLOW, "checked = 2026-01-01\n", "", "outcome 'end': checked: this must be a date"),
        (FLOW, "One?", "One {two}?", "{two} cannot be filled. Allowed: emergency, hotline, hours"),
        (FLOW, "One?", "One {?", "a curly bracket is not closed"),
        (SOURCES, 'read = "whole"', 'read = "half"', "read: this cannot be 'half'. Allowed: whole, part, not_yet"),
        (SOURCES, "checked = 2026-01-01\n", "", "a date of checking if, and only if, it was read"),
        (SOURCES, 'read = "not_yet"', 'read = "not_yet"\nchecked = 2026-01-01', "if, and only if, it was read"),
        (SOURCES, 'by = "An office"', 'by = "An office"\naddress = "ftp://x"', "begins with https://, not 'ftp://x'"),
        (SOURCES, 'id = "leaflet"', 'id = "book"', "source 'book': id: two of them have this id"),
        (ENTRIES, 'ages = "under_18"', 'ages = "young"', "ages: this cannot be 'young'. Allowed: under_18, adult, any"),
    ],
)
def test_a_broken_field_is_refused_with_file_and_key(
    small: Files, name: str, old: str, new: str, sentence: str
) -> None:
    assert sentence in faults(changed(small, name, old, new))


def test_a_question_that_no_path_comes_to_is_refused(small: Files) -> None:
    lost = changed(small, FLOW, '{ go = "two" }]', '{ go = "all" }]')
    assert "no path comes to 'two'" in faults(lost)


def test_a_circle_is_refused(small: Files) -> None:
    assert "one → two → one lead in a circle" in faults(changed(small, FLOW, '{ go = "all" }', '{ go = "one" }'))


def test_a_rule_that_is_never_taken_is_refused(small: Files) -> None:
    never = '{ go = "end", when = { all = [{ answer = "one", in = ["no"] }, { answer = "one", in = ["yes"] }] } }, '
    broken = changed(small, FLOW, "next = [{", f"next = [{never}{{")
    assert "question 'one', next 1: no answers ever lead here" in faults(broken)


def test_a_rule_that_asks_before_the_question_is_refused(small: Files) -> None:
    """Not asked yet would quietly count as "no"."""
    early = changed(small, FLOW, '{ answer = "one", in = ["no"] } }', '{ answer = "two", in = ["no"] } }')
    assert "not every path to here has asked 'two'" in faults(early)


def test_a_sentence_that_nobody_reads_is_refused(small: Files) -> None:
    silent = changed(small, FLOW, '"Go on.",', '"Go on.", when = { answer = "one", in = ["no"] },')
    assert "sentence 'Go on.': nobody ever reads it" in faults(silent)


def test_a_sentence_for_a_nation_needs_a_source_that_speaks_of_it(small: Files) -> None:
    broken = changed(
        small, FLOW, 'from = ["book", "leaflet"], nations = ["here"]', 'from = ["leaflet"], nations = ["there"]'
    )
    assert "none of its sources speaks about 'there'" in faults(broken)


def test_an_outcome_names_every_nation_whose_readers_come_to_it(small: Files) -> None:
    broken = changed(
        small, FLOW, 'title = "The end"\nnations = ["here", "there"]', 'title = "The end"\nnations = ["here"]'
    )
    assert "outcome 'end', nations: readers in 'there' come here too" in faults(broken)


@pytest.mark.parametrize("to", ["adult", "reader"])
def test_a_service_for_children_is_never_offered_to_an_adult(small: Files, to: str) -> None:
    broken = changed(small, FLOW, 'to = "child"', f'to = "{to}"')
    assert f"offer 'young-line': it takes under_18, and is not for this {to}" in faults(broken)


def test_a_service_for_adults_is_never_offered_to_a_child(small: Files) -> None:
    assert "it takes adult, and is not for this child" in faults(changed(small, ENTRIES, "under_18", "adult"))


def test_guidance_without_a_flow_is_refused(small: Files) -> None:
    del small[FLOW]
    assert "There is no flow" in faults(small)


def test_planted_bug_without_the_check_of_ages_the_offer_would_be_made(
    small: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were everybody taken by everyone, Report Remove could be named to an adult."""
    broken = changed(small, FLOW, 'to = "child"', 'to = "adult"')
    assert faults(broken)
    monkeypatch.setattr(checks, "TAKES", dict.fromkeys(checks.TAKES, frozenset({"child", "adult", "reader"})))
    assert faults(broken) == ""
