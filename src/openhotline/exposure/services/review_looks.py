"""What was revealed since the last time is compared with the rules; what is unusual is told to the auditor."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from openhotline.audit.services.record import record
from openhotline.exposure.models import Alert, Reviewed, Unusual, View
from openhotline.exposure.policies import Reveal, Strange, strange_now, strange_undecided

# Given a person and items, all by outside id: which of the items the person has assessed or sorted.
Settled = Callable[[str, Collection[str]], set[str]]


def review_looks(*, rules: Unusual, settled: Settled, actor: str, now: datetime) -> list[Alert]:
    """Raise alerts for what is unusual since the last review, and return the new ones.

    It runs beside the work and never stops a look. One alert a rule, person, item and day: called again it adds none.
    Scripted looks of practice are left out.
    """
    with transaction.atomic():
        mark, _ = Reviewed.objects.select_for_update().get_or_create(pk=1, defaults={"until": now - timedelta(days=1)})
        since = mark.until
        found = [*_now(rules, since, now), *_undecided(rules, settled, since, now)]
        raised = _raise(found, now)
        mark.until = now
        mark.save(update_fields=["until"])
        if raised:
            record(
                actor=actor, action="looks_alerted", subject="alerts", ids=[one.public_id for one in raised], now=now
            )
    return raised


def _reveals(since: datetime, until: datetime) -> QuerySet[View]:
    shown = View.objects.filter(kind=View.REVEAL, simulated=False, shown_at__gte=since, shown_at__lt=until)
    return shown.order_by("shown_at")


def _now(rules: Unusual, since: datetime, now: datetime) -> list[tuple[str, Strange]]:
    people = set(_reveals(since, now).values_list("person", flat=True))
    days = max(rules.unusual_number.days, rules.unusual_hour.days, rules.repeated_reveals.hours // 24 + 1)
    begins = since - timedelta(days=days + 1)
    return [
        (person, strange)
        for person in sorted(people)
        for strange in strange_now(_of(person, begins, now), rules, since=since, now=now)
    ]


def _undecided(rules: Unusual, settled: Settled, since: datetime, now: datetime) -> list[tuple[str, Strange]]:
    """Look at the reveals whose time to decide ended since the last review, with those of the days before."""
    patience = timedelta(hours=rules.without_decision.hours)
    ends = now - patience
    people = set(_reveals(since - patience, ends).values_list("person", flat=True))
    found = []
    for person in sorted(people):
        shown = _of(person, ends - timedelta(days=rules.without_decision.days), ends)
        done = settled(person, {one.subject for one in shown})
        open_ones = [one for one in shown if one.subject not in done]
        on = now.astimezone(UTC).date()
        found += [(person, strange) for strange in strange_undecided(open_ones, rules, on=on)]
    return found


def _of(person: str, since: datetime, until: datetime) -> list[Reveal]:
    rows = _reveals(since, until).filter(person=person).values_list("subject", "shown_at")
    return [Reveal(subject, at) for subject, at in rows if at]


def _raise(found: list[tuple[str, Strange]], now: datetime) -> list[Alert]:
    raised = []
    for person, strange in found:
        alert, is_new = Alert.objects.get_or_create(
            rule=strange.rule,
            person=person,
            subject=strange.subject,
            on=strange.on,
            defaults={"count": strange.count, "usual": strange.usual, "raised_at": now},
        )
        raised += [alert] if is_new else []
    return raised
