"""Every figure of a report on a period, counted from the rows of the stages, as they stood at a moment."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from statistics import median, quantiles

from django.db.models import Count, Min, Sum

from openhotline.assessment.models import Assessment, Decision
from openhotline.assessment.states import DecisionState, Opinion
from openhotline.evidence.models import Item
from openhotline.exposure.models import View
from openhotline.exposure.queries import totals
from openhotline.intake.models import Report
from openhotline.intake.states import Source
from openhotline.law.states import PHOTOGRAPHIC
from openhotline.referral.models import ReferredItem
from openhotline.referral.states import ReferralState
from openhotline.removal.models import Notice, Removal
from openhotline.removal.states import RemovalState
from openhotline.statistics.models.period import Period
from openhotline.statistics.queries.cohort import Cell, decided_cells, found_in, selections, waiting_of_selected
from openhotline.statistics.queries.figures import INVOLVEMENT, OUTCOMES
from openhotline.statistics.queries.in_log import TOLD_BY
from openhotline.statistics.states import ADDRESS, EVERY_FILE, UNIQUE, UNKNOWN, Line, Section
from openhotline.triage.states import REASON_SENTENCES, Reason, SelectionState

HOUR = 3600.0
LETTERS = ("A", "B", "C", "")
CRIMINAL = {True: "criminal", False: "not_criminal", None: UNKNOWN}
ANSWERS = {"yes": "Yes", "no": "No", UNKNOWN: "Not determined"}
SOURCES = {
    Source.PUBLIC: "The public",
    Source.TELEPHONE: "By telephone",
    Source.LETTER: "By letter",
    Source.PARTNER: "Partners",
    Source.COLLECTION: "Collections",
    Source.PROACTIVE: "The hotline's own searching",
    Source.DEVICE: "Codes made on a device",
}
SITES = {
    "ai_dedicated": "Given over to AI-generated material",
    "mixed": "Mixed",
    "none_seen": "No AI seen there",
    UNKNOWN: "Not determined",
}
AS_FOUND = "Of the files found in the period, as it stood when this was counted."


def sections(period: Period, at: datetime) -> tuple[Section, ...]:
    """Return every figure of a period as it stood at ``at``. Read only; nothing is recorded.

    Files and what became of them are those found in the period; work is what was done in it.
    """
    cells = decided_cells(period, at)
    counted = (
        _came_in(period, at),
        *_found(period, at),
        *_selected(period, at),
        *_decided(period, at, cells),
        *_facts(cells),
        *_removed(period, at),
        _work(period, at),
        _exposure(period, at),
    )
    return tuple(_saying_what_the_log_tells(one) for one in counted)


def _saying_what_the_log_tells(section: Section) -> Section:
    told = [line.name for line in section.lines if line.key in TOLD_BY]
    words = f" The audit log tells these too, and was compared: {'; '.join(told)}." if told else ""
    return replace(section, how=f"{section.how}{words}")


def _came_in(period: Period, at: datetime) -> Section:
    rows = Report.objects.filter(**_within(period, at, "received_at"))
    counts = dict(rows.values_list("source").annotate(Count("pk")).order_by())
    parts = _parts("reports", ((one.value, words, counts.get(one, 0)) for one, words in SOURCES.items()))
    return Section(
        "reports",
        "Reports that came in",
        "reports",
        "Reports that were sent to the hotline in the period, by the way they came. Most name an address; what was "
        "found "
        "there is counted below.",
        (Line("reports", "Reports", sum(counts.values())), *parts),
        whole="reports",
        duplicates="A form that was sent twice counts once; two people who report the same address count twice.",
    )


def _found(period: Period, at: datetime) -> Iterator[Section]:
    rows = found_in(period, at)
    found, items = rows.count(), rows.aggregate(all=Count("item", distinct=True))["all"]
    unreadable = Item.objects.filter(sightings__in=rows, state="unreadable").distinct().count()
    yield Section(
        "found",
        "Found",
        "files",
        "Every file that was seen at an address or in a collection in the period.",
        (
            Line("found", "Found", found),
            Line("found.different", "Of which with bytes of their own", items),
            Line("found.duplicates", "Of which exact duplicates", found - items),
        ),
        whole="found",
        duplicates="A file found twice counts twice; exact duplicates have the same bytes (SHA-256).",
    )
    yield Section(
        "unreadable",
        "Files that cannot be read",
        "items",
        "Files that no decoder could read. They are kept and set aside; nobody says what they show.",
        (Line("unreadable", "Cannot be read", unreadable),),
        duplicates=UNIQUE,
    )
    months = (
        (begin.strftime("%Y-%m"), f"{begin:%B %Y}", rows.filter(seen_at__gte=one.starts, seen_at__lt=one.ends).count())
        for begin, end in period.months()
        for one in [Period("", begin, end, whole=False)]
    )
    named = (
        (key, words if files else f"{words}: nothing was found in this month", files) for key, words, files in months
    )
    yield Section(
        "months",
        "Found, by month",
        "files",
        "The same files by the month in which they were seen. A month without any says so.",
        _parts("months", named),
        whole="found",
        duplicates=EVERY_FILE,
    )


def _selected(period: Period, at: datetime) -> Iterator[Section]:
    counts = selections(period, at)
    chosen = _sum(counts, lambda key: key[0] == SelectionState.SELECTED)
    aside = [
        Line(f"aside.{one.value}", REASON_SENTENCES[one], counts.get((SelectionState.SET_ASIDE, one), 0))
        for one in Reason
        if one not in {Reason.KEPT, Reason.KNOWN_MATCH, Reason.SECOND_LOOK}
    ]
    all_aside = _sum(counts, lambda key: key[0] == SelectionState.SET_ASIDE)
    waiting = _sum(counts, lambda key: key[0] == SelectionState.UNSORTED)
    yield Section(
        "selected",
        "Selected for assessment",
        "files",
        "Files were selected because they equal a known file, or because a person kept them at a sorting sheet of "
        "small "
        f"blurred tiles. {AS_FOUND}",
        (
            Line("selected", "Selected for assessment", chosen),
            Line("aside", "Set aside", all_aside),
            Line("unsorted", "Not sorted yet", waiting),
        ),
        whole="found",
        duplicates=EVERY_FILE,
    )
    yield Section(
        "aside",
        "Set aside, by reason",
        "files",
        f"Machines set aside only what cannot be read, is known to be harmless byte for byte, or is an icon. "
        f"{AS_FOUND}",
        tuple(aside),
        whole="aside",
        duplicates=EVERY_FILE,
    )


def _decided(period: Period, at: datetime, cells: Counter[Cell]) -> Iterator[Section]:
    decided = cells.total()
    yield Section(
        "decided",
        "Assessed",
        "files",
        "Files covered by a published decision of people: looked at, or so near to one looked at that its decision "
        f"covers them. {AS_FOUND}",
        (
            Line("decided", "Decided", decided),
            Line("waiting", "Selected and not decided yet", waiting_of_selected(period, at)),
        ),
        duplicates=EVERY_FILE,
    )
    yield Section(
        "criminal",
        "Criminal here",
        "files",
        "What the law of the hotline's own jurisdiction says of what people recorded. Not determined is a result of "
        "its "
        f"own and never counts as not criminal. {AS_FOUND}",
        _tally("criminal", cells, lambda cell: CRIMINAL[cell.criminal], _criminal_words()),
        whole="decided",
        duplicates=EVERY_FILE,
    )
    yield Section(
        "law",
        "By law",
        "files",
        "The kind that the law names. A picture is a (pseudo-)photograph or a prohibited image, never both: the test "
        "is "
        f"whether it looks like a photograph. {AS_FOUND}",
        _tally("law", cells, lambda cell: cell.kind, OUTCOMES),
        whole="decided",
        duplicates=EVERY_FILE,
    )
    for kind in sorted(PHOTOGRAPHIC):
        of_kind = Counter({cell: files for cell, files in cells.items() if cell.kind == kind})
        words = {one or "none": f"{OUTCOMES[kind]}, {one or 'no letter determined'}" for one in LETTERS}
        yield Section(
            f"letters.{kind}",
            f"By category: {OUTCOMES[kind].lower()}",
            "files",
            "The letters of the Sentencing Council's guideline, as people recorded them. They apply to photographs and "
            "pseudo-photographs alone.",
            _tally(f"letters.{kind}", of_kind, lambda cell: cell.category or "none", words),
            whole=f"law.{kind}",
            duplicates=EVERY_FILE,
        )


def _facts(cells: Counter[Cell]) -> Iterator[Section]:
    criminal = Counter({cell: files for cell, files in cells.items() if cell.criminal})
    told = (
        (
            "realism",
            "Looks like a photograph",
            "looks_like_photograph",
            ANSWERS,
            "Whether a person who looked took it to look like a photograph.",
        ),
        (
            "ai",
            "AI involvement",
            "ai_involvement",
            INVOLVEMENT,
            "What people recorded, each apart. None seen says that nobody saw any; training data, where it was found.",
        ),
        (
            "commercial",
            "Commercial",
            "commercial",
            ANSWERS,
            "Whether it was offered for payment, as far as people saw.",
        ),
        (
            "site",
            "Where it was found",
            "site_ai",
            SITES,
            "Whether the place of the find is given over to AI-generated material.",
        ),
    )
    for key, title, fact, words, how in told:
        yield Section(
            key,
            f"{title}, of what is criminal here",
            "files",
            f"{how} Not determined is written out and never counted with another answer. {AS_FOUND}",
            _tally(key, criminal, lambda cell, fact=fact: cell.fact(fact), words),  # type: ignore[misc]
            whole="criminal.criminal",
            duplicates=EVERY_FILE,
        )


def _removed(period: Period, at: datetime) -> Iterator[Section]:
    rows = Removal.objects.filter(**_within(period, at, "opened_at"))
    every = rows.count()
    gone = rows.filter(state=RemovalState.GONE, gone_at__lte=at)
    yield Section(
        "removals",
        "Removal",
        "addresses",
        "Addresses with criminal material whose removal was opened in the period. Gone: it was missing three times in "
        "a "
        "row when the hotline looked again.",
        (
            Line("removals", "Addresses to be removed", every),
            Line("removals.gone", "Gone", gone.count()),
            Line("removals.left", "Not gone yet", every - gone.count()),
        ),
        whole="removals",
        duplicates=ADDRESS,
    )
    by_country = Counter[str]()
    for country, addresses in rows.values_list("hosting__country").annotate(Count("pk")).order_by():
        by_country[country or UNKNOWN] += addresses
    named = ((one, "Not determined" if one == UNKNOWN else one, many) for one, many in sorted(by_country.items()))
    yield Section(
        "hosting",
        "Country of the host",
        "addresses",
        "Where the provider of the address is, as the registry of network addresses says. It says nothing of who put "
        "the "
        "material there.",
        _parts("hosting", named),
        whole="removals",
        duplicates=ADDRESS,
    )
    times = gone.annotate(_reported=Min("address__reported__report__received_at"))
    moments = list(times.values_list("gone_at", "first_noticed_at", "_reported"))
    yield Section(
        "time_to_removal",
        "Time to removal",
        "hours",
        "Of addresses that are gone: the half was gone within the median, nine of ten within the other. Two clocks: "
        "from "
        "the notice to the host, and from the first report, where somebody reported it.",
        (
            *_measure("from_notice", "from the first notice", [g - n for g, n, _ in moments if g and n]),
            *_measure("from_report", "from the report", [g - r for g, _, r in moments if g and r]),
        ),
    )


def _measure(key: str, words: str, lasted: Iterable[object]) -> Iterator[Line]:
    hours = sorted(one.total_seconds() / HOUR for one in lasted)  # type: ignore[attr-defined]
    middle = round(median(hours), 1) if hours else None
    late = round(quantiles(hours, n=10, method="inclusive")[-1], 1) if len(hours) > 1 else middle
    yield Line(f"time.{key}.median", f"Median, {words}", middle, len(hours))
    yield Line(f"time.{key}.p90", f"Nine of ten, {words}", late, len(hours))


def _work(period: Period, at: datetime) -> Section:
    given = Assessment.objects.filter(**_within(period, at, "made_at"))
    made = Decision.objects.filter(state=DecisionState.PUBLISHED, **_within(period, at, "published_at"))
    notices = Notice.objects.filter(**_within(period, at, "sent_at"))
    referred = ReferredItem.objects.filter(**_within(period, at, "referral__built_at"))
    return Section(
        "work",
        "Work done in the period",
        "acts",
        "What people and the hotline did in the period, whenever the material was found.",
        (
            Line("work.opinions", "Opinions given", given.count()),
            Line("work.second", "Blind second opinions", given.filter(opinion=Opinion.SECOND).count()),
            Line("work.decisions", "Decisions published", made.count()),
            Line("work.disagreements", "Decisions after a disagreement", made.filter(disagreed=True).count()),
            Line("work.notices", "Notices sent", notices.count()),
            Line(
                "work.referred",
                "Items referred to police",
                referred.exclude(referral__state=ReferralState.DRAFTED).count(),
            ),
        ),
    )


def _within(period: Period, at: datetime, moment: str) -> dict[str, datetime]:
    """Return what rows are filtered by whose moment lies in the period, and not after ``at``."""
    return {f"{moment}__gte": period.starts, f"{moment}__lt": period.ends, f"{moment}__lte": at}


def _exposure(period: Period, at: datetime) -> Section:
    until = min(at, period.ends)
    seen = totals(period.starts, until)
    views = View.objects.filter(shown_at__isnull=False, granted_at__gte=period.starts, granted_at__lt=until)
    people = views.aggregate(all=Count("person", distinct=True), large=Sum("pictures"))
    return Section(
        "exposure",
        "What people had to see",
        "hours",
        "Hours for which pictures were unblurred, or small blurred tiles shown, to all analysts together; longer than "
        "two "
        "minutes without an end counts as two. Hours at work are not measured. Simulated: by scripted analysts in "
        "practice.",
        (
            Line("exposure.hours", "Hours of looking", round(seen.seconds / HOUR, 2), people["all"] or 0),
            Line("exposure.simulated", "Of which simulated", round(seen.simulated / HOUR, 2), people["all"] or 0),
            Line("exposure.looks", "Looks at an unblurred picture (number)", seen.reveals, people["all"] or 0),
            Line("exposure.glimpsed", "Small blurred tiles glimpsed (number)", seen.glimpsed, people["all"] or 0),
        ),
    )


def _criminal_words() -> dict[str, str]:
    return {"criminal": "Criminal", "not_criminal": "Not criminal", UNKNOWN: "Not determined"}


def _tally(key: str, cells: Counter[Cell], of: Callable[[Cell], str], words: dict[str, str]) -> tuple[Line, ...]:
    """Return one line for each word, and for what has none, never merging two."""
    counts: Counter[str] = Counter()
    for cell, files in cells.items():
        counts[of(cell)] += files
    return _parts(
        key, ((one, words.get(one, one), counts.get(one, 0)) for one in (*words, *sorted(set(counts) - set(words))))
    )


def _parts(key: str, parts: Iterable[tuple[str, str, int]]) -> tuple[Line, ...]:
    return tuple(Line(f"{key}.{code}", words, count) for code, words, count in parts)


def _sum(counts: Counter[tuple[str, str]], chosen: Callable[[tuple[str, str]], bool]) -> int:
    return sum(files for key, files in counts.items() if chosen(key))
