"""The figures of the hotline at a moment."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime

from django.db.models import Count
from django.utils.translation import gettext_noop

from openhotline.assessment.queries import involvement_counts, opinions, outcome_counts
from openhotline.evidence.models import Item
from openhotline.evidence.states import ItemState
from openhotline.exposure.queries import totals
from openhotline.hashlists.models import Entry
from openhotline.hashlists.states import EntryState
from openhotline.intake.queries import count_reports
from openhotline.intake.states import ReportState
from openhotline.referral.models import ReferredItem
from openhotline.referral.states import ReferralState
from openhotline.removal.models import Notice, Removal
from openhotline.removal.states import RemovalState
from openhotline.statistics.states import ADDRESS, ALIKE, EVERY_FILE, UNIQUE, Figure, Figures, Table
from openhotline.triage.queries import Funnel, funnel
from openhotline.triage.states import SORTED_ASIDE, Reason

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
OUTCOMES = {
    "photograph": gettext_noop("Photograph"),
    "pseudo_photograph": gettext_noop("Pseudo-photograph"),
    "photograph_or_pseudo": gettext_noop("Photograph or pseudo-photograph"),
    "prohibited_image": gettext_noop("Prohibited image"),
    "image_generator": gettext_noop("Image generator"),
    "guide": gettext_noop("Guide"),
    "not_criminal": gettext_noop("Not criminal"),
    "not_determined": gettext_noop("Not determined"),
}
INVOLVEMENT = {
    "none_seen": gettext_noop("None seen"),
    "wholly_synthetic": gettext_noop("Wholly synthetic"),
    "real_picture_altered": gettext_noop("Real picture altered"),
    "non_photographic_ai": gettext_noop("Non-photographic AI"),
    "training_data": gettext_noop("Training data"),
    "tool_or_model": gettext_noop("Tool or model"),
    "guide_or_prompt": gettext_noop("Guide or prompt"),
    "not_determined": gettext_noop("Not determined"),
}
ASIDE: dict[str, Collection[Reason]] = {
    gettext_noop("Set aside: cannot be read"): (Reason.UNREADABLE,),
    gettext_noop("Set aside: on a list of harmless files"): (Reason.KNOWN_HARMLESS,),
    gettext_noop("Set aside: too small to assess"): (Reason.TOO_SMALL,),
    gettext_noop("Set aside by a person at a sorting sheet"): SORTED_ASIDE,
}


def figures(now: datetime) -> Figures:
    """Return every figure as it stands now. Read only; nothing is recorded."""
    sorted_ = funnel()
    outcomes = outcome_counts()
    tables = (_came_in(), _found(sorted_), _assessed(outcomes), _involvement(), _followed(), _seen(now))
    return Figures(now, tables, _funnel(sorted_, outcomes))


def _came_in() -> Table:
    reports = count_reports()
    every = sum(reports.values())
    words = {
        ReportState.STARTED: gettext_noop("Begun and not sent yet"),
        ReportState.RECEIVED: gettext_noop("Received"),
        ReportState.SCREENED: gettext_noop("Screened"),
        ReportState.FOR_A_PERSON: gettext_noop("Handed to a person"),
        ReportState.SET_ASIDE: gettext_noop("Set aside from quarantine"),
    }
    rows = tuple(_of(words[state], count, "reports", "reports", every) for state, count in reports.items())
    return Table(gettext_noop("What came in"), (Figure(gettext_noop("Reports"), every, "reports"), *rows))


def _found(sorted_: Funnel) -> Table:
    unreadable = Item.objects.filter(state=ItemState.UNREADABLE).count()
    aside = tuple(
        _of(words, _aside(sorted_, reasons), "files", "files found", sorted_.found, EVERY_FILE)
        for words, reasons in ASIDE.items()
    )
    rows = (
        Figure(gettext_noop("Found"), sorted_.found, "files", duplicates=EVERY_FILE),
        Figure(gettext_noop("Different files"), sorted_.items, "items", "files found", sorted_.found, UNIQUE, "bytes"),
        Figure(
            gettext_noop("Exact duplicates"),
            sorted_.found - sorted_.items,
            "files",
            "files found",
            sorted_.found,
            UNIQUE,
            "bytes",
        ),
        Figure(gettext_noop("Stacks of near duplicates"), sorted_.stacks, "stacks", duplicates=ALIKE),
        Figure(gettext_noop("Cannot be read"), unreadable, "items", "different files", sorted_.items, UNIQUE),
        _of(
            gettext_noop("Selected for assessment"),
            _selected(sorted_),
            "files",
            "files found",
            sorted_.found,
            EVERY_FILE,
        ),
        *aside,
        _of(gettext_noop("Not sorted yet"), sorted_.unsorted, "files", "files found", sorted_.found, EVERY_FILE),
    )
    return Table(gettext_noop("What was found"), rows)


def _assessed(outcomes: dict[str, int]) -> Table:
    every = sum(outcomes.values())
    given = opinions()
    rows = tuple(
        replace(_of(OUTCOMES.get(kind, kind), count, "files", "files decided", every, EVERY_FILE), letter=letter)
        for (kind, _, letter), count in ((name.partition(" "), count) for name, count in outcomes.items())
    )
    settled = (
        Figure(gettext_noop("Opinions given"), given.assessments, "opinions"),
        _of(gettext_noop("Blind second opinions"), given.second, "opinions", "opinions", given.assessments),
        _of(
            gettext_noop("Decisions after a disagreement"),
            given.disagreements,
            "decisions",
            "decisions",
            given.decisions,
        ),
    )
    return Table(
        gettext_noop("What was decided"),
        (Figure(gettext_noop("Decided"), every, "files", duplicates=EVERY_FILE), *rows, *settled),
    )


def _involvement() -> Table:
    counts = involvement_counts()
    every = sum(counts.values())
    rows = (
        _of(INVOLVEMENT.get(name, name), count, "files", "files decided", every, EVERY_FILE)
        for name, count in counts.items()
    )
    return Table(gettext_noop("AI involvement as assessed"), tuple(rows))


def _followed() -> Table:
    removals = dict(Removal.objects.values_list("state").annotate(Count("pk")).order_by())
    every = sum(removals.values())
    referred = ReferredItem.objects.exclude(referral__state=ReferralState.DRAFTED).count()
    rows = (
        Figure(
            gettext_noop("On the hash list"),
            Entry.objects.filter(given_by=None, state=EntryState.ACTIVE).count(),
            "entries",
            duplicates=UNIQUE,
        ),
        Figure(gettext_noop("Addresses to be removed"), every, "addresses", duplicates=ADDRESS),
        Figure(gettext_noop("Notices sent"), Notice.objects.filter(sent_at__isnull=False).count(), "mails"),
        _of(
            gettext_noop("Gone after three misses"),
            removals.get(RemovalState.GONE, 0),
            "addresses",
            "addresses",
            every,
            ADDRESS,
        ),
        Figure(gettext_noop("Referred to police"), referred, "items", duplicates=UNIQUE),
    )
    return Table(gettext_noop("What followed"), rows)


def _seen(now: datetime) -> Table:
    seen = totals(BEGINNING, now)
    rows = (
        Figure(gettext_noop("Looks at an unblurred picture"), seen.reveals, "looks"),
        Figure(gettext_noop("Glimpses of small blurred tiles"), seen.glimpsed, "tiles"),
        Figure(gettext_noop("Time of unblurred looks and glimpses"), round(seen.seconds), "seconds"),
        _of(
            gettext_noop("Simulated by scripted analysts"),
            round(seen.simulated),
            "seconds",
            "seconds",
            round(seen.seconds),
        ),
    )
    return Table(gettext_noop("What people had to see"), rows)


def _funnel(sorted_: Funnel, outcomes: dict[str, int]) -> tuple[Figure, ...]:
    confirmed = sum(
        count for name, count in outcomes.items() if name.split()[0] not in {"not_criminal", "not_determined"}
    )
    steps = (
        (gettext_noop("Found"), sorted_.found),
        (gettext_noop("Selected for assessment"), _selected(sorted_)),
        (gettext_noop("Decided"), sum(outcomes.values())),
        (gettext_noop("Criminal"), confirmed),
    )
    funnel_ = (Figure(name, value, "files", "files found", sorted_.found, EVERY_FILE) for name, value in steps)
    # Several outcomes in one sum: with one of them left out, the sum would tell it.
    return tuple(replace(one, partition="files decided") if one.name == "Criminal" else one for one in funnel_)


def _aside(sorted_: Funnel, reasons: Collection[Reason]) -> int:
    return sum(sorted_.set_aside.get(reason, 0) for reason in reasons)


def _selected(sorted_: Funnel) -> int:
    return sum(sorted_.selected.values())


def _of(name: str, value: int, unit: str, of: str, whole: int, duplicates: str = "") -> Figure:
    return Figure(name, value, unit, of, whole, duplicates, partition=of)
