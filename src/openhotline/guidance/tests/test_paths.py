"""Every path through the shipped guidance, for every nation: it ends, and says first what has to come first."""

from collections.abc import Iterator
from datetime import date

import pytest

from openhotline.guidance.models.checks import faults_of, unused
from openhotline.guidance.models.guidance import Guidance
from openhotline.guidance.models.paths import Path, every_path, follow
from openhotline.guidance.queries import shown
from openhotline.guidance.queries.shown import ShownOutcome, shown_outcome

pytestmark = pytest.mark.slow

FILL = {"emergency": "999", "hotline": "the hotline", "hours": "always"}
TODAY = date(2026, 12, 1)
SITUATIONS = ("child-captured", "adult", "child-involved")
PAGES: dict[tuple[object, ...], ShownOutcome] = {}
ENDS = {"child-captured": "support", "adult": "assess", "child-involved": "children-first"}


def paths(guidance: Guidance, *flows: str) -> Iterator[Path]:
    """Yield every path of these flows for every nation."""
    for name in flows or guidance.flows:
        flow = guidance.flows[name]
        for nation in flow.nations:
            yield from every_path(flow, nation)


def said(page: ShownOutcome) -> str:
    """Return all that an outcome says, with the titles of its steps."""
    return "\n".join(part for step in page.steps for part in (step.title, *(one.text for one in step.sentences)))


def page_of(path: Path, guidance: Guidance) -> ShownOutcome:
    """Return the outcome of a path of the shipped guidance as it is shown: made once for all tests of this file."""
    key = (path.flow.id, path.nation, *path.answers.items())
    if key not in PAGES:
        PAGES[key] = shown_outcome(path, guidance, FILL, TODAY)
    return PAGES[key]


def of(path: Path, guidance: Guidance) -> str:
    return said(page_of(path, guidance))


def test_the_shipped_guidance_is_sound(shipped: Guidance) -> None:
    assert faults_of(shipped) == []
    assert list(unused(shipped)) == []


def test_every_path_ends_at_an_outcome_for_its_nation(shipped: Guidance) -> None:
    found = list(paths(shipped))
    assert len(found) == len({(p.flow.id, p.nation, *p.answers.items()) for p in found}) > 1_000
    assert all(path.outcome and path.nation in path.outcome.nations for path in found)


def test_following_the_answers_of_a_path_leads_where_the_path_leads(shipped: Guidance) -> None:
    for path in paths(shipped):
        assert follow(path.flow, path.nation, path.answers) == path


def test_every_sentence_on_every_path_has_a_source_with_dates_and_nations(shipped: Guidance) -> None:
    for path in paths(shipped):
        page = page_of(path, shipped)
        assert page.steps
        for one in (one for step in page.steps for one in step.sentences):
            assert one.sources
            assert all(source.nations and source.source.next_review > TODAY for source in one.sources)
            assert one.unchecked is all(source.source.checked is None for source in one.sources)


def test_the_danger_number_comes_first_on_every_path(shipped: Guidance) -> None:
    for path in paths(shipped):
        page = page_of(path, shipped)
        assert page.steps[0].title == "If a child is in danger now, call 999"


def test_every_situation_refers_to_social_care_and_tells_the_police(shipped: Guidance) -> None:
    for path in paths(shipped, *SITUATIONS):
        if path.at == ENDS[path.flow.id]:
            text = of(path, shipped)
            assert "Refer to children" in text
            assert "Social care and the police then plan with you who does what." in text


def test_an_address_is_reported_to_the_hotline_and_to_the_site(shipped: Guidance) -> None:
    for path in paths(shipped):
        if path.answers.get("where") == "address":
            assert "Report the address to the hotline, AI-generated or not." in of(path, shipped)
            assert "Report it to the site or app that it is on, too." in of(path, shipped)


def test_a_device_or_a_chat_leads_to_the_lead_and_the_police_and_not_to_a_report(shipped: Guidance) -> None:
    for path in paths(shipped):
        if path.answers.get("where") == "device":
            page = page_of(path, shipped)
            assert "Your safeguarding lead and the police can act." in said(page)
            assert not any(step.link for step in page.steps)


def test_what_must_never_be_done_stands_in_every_situation(shipped: Guidance) -> None:
    for path in paths(shipped, *SITUATIONS, "came-across"):
        text = of(path, shipped)
        for never in (
            "Never look at the picture", "Never copy it, print it, save it or send it on", "no screenshot",
            "Never ask a child to show it", "Do not search the phone", "Do not delete it",
        ):  # fmt: skip
            assert never in text


