"""What intake shows of itself at the desk, as fragments without HTTP."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from openhotline.intake import queries
from openhotline.intake.models import Collection, Report
from openhotline.intake.states import ANSWERS, QUESTIONS, FindState, Lane, ReportState, Source

SOURCES = {
    Source.PUBLIC: "the public pages",
    Source.TELEPHONE: "telephone",
    Source.LETTER: "letter",
    Source.PARTNER: "a partner",
    Source.COLLECTION: "a collection",
    Source.SWEEP: "a sweep",
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
    }
    return render_to_string("intake/panel_report.html", context)


def _told(details: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"question": QUESTIONS.get(name, name), "answer": ANSWERS.get(name, {}).get(text, text)}
        for name, text in details.items()
    ]


def collection_panel(collection: Collection) -> SafeString:
    """Return how far the import of a collection is, with its refusals."""
    facts = queries.find_page(collection)
    context = {
        "facts": facts,
        "taken": facts.counts[FindState.TAKEN],
        "waiting": facts.counts[FindState.REGISTERED],
        "refused": facts.counts[FindState.REFUSED],
    }
    return render_to_string("intake/panel_collection.html", context)
