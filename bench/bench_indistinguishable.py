"""Can somebody outside tell from bytes or from time whether an address is known? Reports, receipts, a classifier.

Reports of known and of new addresses are sent in turns, in an order that changes by chance; then every receipt is
looked at in each of its three stages. Known addresses were decided before, and beyond that are noticed, held for the
police, gone, or waiting. Told are, for each kind of page: how many different answers there were but for tokens and
words, and the AUC of the best threshold on time with its 95 % interval (Hanley and McNeil 1982); and the AUC of a
logistic classifier that sees all times of a report together, fitted on one half and asked about the other. 0.5 is
chance. The database lies in memory where the machine has room for it, so that no disk hides a difference.

Leaks are planted as well, and each must be seen: two milliseconds for a known address, and one more query. There every
receipt is looked at several times and the least time counts, as somebody who tries would do it: then a few reports are
enough, also where the machine has other work.

With --quick (or QUICK=1) a tenth of the reports is sent, no file is written, and times, of which so few tell nothing,
are printed and not judged.

    python bench/bench_indistinguishable.py [--reports N] [--out FILE] [--planted-only] [--quick]
"""

import argparse
import atexit
import json
import math
import os
import random
import re
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
from numpy.typing import NDArray

BOUND = 0.03
KNOWN_PAGES = 50
QUICK_REPORTS = 200
PLANTED = 120
LOOKS = 5
STAGES = {"received": timedelta(0), "being worked on": timedelta(days=2), "finished": timedelta(days=18)}
SENT = ("first page", "sending", "receipt after sending")
LOOKED = tuple(f"receipt: {word}" for word in STAGES)
_TOKENS = re.compile(rb'name="(?:report|sending|held)" value="[^"]*"')
_PASS = re.compile(r"(?:report|receipt)=[^&]+")
_WORDS = re.compile(rb'(class="receipt-code">)([^<]+)')
Times = dict[str, list[float]]


def start_installation() -> None:
    """Make an empty installation in a folder that goes away."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a folder of its own is made there
    folder = tempfile.mkdtemp(prefix="openhotline-bench-", dir=memory)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ |= {
        "OPENHOTLINE_VAR": folder,
        "OPENHOTLINE_MODE": "practice",
        "OPENHOTLINE_HOSTS": "testserver",
        "DJANGO_SETTINGS_MODULE": "openhotline.config.settings",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def make_known() -> list[str]:
    """Decide addresses, and give them a removal in each state; return them."""
    from openhotline.core.clock import now
    from openhotline.core.net.addresses import parse
    from openhotline.intake.models import Address
    from openhotline.intake.services.set_standing import set_standing
    from openhotline.intake.states import Standing
    from openhotline.removal.models import Removal
    from openhotline.removal.states import RemovalState

    addresses = [f"https://known-{number:06d}.example/page" for number in range(KNOWN_PAGES)]
    kept = Address.objects.keep([parse(one) for one in addresses], now=now())
    set_standing(address_ids=[one.pk for one in kept.values()], standing=Standing.DECIDED, actor="bench", now=now())
    states = [RemovalState.OPENED, RemovalState.HELD, RemovalState.NOTICED, RemovalState.GONE]
    for number, one in enumerate(kept.values()):
        Removal.objects.create(address=one, state=states[number % len(states)], opened_at=now())
    return addresses


@dataclass
class Class:
    """The reports of one class: their receipts, the times of every page, and the answers without what is chance."""

    words: list[str] = field(default_factory=list)
    times: Times = field(default_factory=lambda: {name: [] for name in (*SENT, *LOOKED)})
    answers: dict[str, set[bytes]] = field(default_factory=lambda: {name: set() for name in (*SENT, *LOOKED)})

    def take(self, kind: str, seconds: float, answer: Any) -> None:
        """Keep one answer."""
        self.times[kind].append(seconds)
        heads = sorted((name, value) for name, value in answer.headers.items() if name != "Location")
        place = _PASS.sub("PASS", answer.headers.get("Location", ""))
        body = _WORDS.sub(rb"\1", _TOKENS.sub(b"", answer.content))
        # The words differ in length, and the length of the page with them.
        heads = [(name, value) for name, value in heads if name != "Content-Length"]
        self.answers[kind].add(repr((answer.status_code, heads, place)).encode() + body)


def asked(ask: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds that an answer took, and the answer."""
    began = time.perf_counter()
    answer = ask()
    return time.perf_counter() - began, answer