@pytest.mark.parametrize(("answer", "child", "adult"), [
    ("child", True, False), ("adult", False, True), ("both", True, True), ("no", False, False),
])  # fmt: skip
def test_a_risk_to_life_is_answered_for_whom_it_is(shipped: Guidance, answer: str, child: bool, adult: bool) -> None:  # noqa: FBT001 - a table
    for path in paths(shipped, *SITUATIONS):
        if path.answers.get("life") == answer:
            text = of(path, shipped)
            assert ("A child may take their own life" in text) is child
            assert ("An adult may take their own life" in text) is adult


def test_a_child_who_is_shown_is_heard_believed_and_never_promised_secrecy(shipped: Guidance) -> None:
    for path in paths(shipped, "child-captured"):
        if path.at == "support":
            text = of(path, shipped)
            for needed in ("what happened?", "believe", "you can help", "Never promise to keep it secret"):
                assert needed in text
            assert "Special police teams work out which children are shown." in text


def test_an_adult_is_not_warned_and_is_reported_even_if_said_to_be_ai(shipped: Guidance) -> None:
    for path in paths(shipped, "adult"):
        text = of(path, shipped)
        assert "Do not warn the adult" in text
        if path.at == "assess":
            assert "assessed in full, also when the adult says that no real child is shown" in text
            assert "afety plan" in text
            assert ("even if the adult says that the pictures are AI-generated" in text) is (
                path.answers["police"] == "no"
            )


@pytest.mark.parametrize(("nation", "route"), [
    ("england", "local authority designated officer"), ("wales", "designated officer for safeguarding"),
    ("scotland", "We have checked no source on such a route"), ("northern-ireland", "We have checked no source"),
])  # fmt: skip
def test_an_adult_who_works_with_children_has_the_further_route_of_the_nation(
    shipped: Guidance, nation: str, route: str
) -> None:
    for path in paths(shipped, "adult"):
        if path.at == "assess" and path.nation == nation:
            assert (route in of(path, shipped)) is (path.answers["work"] != "no")


def test_a_child_who_is_involved_is_a_child_first_and_not_threatened(shipped: Guidance) -> None:
    for path in paths(shipped, "child-involved"):
        if path.at == "children-first":
            text = of(path, shipped)
            assert "They are a child, whatever they have done." in text
            assert "Do not threaten the child with the police, a court or a record." in text
            assert "harmful sexual behaviour" in text
            assert "family" in text
            assert "online" in text


def test_seeing_sharing_making_and_peers_siblings_branch_apart(shipped: Guidance) -> None:
    texts: dict[tuple[str, str], set[str]] = {}
    for path in paths(shipped, "child-involved"):
        if path.at == "children-first" and path.nation == "wales":
            key = path.answers["what"], path.answers["who"]
            texts.setdefault(key, set()).add(of(path, shipped))
    assert len(texts) == 20
    assert len({frozenset(one) for one in texts.values()}) >= 16


def test_the_law_is_the_one_of_the_nation_and_of_no_other(shipped: Guidance) -> None:
    laws = {"england": "Act 1978, section 1", "wales": "Act 1978, section 1", "scotland": "(Scotland) Act 1982",
            "northern-ireland": "(Northern Ireland) Order 1978"}  # fmt: skip
    for path in paths(shipped, "is-it-illegal"):
        text = of(path, shipped)
        assert {law for law in laws.values() if law in text} == ({laws[path.nation]} if path.nation in laws else set())
        assert "illegal to create, view or share any sexual image of anyone under 18" in text


def test_report_remove_is_offered_to_children_alone(shipped: Guidance) -> None:
    offered = [one for flow in shipped.flows.values() for o in flow.outcomes.values() for one in o.offers]
    assert {str(one.to) for one in offered if one.entry == "report-remove"} == {"child"}


def test_nothing_promises_secrecy_or_success(shipped: Guidance) -> None:
    texts = "\n".join({of(path, shipped) for path in paths(shipped)})
    for promise in ("we will get", "will be taken down", "stays between", "guarantee", "nobody will know"):
        assert promise not in texts.lower()


def test_a_source_that_speaks_of_another_nation_is_marked_and_its_own_is_not(shipped: Guidance) -> None:
    for path in paths(shipped):
        page = page_of(path, shipped)
        for one in (one for step in page.steps for one in step.sentences):
            covered = any(path.nation in source.source.nations for source in one.sources)
            assert one.elsewhere is (not covered and not page.other)


def test_a_translation_with_a_spoilt_bracket_takes_no_sentence_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "gettext", lambda _text: "Ring {nobody")
    assert shown.say("Call {emergency}.", FILL) == "Call 999."


def test_a_text_is_said_in_the_language_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "gettext", {"Call {emergency}.": "Ffoniwch {emergency}."}.__getitem__)
    assert shown.say("Call {emergency}.", FILL) == "Ffoniwch 999."
