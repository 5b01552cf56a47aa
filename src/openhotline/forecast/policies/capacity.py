"""What a study of capacity tells."""

from collections.abc import Sequence

from openhotline.forecast.models.capacity import Scenario, Wait
from openhotline.forecast.models.hotline import HOUR, Hotline
from openhotline.forecast.policies.content import Axis, Chart, Content, Line, Point, Table, about, between, number
from openhotline.forecast.states import Quantity

SIMULATED = "simulated from the figures below"
LEAVES_OUT = (
    "Machines: fetching, hashing and matching are taken as fast enough to keep up.",
    "Everything after a decision: listing, notices, removals, referrals, and the people who do that.",
    "Reports that a person has to read, telephone calls, training, meetings, illness and holidays.",
    "That what comes in changes: near duplicates fold into fewer stacks, and a new list selects more by itself.",
    "Weeks and seasons: stacks come in at random moments, equally by night and day.",
    "That people tire, leave or learn. The time of an opinion is drawn from what was measured, whatever the load.",
    "Items that are called up again, skipped turns, second looks at sheets, and floods held in quarantine.",
)


def capacity_content(
    hotline: Hotline,
    quantities: Sequence[Quantity],
    found: Sequence[Scenario],
    *,
    days: int,
    runs: int,
    seed: int,
) -> Content:
    """Return the study of one hotline under more and more that comes in."""
    return Content(
        answer=[_answer(one, hotline, days) for one in found],
        charts=[_backlog(found), _waits(found, days), _looking(found, hotline)],
        tables=[_table(found, hotline, days)],
        quantities=quantities,
        leaves_out=LEAVES_OUT,
        seed=seed,
        more={"days": days, "runs": runs},
    )


def _answer(one: Scenario, hotline: Hotline, days: int) -> str:
    times = "With what comes in now" if one.factor == 1 else f"With {number(one.factor)} times what comes in now"
    comes = f"{times} ({number(one.stacks_a_day)} stacks a day)"
    needed = f"there is work for {about(one.people_needed)} people, and {hotline.analysts} are there"
    first, last = one.waits[0], one.waits[-1]
    grows = f"after {days} days about {about(one.backlog[-1][0])} stacks wait, and more each day"
    end = grows if one.load >= 1 else "the queue keeps up"
    waits = _long(first, days), _long(last, days)
    half = f"Half of the first priority wait {waits[0]}, half of the last {waits[1]}"
    if waits[0] == waits[1]:
        half = f"Half of the first priority, and of the last, wait {waits[0]}"
    return f"{comes}, {needed}: {end}. {half}."


def _long(wait: Wait, days: int) -> str:
    if not wait.stacks:
        return "not at all: none came"
    return f"longer than the {days} days" if wait.half is None else f"up to {_time(wait.half)}"


def _time(seconds: float) -> str:
    if seconds < HOUR:
        return f"{number(round(seconds / 60, 1))} minutes"
    hours = seconds / HOUR
    return f"{number(round(hours, 1))} hours" if hours < 48 else f"{number(round(hours / 24, 1))} days"


def _backlog(found: Sequence[Scenario]) -> Chart:
    lines = [
        Line(
            f"{number(one.factor)} times",
            SIMULATED,
            [Point(day + 1, *row) for day, row in enumerate(one.backlog)],
        )
        for one in found
    ]
    reading = "Stacks that wait for a sheet or an opinion at the end of each day; the pale band holds 90 % of the runs."
    return Chart("Backlog", reading, Axis("day"), Axis("stacks that wait", log=True), lines)


def _waits(found: Sequence[Scenario], days: int) -> Chart:
    lines = []
    for place, band in enumerate(found[0].waits):
        waits = [(one.factor, one.waits[place]) for one in found]
        points = [Point(factor, None if wait.half is None else wait.half / HOUR) for factor, wait in waits]
        lines.append(Line(f"Priority {band.band}", SIMULATED, points))
    reading = (
        "From found to decided, for half of the stacks that were selected. Where a line ends, half of them waited "
        f"longer than the {days} days."
    )
    return Chart("Wait by priority", reading, Axis("times what comes in now", log=True), Axis("hours", log=True), lines)


def _looking(found: Sequence[Scenario], hotline: Hotline) -> Chart:
    looked = [Point(one.factor, *(_minutes(x) for x in vars(one.looked_a_day).values())) for one in found]
    most = [Point(one.factor, _minutes(one.most_looked_a_day)) for one in found]
    budget = [Point(one.factor, hotline.limits.most_a_day / 60) for one in found]
    lines = [
        Line("A person's day, mean", SIMULATED, looked),
        Line("The longest day of anybody", SIMULATED, most),
        Line("The daily budget", "set", budget),
    ]
    reading = (
        "Minutes of looking that count as exposure, on days on which somebody looked. A flood takes more people, and "
        "no longer days."
    )
    return Chart("Exposure", reading, Axis("times what comes in now", log=True), Axis("minutes a day"), lines)


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60


def _table(found: Sequence[Scenario], hotline: Hotline, days: int) -> Table:
    rows: list[list[str]] = [["Stacks a day", *(number(one.stacks_a_day) for one in found)]]
    rows.append([f"People it takes ({hotline.analysts} work)", *(number(one.people_needed) for one in found)])
    rows.append([f"Waiting after {days} days", *(between(*one.backlog[-1]) for one in found)])
    rows.append(["Share settled by then", *(between(*vars(one.settled).values()) for one in found)])
    for place, band in enumerate(found[0].waits):
        name = f"Wait, priority {band.band}: half / nine tenths"
        rows.append(
            [
                name,
                *(f"{_or_longer(one.waits[place].half)} / {_or_longer(one.waits[place].nine_tenths)}" for one in found),
            ]
        )
    rows.append(
        [
            "Minutes looked, a person's day",
            *(between(*(_minutes(x) for x in vars(one.looked_a_day).values())) for one in found),
        ]
    )
    rows.append(["Breaks and stops, a person's day", *(between(*vars(one.breaks_a_day).values()) for one in found)])
    rows.append(["Share of the rota at work", *(between(*vars(one.worked).values()) for one in found)])
    rows.append(["Opinions given", *(between(*vars(one.opinions).values()) for one in found)])
    return Table(
        "All figures: mean, and in brackets 95 % of the mean, or for the backlog 90 % of the runs",
        SIMULATED,
        ["What", *(f"{number(one.factor)} times" for one in found)],
        rows,
    )


def _or_longer(seconds: float | None) -> str:
    return "longer" if seconds is None else _time(seconds)