def send(client: Any, address: str, into: Class) -> int:
    """Report an address as a stranger does, without what can be left out; return the report's key."""
    from openhotline.intake.models import Report

    seconds, answer = asked(lambda: client.post("/report/", {"addresses": address, "sending": secrets.token_hex(9)}))
    into.take(SENT[0], seconds, answer)
    carried = parse_qs(urlsplit(answer.headers["Location"]).query)["report"][0]
    seconds, answer = asked(lambda: client.post("/report/check/", {"report": carried}))
    into.take(SENT[1], seconds, answer)
    place = answer.headers["Location"]
    seconds, answer = asked(lambda: client.get(place))
    into.take(SENT[2], seconds, answer)
    into.words.append(_WORDS.search(answer.content)[2].decode())
    return Report.objects.latest("pk").pk


def in_turns(chance: random.Random, count: int) -> Iterator[tuple[int, int]]:
    """Yield (class, number) of both classes, in pairs whose order changes by chance."""
    for number in range(count):
        for which in chance.sample((0, 1), 2):
            yield which, number


def play(count: int, known: list[str], chance: random.Random, *, looks: int = 1) -> tuple[Class, Class]:
    """Send the reports and look at their receipts in every stage; return both classes, the known one first.

    ``looks``: how often each receipt is looked at in each stage; the least time of them counts.
    """
    from django.test import Client

    from openhotline.core import clock
    from openhotline.intake.services.screen_reports import screen_reports

    client, classes = Client(), (Class(), Class())
    begun = secrets.randbelow(10**6)
    keys = []
    for which, number in in_turns(chance, count):
        address = f"https://fresh-{(begun + number) % 10**6:06d}.example/page" if which else known[number % len(known)]
        keys.append(send(client, address, classes[which]))
    for at in range(0, len(keys), 500):
        screen_reports(ids=keys[at : at + 500], now=clock.now())
    for kind, wait in zip(LOOKED, STAGES.values(), strict=True):
        clock.advance(wait)
        for which, number in in_turns(chance, count):
            words = classes[which].words[number]
            tries = [asked(lambda words=words: client.post("/receipt/", {"words": words})) for _ in range(looks)]
            classes[which].take(kind, *min(tries, key=lambda one: one[0]))
    return classes


