"""What a study of hash lists tells: does mass generation enfeeble them?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from openhotline.forecast.models.distances import RADIUS, Chance, chance_of_random_bits
from openhotline.forecast.models.growth import GROWTH, SHARED_AGAIN, SIZES, Share, any_match, share_that_matches
from openhotline.forecast.models.reference import VARIED, Hits, Reference
from openhotline.forecast.policies.content import Axis, Chart, Content, Line, Point, Table, between, number
from openhotline.forecast.states import Basis, Quantity

OWN = "our own stacks"
LARGEST = SIZES[-1]
HALF_KNOWN = Share(0.5, 0.5, 0.5)
LEAVES_OUT = (
    "No AI-generated picture was measured. How alike those of one model or one prompt are is not known here.",
    "The generated pictures are shapes, textures and landscapes; pictures made of one of them stand for likeness.",
    "Beyond what was counted, chances are extrapolated from nearer pairs, and can be wrong by powers of ten.",
    "The straight fit errs towards more false matches. So do our own stacks, which have near duplicates among them.",
    "Pictures that are changed in order to escape a list, or made in order to match one.",
    "Exact matches: a hash of the bytes has no false matches at any size, and no copy that was changed has it.",
    "How fast lists are made and shared. Here what was found once is listed before it is found again.",
    "Only PDQ within 31 bits in one position. Searching eight positions makes eight times as many false matches.",
)


@dataclass(frozen=True)
class Findings:
    """What the hotline itself knows: how its stacks lie apart, and how many files found matched exactly, or nearly."""

    own: Chance | None
    pictures: int
    found: int
    exactly: int
    nearly: int


def hashlist_content(findings: Findings, reference: Reference, *, seed: int) -> Content:
    """Return the study from what was found here and what was measured on generated pictures."""
    matched = findings.exactly + findings.nearly
    now = Share.counted(matched, findings.found) if findings.found else HALF_KNOWN
    copies = Hits(
        sum(one.hits for one in reference.changes.values()), sum(one.of for one in reference.changes.values())
    )
    recall = Share.counted(copies.hits, copies.of)
    chances = dict(reference.unrelated) | ({OWN: findings.own} if findings.own else {})
    varied = reference.unrelated[VARIED]
    return Content(
        answer=_answer(chances, now, recall, varied),
        charts=[_false_matches(chances), _matching(now, recall, varied)],
        tables=[_sizes(chances), _changes(reference), _remakes(reference)],
        quantities=[*_quantities(findings, reference, now, recall)],
        leaves_out=LEAVES_OUT,
        seed=seed,
        more={"chances": {name: vars(one) for name, one in chances.items()}},
    )


def _answer(chances: dict[str, Chance], now: Share, recall: Share, varied: Chance) -> list[str]:
    worst_name, worst = max(((name, one) for name, one in chances.items() if name != OWN), key=lambda one: one[1].mid)
    tenfold = [_share(now, recall, varied, 10.0, again) for again in SHARED_AGAIN]
    told = [
        _number_alone(varied),
        _likeness(worst_name, worst),
        f"What mass generation takes from a list is reach. Today {_percent(now)} of what comes in match.",
        _reach(tenfold),
        "A list knows what comes round again; what is made new each time it does not know, however long it grows.",
    ]
    if own := chances.get(OWN):
        told.append(f"From our own stacks the same reckoning gives {_by_mistake(own)} false matches ({_how(own)}).")
    return told


def _number_alone(varied: Chance) -> str:
    return (
        f"Number alone does not fill a list with false matches. Against {number(LARGEST)} entries, a picture that is "
        f"not listed meets {_by_mistake(varied)} of them by mistake, if all are as varied as the generated scenes "
        f"({_how(varied)}; counting alone excludes only more than {number(LARGEST * varied.bound)})."
    )


def _likeness(name: str, chance: Chance) -> str:
    return (
        f"Likeness does. If all entries and all new pictures were of “{name}”, it would be {_by_mistake(chance)} "
        f"({_how(chance)})."
    )


def _reach(tenfold: Sequence[Share]) -> str:
    once, again, often = map(_percent, tenfold)
    return (
        f"With ten newly made pictures for each file that comes in, {once} match if each is found once, {again} if "
        f"each is found once more, and {often} if ten times more."
    )


def _by_mistake(chance: Chance) -> str:
    return between(*(LARGEST * one for one in (chance.mid, chance.low, chance.high)))


def _how(chance: Chance) -> str:
    how = "counted" if chance.counted else "extrapolated"
    return f"{how} from {number(chance.pairs)} pairs, the nearest {chance.nearest} bits apart"


def _percent(share: Share) -> str:
    if share.low == share.mid == share.high:
        return f"{100 * share.mid:.1f} % (assumed)"
    return f"{100 * share.mid:.1f} % ({100 * share.low:.1f} to {100 * share.high:.1f})"


def _share(now: Share, recall: Share, varied: Chance, growth: float, again: float) -> Share:
    ends = ((now.mid, recall.mid, varied.mid), (now.low, recall.low, varied.low), (now.high, recall.high, varied.high))
    found = [
        share_that_matches(
            now=known, growth=growth, shared_again=again, recall=seen, by_likeness=any_match(LARGEST * p)
        )
        for known, seen, p in ends
    ]
    return Share(*found)


def _rests_on(chance: Chance, name: str) -> str:
    measured = Basis.MEASURED if name == OWN else Basis.GENERATED
    return f"{measured}, {'counted' if chance.counted else Basis.FITTED}"


def _false_matches(chances: dict[str, Chance]) -> Chart:
    lines = [
        Line(
            name, _rests_on(one, name), [Point(size, size * one.mid, size * one.low, size * one.high) for size in SIZES]
        )
        for name, one in chances.items()
    ]
    reading = (
        "How many entries a picture that is not listed meets by mistake, on average. The band holds what resampling "
        "and the choice of the fit leave open."
    )
    axes = Axis("entries of the list", log=True), Axis("false matches a picture", log=True)
    return Chart("False matches as a list grows", reading, *axes, lines)


def _matching(now: Share, recall: Share, varied: Chance) -> Chart:
    lines = []
    for again in SHARED_AGAIN:
        shares = [(growth, _share(now, recall, varied, growth, again)) for growth in GROWTH]
        points = [Point(growth, *(100 * x for x in (one.mid, one.low, one.high))) for growth, one in shares]
        words = "found once" if not again else f"found once, and {again} times again, changed"
        lines.append(Line(f"Each new picture is {words}", "measured shares, assumed growth", points))
    reading = (
        "Which share of everything that comes in still matches a list, as more and more is newly made. At the left "
        "nothing is added to what comes in today."
    )
    axes = Axis("newly made pictures for each file that comes in today", log=True), Axis("percent that match")
    return Chart("What still matches", reading, *axes, lines)


def _sizes(chances: dict[str, Chance]) -> Table:
    """Return a row for each kind of picture and size: a column for each size would not fit on a page."""
    rows: list[list[Any]] = []
    for name, one in chances.items():
        told = f"{name} ({_rests_on(one, name)})"
        rows += [[told, number(size), between(size * one.mid, size * one.low, size * one.high)] for size in SIZES]
        rows.append([told, number(LARGEST), f"counting alone excludes more than {number(LARGEST * one.bound)}"])
    theory = chance_of_random_bits()
    rows += [["random bits (theory alone)", number(size), number(size * theory)] for size in SIZES]
    headers = ["Pictures, and what it rests on", "Entries of the list", "False matches a picture"]
    return Table("False matches of a picture that is not listed", "as its row says", headers, rows)


def _changes(reference: Reference) -> Table:
    return Table(
        f"Changed copies within {RADIUS} bits of their original",
        Basis.GENERATED,
        ["Change", "Copies", "Within", "Percent, 95 %"],
        [
            [name, one.of, one.hits, _percent(Share.counted(one.hits, one.of))]
            for name, one in reference.changes.items()
        ],
    )


def _remakes(reference: Reference) -> Table:
    return Table(
        f"Pictures of which a part is new, within {RADIUS} bits of the first",
        Basis.GENERATED,
        ["Percent of another picture blended in", "Pictures", "Within", "Percent, 95 %"],
        [
            [f"{name} %", one.of, one.hits, _percent(Share.counted(one.hits, one.of))]
            for name, one in reference.remakes.items()
        ],
    )


def _quantities(findings: Findings, reference: Reference, now: Share, recall: Share) -> Iterator[Quantity]:
    if findings.found:
        how = (
            f"{findings.exactly:,} of {findings.found:,} files found matched exactly, {findings.nearly:,} more nearly."
        )
        yield Quantity("What comes in and matches today", now.mid, "share", Basis.MEASURED, how)
    else:
        yield Quantity(
            "What comes in and matches today", now.mid, "share", Basis.ASSUMED, "Nothing was found yet: half."
        )
    how = f"Of the changes in the table, each as often as it was tried, on {reference.pictures:,} generated pictures."
    yield Quantity("Changed copies that match", recall.mid, "share", Basis.GENERATED, how)
    how = "The newest stacks' leaders whose hash says enough."
    yield Quantity("Pictures of our own", findings.pictures, "pictures", Basis.MEASURED, how)
    yield from _assumed(GROWTH, SHARED_AGAIN)


def _assumed(growth: Sequence[float], again: Sequence[float]) -> Iterator[Quantity]:
    how = "Nobody knows: the picture shows this range."
    yield Quantity(
        "Newly made pictures, for each file today", growth[-1], f"from {growth[0]:g} to this", Basis.ASSUMED, how
    )
    yield Quantity("How often each comes round again", again[-1], f"from {again[0]:g} to this", Basis.ASSUMED, how)
