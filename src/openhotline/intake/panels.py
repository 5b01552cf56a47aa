"""What intake shows of itself at the desk, as fragments without HTTP."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from openhotline.core.showing import visible
from openhotline.intake import queries
from openhotline.intake.models import Collection, Find, Report
from openhotline.intake.policies import can_be_asked
from openhotline.intake.queries import Asked, ReportedLine
from openhotline.intake.services.start_report import words_of
from openhotline.intake.states import ANSWERS, QUESTIONS, WHY_REFUSED_WORDS, FindState, Lane, ReportState, Source

SOURCES = {
    Source.PUBLIC: "the public pages",
    Source.TELEPHONE: "telephone",
    Source.LETTER: "letter",
    Source.PARTNER: "a partner",
    Source.COLLECTION: "a collection",
    Source.PROACTIVE: "the hotline's own searching: a sweep",
    Source.DEVICE: "a device",
}
STATES = {
    ReportState.STARTED: "being written",
    ReportState.RECEIVED: "received",
    ReportState.SCREENED: "screened",
    ReportState.FOR_A_PERSON: "waits for a person: no usable address",
    ReportState.SET_ASIDE: "set aside from quarantine",
}


def report_panel(report: Report) -> SafeString:
    """Return a report with its addresses as text and what was told, opened: for people who work here."""
    facts = queries.report_page(report.public_id)
    assert facts is not None
    context = {
        "facts": facts,
        "source": SOURCES[Source(report.source)],
        "state": STATES[ReportState(report.state)],
        "urgent": report.lane == Lane.URGENT,
        "told": _told(facts.details),
        "lines": [
            ReportedLine(visible(line.typed), line.canonical, line.refusal, line.address) for line in facts.lines
        ],
        "contact": visible(facts.contact),
    }
    return render_to_string("intake/panel_report.html", context)


def _told(details: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"question": QUESTIONS.get(name, name), "answer": ANSWERS.get(name, {}).get(text, visible(text))}
        for name, text in details.items()
    ]


def questions_panel(report: Report) -> SafeString:
    """Return what was asked of the reporter and answered; empty when nothing was and nothing can be."""
    asked = queries.questions_of(report, words=words_of(report))
    if not asked and not can_be_asked(report):
        return SafeString("")
    rows = [Asked(one.name, one.text, one.asked_at, tuple(map(visible, one.answers))) for one in asked]
    return render_to_string("intake/panel_questions.html", {"report": report, "asked": rows})


def collection_panel(collection: Collection) -> SafeString:
    """Return how far the import of a collection is, with its refusals by reason and in sentences; no path is shown."""
    facts = queries.find_page(collection)
    context = {
        "facts": facts,
        "taken": facts.counts[FindState.TAKEN],
        "folded": facts.counts[FindState.FOLDED],
        "waiting": facts.counts[FindState.REGISTERED],
        "refused": facts.counts[FindState.REFUSED],
        "headers": ("Why", "Files"),
        "reasons": [(WHY_REFUSED_WORDS[why], count) for why, count in facts.why.items()],
        "no_number": Find.NO_NUMBER,
    }
    return render_to_string("intake/panel_collection.html", context)