def auc(positive: NDArray[np.float64], negative: NDArray[np.float64]) -> tuple[float, float]:
    """Return the area under the curve of a threshold, and its standard error (Hanley and McNeil 1982)."""
    both = np.concatenate([positive, negative])
    _, place, counts = np.unique(both, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    one, other = len(positive), len(negative)
    area = float((ranks[:one].sum() - one * (one + 1) / 2) / (one * other))
    first, second = area / (2 - area), 2 * area * area / (1 + area)
    spread = area * (1 - area) + (one - 1) * (first - area * area) + (other - 1) * (second - area * area)
    return area, math.sqrt(spread / (one * other))


def classified(classes: tuple[Class, Class]) -> tuple[float, float]:
    """Return the AUC and its error of a logistic classifier of all times, fitted on one half, asked about the other."""
    tables = [np.column_stack([one.times[kind] for kind in (*SENT, *LOOKED)]) for one in classes]
    both = np.vstack(tables)
    ranks = both.argsort(axis=0).argsort(axis=0) / len(both) - 0.5
    seen = np.column_stack([np.ones(len(both)), ranks, ranks**2])
    truth = np.r_[np.ones(len(tables[0])), np.zeros(len(tables[1]))]
    half = np.r_[np.arange(len(tables[0])), np.arange(len(tables[1]))] % 2 == 0
    score = np.empty(len(both))
    for fit in (half, ~half):
        score[~fit] = seen[~fit] @ _fitted(seen[fit], truth[fit])
    # Two models: each half is compared within itself, and the two areas are averaged.
    areas = [auc(score[part & (truth == 1)], score[part & (truth == 0)]) for part in (half, ~half)]
    return sum(area for area, _ in areas) / 2, math.hypot(*(error for _, error in areas)) / 2


def _fitted(seen: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    weights = np.zeros(seen.shape[1])
    for _ in range(30):
        likely = 1 / (1 + np.exp(-(seen @ weights).clip(-30, 30)))
        curve = (seen * (likely * (1 - likely))[:, None]).T @ seen + 1e-2 * np.eye(seen.shape[1])
        weights += np.linalg.solve(curve, seen.T @ (truth - likely) - 1e-2 * weights)
    return weights


def told(classes: tuple[Class, Class]) -> dict[str, Any]:
    """Return the figures of one play, and whether they are within their bounds."""
    pages = {}
    for kind in (*SENT, *LOOKED):
        area, error = auc(*(np.array(one.times[kind]) for one in classes))
        pages[kind] = {
            "different_answers": len(classes[0].answers[kind] | classes[1].answers[kind]),
            "median_ms": [round(1000 * float(np.median(one.times[kind])), 3) for one in classes],
        } | _interval(area, error)
    together = _interval(*classified(classes))
    areas = [page["auc"] for page in pages.values()] + [together["auc"]]
    return {
        "reports_of_each_class": len(classes[0].words),
        "pages": pages,
        "all_times_together": together,
        "bytes_equal": all(page["different_answers"] == 1 for page in pages.values()),
        "times_equal": all(abs(area - 0.5) <= BOUND for area in areas),
    }


def is_seen(figures: dict[str, Any]) -> bool:
    """Say whether a leak shows beyond chance: an interval lies outside of the bound as a whole."""
    intervals = [page["interval_95"] for page in (*figures["pages"].values(), figures["all_times_together"])]
    return any(low > 0.5 + BOUND or high < 0.5 - BOUND for low, high in intervals)


def _interval(area: float, error: float) -> dict[str, Any]:
    return {"auc": round(area, 4), "interval_95": [round(area - 1.96 * error, 4), round(area + 1.96 * error, 4)]}


@contextmanager
def leaking(known: list[str], leak: Callable[[], object]) -> Iterator[None]:
    """Plant a leak: do something for known addresses alone, as the first page is sent and as a receipt is looked at."""
    from openhotline.intake.models import Address
    from openhotline.intake.views import receipt, report

    start, look, names = report.start_report, receipt.receipt_of, frozenset(known)

    def started(**given: Any) -> Any:
        if names & set(given["addresses"]):
            leak()
        return start(**given)

    def looked(found: Any, now: Any) -> Any:
        # Asked by every look, so that what is seen is the leak and not the question.
        if Address.objects.filter(reported__report=found, standing="decided").count():
            leak()
        return look(found, now)

    report.start_report, receipt.receipt_of = started, looked
    try:
        yield
    finally:
        report.start_report, receipt.receipt_of = start, look


def one_more_query() -> None:
    """Ask the database something that a known address alone would be asked about."""
    from openhotline.removal.models import Removal

    list(Removal.objects.filter(state="gone").order_by("pk")[:20])


LEAKS: dict[str, Callable[[], object]] = {
    "two milliseconds": lambda: time.sleep(0.002),
    "one more query": one_more_query,
}


def main() -> None:
    """Measure, write, print; end with 1 when a bound is broken or a planted leak was not seen."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--reports", type=int, default=2_000, help="of each class")
    options.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "indistinguishable.json")
    options.add_argument("--planted-only", action="store_true", help="keep the other figures of the file")
    options.add_argument("--quick", action="store_true", help=f"{QUICK_REPORTS} reports of each class; writes no file")
    chosen = options.parse_args()
    quick = chosen.quick or bool(os.environ.get("QUICK"))
    start_installation()
    chance = random.Random(5)  # noqa: S311 - an order, no secret
    known = make_known()
    if chosen.planted_only:
        figures: dict[str, Any] = json.loads(chosen.out.read_text())
    else:
        figures = {
            "bound": f"0.5 +- {BOUND}",
            "honest": told(play(QUICK_REPORTS if quick else chosen.reports, known, chance)),
        }
    figures["planted"] = {}
    for name, leak in LEAKS.items():
        with leaking(known, leak):
            figures["planted"][name] = told(play(PLANTED, known, chance, looks=LOOKS)) | {"least_of_looks": LOOKS}
    seen = {name: is_seen(planted) for name, planted in figures["planted"].items()}
    honest = figures["honest"]
    figures["passed"] = honest["bytes_equal"] and (quick or (honest["times_equal"] and all(seen.values())))
    figures["planted_seen"] = seen
    if not quick:
        chosen.out.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures, indent=2))
    sys.exit(0 if figures["passed"] else 1)


if __name__ == "__main__":
    main()
