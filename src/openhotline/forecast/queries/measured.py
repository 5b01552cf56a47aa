"""The hotline's own figures, as the simulation takes them, each with what it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.assessment.models import Assessment, Turn
from openhotline.assessment.policies import LOCK
from openhotline.assessment.states import Opinion, TurnState
from openhotline.exposure.models import View
from openhotline.exposure.queries import limits
from openhotline.exposure.states import GLIMPSE_SECONDS, SECONDS_A_PICTURE
from openhotline.forecast.errors import NothingMeasured
from openhotline.forecast.models.hotline import Band, Durations, Hotline, Limits, bands_of
from openhotline.forecast.states import Basis, Quantity
from openhotline.triage.models import Selection, Stack
from openhotline.triage.services.take_sheet import TILES
from openhotline.triage.states import SelectionState

WINDOW_DAYS = 30
NEWEST = 1_000
ENOUGH = 20
BESIDE_SECONDS = 30.0
BAND_NAMES = ("first", "middle", "last")
# What whoever asks may put in place of what is measured: name -> unit and what it means.
MAY_ASSUME = {
    "stacks_a_day": "stacks a day",
    "analysts": "people",
    "seniors": "people",
    "hours": "hours a working day",
    "days_a_week": "days a week",
    "beside": "seconds an opinion",
}
_BY_MACHINE = Q(by="") | Q(by__startswith="rule:")


@dataclass(frozen=True)
class Measured:
    """A hotline, and what each of its numbers rests on, in the order of the way of a report."""

    hotline: Hotline
    quantities: tuple[Quantity, ...]


def measured(now: datetime, *, assume: Mapping[str, float], days: int = WINDOW_DAYS) -> Measured:
    """Measure the last ``days`` days; ``assume`` (see ``MAY_ASSUME``) stands in place of what is measured.

    Raises NothingMeasured where no stack came in and none is assumed, ValueError for a name nobody may assume.
    """
    if strange := set(assume) - set(MAY_ASSUME):
        raise ValueError(f"{', '.join(sorted(strange))} cannot be assumed. One may assume: {', '.join(MAY_ASSUME)}.")
    return _Measuring(now, days, assume).hotline()


class _Measuring:
    def __init__(self, now: datetime, days: int, assume: Mapping[str, float]) -> None:
        self.now, self.assume = now, assume
        self.since = now - timedelta(days=days)
        self.told: list[Quantity] = []
        self.stacks = Stack.objects.filter(created_at__gt=self.since)

    def hotline(self) -> Measured:
        stacks = self._stacks_a_day()
        aside, direct, kept = self._sorted()
        parts = self._opinions()
        second, third = self._further()
        look, beside = self._look(), self._beside()
        analysts = int(self._people())
        seniors = min(analysts, int(self._seniors()))
        hours = self._assumed("hours", 7.5, "Ours: change it to your rota.")
        week = int(self._assumed("days_a_week", 5, "Ours: change it to your rota."))
        hotline = Hotline(
            stacks_a_day=stacks,
            analysts=analysts,
            seniors=seniors,
            look=look,
            beside=beside,
            bands=self._bands(),
            aside_by_machine=aside,
            direct=direct,
            kept=kept,
            opinions=parts,
            second=second,
            third=third if seniors else 0.0,
            glimpse=self._glimpse(),
            tiles=TILES,
            hours=hours,
            days_a_week=week,
            limits=Limits.of(limits()),
        )
        return Measured(hotline, tuple(self.told))

    def _tell(self, name: str, value: float, unit: str, basis: Basis, how: str) -> float:
        self.told.append(Quantity(name, value, unit, basis, how))
        return value

    def _assumed(self, name: str, otherwise: float, how: str) -> float:
        words = name.replace("_", " ").capitalize()
        given = name in self.assume
        value = float(self.assume.get(name, otherwise))
        return self._tell(words, value, MAY_ASSUME[name], Basis.ASSUMED, "Given by whoever asked." if given else how)

    def _stacks_a_day(self) -> float:
        if "stacks_a_day" in self.assume:
            return self._assumed("stacks_a_day", 0, "")
        many = self.stacks.count()
        first = self.stacks.order_by("created_at").values_list("created_at", flat=True).first()
        if first is None:
            raise NothingMeasured(
                "No stack was begun in the last 30 days, so there is nothing to forecast from. Say what comes in: "
                "how many stacks a day."
            )
        days = max(1.0, (self.now - first) / timedelta(days=1))
        how = f"{many:,} stacks of near duplicates were begun in {days:.1f} days."
        return self._tell("Stacks that come in", many / days, "stacks a day", Basis.MEASURED, how)

    def _sorted(self) -> tuple[float, float, float]:
        leads = Selection.objects.filter(item__leads_stack__in=self.stacks).exclude(state=SelectionState.UNSORTED)
        every = leads.count()
        aside = leads.filter(_BY_MACHINE, state=SelectionState.SET_ASIDE).count()
        direct = leads.filter(_BY_MACHINE, state=SelectionState.SELECTED).count()
        by_people = every - aside - direct
        kept = leads.filter(state=SelectionState.SELECTED).count() - direct
        shares = (
            ("Set aside by a machine rule", aside, every, 0.0),
            ("Selected by a machine rule", direct, every, 0.0),
            ("Kept at a sorting sheet", kept, by_people, 1.0),
        )
        return self._share(*shares[0]), self._share(*shares[1]), self._share(*shares[2])

    def _share(self, name: str, hits: int, of: int, otherwise: float) -> float:
        if not of:
            return self._tell(name, otherwise, "share", Basis.ASSUMED, "Nothing of this was measured yet.")
        return self._tell(name, hits / of, "share", Basis.MEASURED, f"{hits:,} of {of:,}.")

    def _opinions(self) -> float:
        firsts = Turn.objects.filter(opinion=Opinion.FIRST, item__stacked__stack__in=self.stacks)
        found = firsts.aggregate(turns=Count("pk"), stacks=Count("item__stacked__stack", distinct=True))
        name, unit = "First opinions a stack takes", "opinions"
        if not found["stacks"]:
            return self._tell(name, 1.0, unit, Basis.ASSUMED, "No stack was queued yet.")
        how = f"{found['turns']:,} for {found['stacks']:,} stacks: parts that cannot share a decision."
        return self._tell(name, found["turns"] / found["stacks"], unit, Basis.MEASURED, how)

    def _further(self) -> tuple[float, float]:
        live = Assessment.objects.filter(undone_at=None, made_at__gt=self.since)
        given = {str(one): live.filter(opinion=one).count() for one in Opinion}
        return (
            self._share("First opinions that ask a second", given["second"], given["first"], 0.0),
            self._share("Second opinions that ask a third", given["third"], given["second"], 0.0),
        )

    def _look(self) -> Durations:
        views = View.objects.filter(kind=View.REVEAL, seconds__gt=0).order_by("-pk")
        rows = list(views.values_list("seconds", "simulated")[:NEWEST])
        seconds = tuple(one for one, _ in rows if one is not None)
        name, unit = "One full look", "seconds (median)"
        if len(seconds) < ENOUGH:
            self._tell(name, SECONDS_A_PICTURE, unit, Basis.ASSUMED, f"Fewer than {ENOUGH} looks were measured.")
            return Durations((SECONDS_A_PICTURE,))
        scripted = any(simulated for _, simulated in rows)
        basis = Basis.SCRIPTED if scripted else Basis.MEASURED
        self._tell(name, median(seconds), unit, basis, f"The newest {len(seconds):,} looks, drawn as they were.")
        return Durations(seconds)

    def _beside(self) -> Durations:
        if "beside" in self.assume:
            return Durations((self._assumed("beside", 0, ""),))
        gaps = self._gaps()
        name, unit = "Beside the look, an opinion", "seconds (median)"
        if len(gaps) < ENOUGH:
            how = f"Ours: fewer than {ENOUGH} opinions followed on one another within the ten minutes of a turn."
            self._tell(name, BESIDE_SECONDS, unit, Basis.ASSUMED, how)
            return Durations((BESIDE_SECONDS,))
        how = f"{len(gaps):,} times from one opinion to the same person's next within ten minutes, less a median look."
        self._tell(name, median(gaps), unit, Basis.MEASURED, how)
        return Durations(tuple(gaps))

    def _gaps(self) -> list[float]:
        rows = Assessment.objects.filter(made_at__gt=self.since).order_by("person", "made_at", "pk")
        pairs = pairwise(rows.values_list("person", "made_at")[: 10 * NEWEST])
        apart = [(after - before).total_seconds() for (one, before), (other, after) in pairs if one == other]
        look = next(one.value for one in self.told if one.name == "One full look")
        return [max(0.0, gap - look) for gap in apart if 0 < gap < LOCK.total_seconds()]

    def _glimpse(self) -> float:
        looks = View.objects.filter(kind=View.GLIMPSE, seconds__isnull=False, shown_at__gt=self.since)
        found = looks.aggregate(tiles=Sum("pictures"), seconds=Sum("seconds"), scripted=Count("pk", Q(simulated=True)))
        name, unit = "One tile at a sorting sheet", "seconds"
        if not found["tiles"]:
            return self._tell(name, GLIMPSE_SECONDS, unit, Basis.ASSUMED, "Ours: no sheet was looked at yet.")
        basis = Basis.SCRIPTED if found["scripted"] else Basis.MEASURED
        return self._tell(name, found["seconds"] / found["tiles"], unit, basis, f"{found['tiles']:,} tiles.")

    def _people(self) -> float:
        if "analysts" in self.assume:
            return self._assumed("analysts", 1, "")
        days = self._assessed().annotate(day=TruncDate("made_at")).values("day")
        people = [row["people"] for row in days.annotate(people=Count("person", distinct=True)).order_by("day")]
        if people:
            how = f"The median of {len(people):,} days on which anybody gave an opinion."
            return self._tell("People who assess", median(people), "people", Basis.MEASURED, how)
        staff = Person.objects.filter(is_active=True, role__in=[Role.ANALYST, Role.SENIOR]).count()
        how = "Nobody gave an opinion yet: everybody who may."
        return self._tell("People who assess", max(1, staff), "people", Basis.ASSUMED, how)

    def _seniors(self) -> float:
        if "seniors" in self.assume:
            return self._assumed("seniors", 0, "")
        working = set(self._assessed().values_list("person", flat=True).distinct())
        roles = Person.objects.filter(is_active=True, role=Role.SENIOR)
        found = roles.filter(public_id__in=working).count() if working else roles.count()
        how = "Of those who gave opinions." if working else "Nobody gave an opinion yet: all of them."
        return self._tell("Senior analysts among them", found, "people", Basis.MEASURED, how)

    def _assessed(self) -> QuerySet[Assessment]:
        return Assessment.objects.filter(made_at__gt=self.since)

    def _bands(self) -> tuple[Band, ...]:
        people = Stack.objects.filter(created_at__gt=self.since).exclude(
            Q(leader__selection__state=SelectionState.SET_ASIDE) & Q(leader__selection__by__startswith="rule:")
        )
        points = list(people.values_list("points").annotate(Count("pk")).order_by("points"))
        if not points:
            self._tell("Stacks of one priority", 1.0, "share", Basis.ASSUMED, "No stack was placed yet.")
            return (Band("all", 1.0, *self._waiting(None, None)),)
        bands, cuts = [], bands_of(points)
        for number, (least, share) in enumerate(cuts):
            name = f"{BAND_NAMES[number]}: {least} points and more"
            self._tell(f"Priority {name}", share, "share", Basis.MEASURED, "Points of the stacks that people see.")
            # What waits may have fewer points than what came in lately: the last band takes it.
            lowest = least if number < len(cuts) - 1 else None
            bands.append(Band(name, share, *self._waiting(lowest, cuts[number - 1][0] if number else None)))
        self._tell("Waiting for a sheet already", sum(one.unsorted for one in bands), "stacks", Basis.MEASURED, "Now.")
        self._tell("Waiting for an opinion", sum(one.waiting for one in bands), "stacks", Basis.MEASURED, "Now.")
        return tuple(bands)

    def _waiting(self, least: int | None, below: int | None) -> tuple[int, int]:
        """Return how many stacks of so many points wait for a sheet, and for an opinion."""
        rows = Stack.objects.all()
        rows = rows if least is None else rows.filter(points__gte=least)
        rows = rows if below is None else rows.filter(points__lt=below)
        turns = Turn.objects.exclude(state=TurnState.DONE).filter(item__stacked__stack__in=rows.filter(waiting=False))
        queued = turns.aggregate(stacks=Count("item__stacked__stack", distinct=True))["stacks"]
        return rows.filter(waiting=True).count(), queued
