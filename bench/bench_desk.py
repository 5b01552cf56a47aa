"""How long an analyst waits between a decision and the next item, with few items in the database and with a million.

Real keys are pressed in Debian's Chromium on a server as `openhotline serve` starts it: the picture is held and let go,
two facts are given, what follows is waited for, the decision is sent. Overhead is from the key that decides to the
frame in which the next item's blurred tile stands on the page, with its text and its questions. That page was made by
the server while the item before was looked at, and is shown while the decision is being saved: how many were there
ahead is counted, and where none was, the wait includes the server. Until the decision is saved nothing on the page can
be revealed or decided, so the time from the key to that lies beside (`saved_ms`), with the server's part of it, and so
does processor time, which a busy machine does not stretch. Behind the items that are assessed lie rows of a hotline of
some years (desk_ballast.py), more for each size, on PostgreSQL where it is installed. Goals: at most 100 ms at p95 with
the most items, at most three keystrokes for the commonest decision. Then a practice run is played, and keystrokes and
looks are counted with stacks and matches and one by one (desk_keys.py). Prints one JSON object and keeps it in
bench/results/desk.json; ends with 1 when a goal is missed.

    python bench/bench_desk.py [--quick] [--only wait|keys] [--items N …] [--decisions N] [--found N] [--database URL]
"""

import argparse
import contextlib
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "scripts")]

from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402 - as above
from temporary_postgres import PostgresUnavailableError, temporary_postgres  # noqa: E402 - path above

RESULT = ROOT / "bench" / "results" / "desk.json"
CHROMIUM = "/usr/bin/chromium"
QUICK = bool(os.environ.get("QUICK"))
SEED, PEOPLE, FILES = 3, 11, 130
TOP = 1_000_000
LOOK_MS, PATIENCE_MS, TRIES = 300, 60_000, 5
MOST_MS, MOST_KEYS = 100.0, 3
# Two facts that lead to a decision by one person: the commonest of a practice run (`commonest_decision` in the result).
FACTS, FOLLOWS = "3w", "Not criminal"
IN_THE_PAGE = """(() => {
  window.measured = [];
  const at = {};
  let keys = 0, looks = 0, decided = null, shown = 0, follows = 0, stands = null;
  // What the browser knows of an answer's times it tells when it comes to it.
  let asked = null;
  new PerformanceObserver((told) => {
    asked = told.getEntries().filter((one) => one.name.endsWith('/desk/assess/')).at(-1) ?? asked;
    both();
  }).observe({type: 'resource'});
  window.expectOne = (name) => {
    window.waited = new Promise((done) => addEventListener(name, () => done(), {once: true}));
  };
  const say = (name) => dispatchEvent(new Event(name));
  addEventListener('keydown', (event) => {
    if (!event.isTrusted || event.repeat) return;
    if (event.key === ' ') [looks, at.held] = [looks + 1, event.timeStamp];
    else [keys, at.fact] = [keys + 1, event.timeStamp];
    if (event.key === 'd') decided = {at: event.timeStamp, keys, looks, shown, follows};
  }, true);
  document.addEventListener('htmx:afterSettle', () => {
    follows = performance.now() - at.fact;
    say('followed');
  });
  new MutationObserver((changes) => {
    if (changes.every((one) => one.target.getAttribute('aria-pressed') !== 'true')) return;
    shown = performance.now() - at.held;
    say('shown');
  }).observe(document, {subtree: true, attributes: true, attributeFilter: ['aria-pressed']});
  // Where another page takes the place of the one that was shown first, it is that one which counts.
  let unsaved = null, pages = 0;
  document.addEventListener('desk:arrived', async () => {
    const mine = unsaved = decided ?? unsaved, page = ++pages;
    [keys, looks, decided, stands] = [0, 0, null, null];
    const image = document.querySelector('[data-reveal-url] img');
    if (!mine || !image) return;
    const ahead = image.src.startsWith('blob:');
    await image.decode().catch(() => {});
    requestAnimationFrame(() => {
      const painted = new MessageChannel();
      painted.port1.onmessage = () => {
        if (page !== pages) return;
        stands = {...mine, ahead, overhead: performance.now() - mine.at};
        both();
      };
      painted.port2.postMessage(0);
    });
  });
  // One is measured when its page stands and its decision before is saved, whichever is first.
  let saved = null;
  document.addEventListener('desk:saved', () => {
    if (!unsaved) return;
    saved = performance.now();
    both();
  });
  const both = () => {
    if (!stands || !saved || !asked) return;
    measured.push({...stands, saved: saved - stands.at, before: stands.overhead < saved - stands.at,
                   server: asked.responseEnd - asked.requestStart});
    [stands, saved, unsaved, asked] = [null, null, null, null];
    performance.clearResourceTimings();
    say('arrived');
  };
})();"""


def real_items(folder: Path, files: int) -> list[int]:
    """Import a practice collection, and return the items that have a tile; the people are made as well."""
    import openhotline.journey  # noqa: F401 - what follows what
    from openhotline.core.clock import now
    from openhotline.evidence.models import Rendition
    from openhotline.practice.bringing_in import import_rest
    from openhotline.practice.collection import generate
    from openhotline.practice.machinery import Machinery, work_here
    from openhotline.practice.progress import silent
    from openhotline.practice.seeding import seed

    collection = generate(folder / "practice" / "collection", items=files, seed=SEED, workers=2)
    seed(collection=collection, analysts=PEOPLE, now=now())
    machinery = Machinery(tick=lambda _now: {}, settle=work_here)
    manifest, origin = folder / "manifest.jsonl", "http://127.0.0.1:9"
    import_rest(collection, without=[], manifest=manifest, origin=origin, machinery=machinery, tell=silent)
    return list(Rendition.objects.filter(kind=Rendition.TILE).order_by("item_id").values_list("item_id", flat=True))


def queue_again(items: list[int]) -> None:
    """Put the real items at the top of the queue, as if nobody had looked at them yet."""
    from openhotline.assessment.models import Assessment, Decision, Turn
    from openhotline.core.clock import now
    from openhotline.exposure.models import View

    for model in (Decision, Assessment, Turn, View):
        model._default_manager.filter(pk__gt=0).delete()
    Turn.objects.bulk_create(Turn(item_id=item, points=TOP, queued_at=now()) for item in items)


@contextlib.contextmanager
def served(log: Path) -> Iterator[tuple[str, int]]:
    """Serve this installation by the command that operators use; yield its origin and the process."""
    from openhotline.practice.site.ports import answers, free_ports

    (port,) = free_ports(1)
    command = [sys.executable, "-m", "openhotline.config.cli", "serve", "--port", str(port)]
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
        try:
            if not answers(port, within=60):
                raise SystemExit(f"The desk did not start: {log.read_text()[-800:]}")
            yield f"http://localhost:{port}", process.pid
        finally:
            process.terminate()
            process.wait(30)


def decided_by_keys(browser: Browser, origin: str, decisions: int) -> dict[str, Any]:
    """Decide so many items as the analyst by keys alone; return milliseconds and keystrokes."""
    context = browser.new_context(base_url=origin)
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(IN_THE_PAGE)
    page = context.new_page()
    page.goto("/practice/")
    page.get_by_role("button", name="Sign in as Analyst", exact=True).click()
    page.wait_for_url("**/desk/")
    page.keyboard.press("j")
    expect(page.locator("[data-reveal-url]")).to_be_visible()
    _wait_for_sandbox(page)
    for _ in range(decisions):
        _look(page)
        _answer(page)
        with _until(page, "arrived"):
            page.keyboard.press("d")
    measured: list[dict[str, Any]] = page.evaluate("measured")
    context.close()
    # The first ones warm up both ends.
    warm = measured[min(5, decisions // 10) :]
    return {
        "decisions": len(warm),
        "overhead_ms": _spread([one["overhead"] for one in warm]),
        "saved_ms": _spread([one["saved"] for one in warm]),
        "server_ms": _spread([one["server"] for one in warm]),
        "key_to_what_follows_ms": _spread([one["follows"] for one in warm]),
        "held_to_shown_ms": _spread([one["shown"] for one in warm]),
        "page_stood_before_it_was_saved": sum(one["before"] for one in warm),
        "tile_was_there_already": sum(one["ahead"] for one in warm),
        "keystrokes_a_decision": _commonest([one["keys"] for one in warm]),
        "held_keys_a_decision": _commonest([one["looks"] for one in warm]),
    }


@contextlib.contextmanager
def _until(page: Page, event: str) -> Iterator[None]:
    """Return when the page has said so since the block began."""
    page.evaluate("name => expectOne(name)", event)
    yield
    page.evaluate("() => window.waited")


def _wait_for_sandbox(page: Page) -> None:
    """Hold the key until a picture is shown: while a busy machine still opens its sandbox, looks are refused."""
    tile, status = page.locator("[data-reveal-url]"), page.locator("#status")
    for _ in range(TRIES):
        page.keyboard.down("Space")
        page.locator("[aria-pressed=true][data-reveal-url], #status:not(:empty)").first.wait_for(state="attached")
        if tile.get_attribute("aria-pressed") == "true":
            # The meter beside it is fetched anew after a look.
            with page.expect_response("**/meter/"):
                page.keyboard.up("Space")
            page.wait_for_timeout(LOOK_MS)
            return
        page.keyboard.up("Space")
    raise SystemExit(f"No picture was shown: {status.text_content()}")


def _look(page: Page) -> None:
    """Hold the key until the picture is there, and a moment longer."""
    with _until(page, "shown"):
        page.keyboard.down("Space")
    page.wait_for_timeout(LOOK_MS)
    page.keyboard.up("Space")
    expect(page.locator("[data-reveal-url]")).to_have_attribute("aria-pressed", "false")


def _answer(page: Page) -> None:
    """Give the facts, and wait until what follows stands on the page."""
    first, *others = FACTS
    page.keyboard.press(first)
    with _until(page, "followed"):
        for key in others:
            page.keyboard.press(key)
    expect(page.locator("#consequence")).to_contain_text(FOLLOWS)
    expect(page.locator('[name="decide"]')).to_be_enabled()


def _spread(values: list[float]) -> dict[str, float]:
    cuts = quantiles(values, n=20, method="inclusive")
    return {"p50": round(cuts[9], 1), "p95": round(cuts[18], 1), "most": round(max(values), 1)}


def _commonest(values: list[int]) -> int:
    return Counter(values).most_common(1)[0][0]


def by_size(folder: Path, sizes: list[int], decisions: int, browser: Browser, postgres: int) -> list[dict[str, Any]]:
    """Measure with more and more items in one database; ``postgres`` is its process, 0 for SQLite."""
    from desk_ballast import put_in, rows

    from openhotline.accounts.models import Person
    from openhotline.core.clock import now

    items = real_items(folder, FILES if decisions > FILES // 4 else FILES // 2)[: decisions + 1]
    # The analyst who is measured is one of those who gave the opinions before.
    people = [one.public_id for one in Person.objects.filter(role="analyst").order_by("pk")]
    found, there = [], 0
    for size in sizes:
        put_in(size, there, people, now())
        there = size
        queue_again(items)
        with served(folder / "desk.log") as (origin, desk):
            before = [processor_seconds(one) for one in (desk, postgres)]
            one = {"items": size, "rows": rows(), **decided_by_keys(browser, origin, len(items) - 1)}
            used = [processor_seconds(each) - spent for each, spent in zip((desk, postgres), before, strict=True)]
        one["processor_ms_an_item"] = {
            name: round(1000 * spent / (len(items) - 1), 1)
            for name, spent in zip(("desk", "database"), used, strict=True)
        }
        found.append(one | {"load": round(os.getloadavg()[0], 1)})
        print(json.dumps(found[-1]), file=sys.stderr)
    return found


def measured(folder: Path, address: str, postgres: int, sizes: list[int], decisions: int) -> dict[str, Any]:
    """Set up an installation in this folder, and measure every size."""
    os.environ |= {
        "OPENHOTLINE_VAR": str(folder),
        "OPENHOTLINE_MODE": "practice",
        "OPENHOTLINE_DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "openhotline.config.settings",
        # Playwright keeps an event loop in this thread; the rows are written beside it, never inside it.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        found = by_size(folder, sizes, decisions, browser, postgres)
        version = browser.version
        browser.close()
    fewest, most = found[0]["overhead_ms"]["p95"], found[-1]["overhead_ms"]["p95"]
    return {
        "machine": f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}",
        "browser": f"Chromium {version}",
        "database": connection.vendor,
        "p95_most_to_fewest": round(most / fewest, 2),
        "sizes": found,
    }


@contextlib.contextmanager
def database(given: str, folder: Path) -> Iterator[tuple[str, int]]:
    """Yield the address of an empty database and its process: the given one, a PostgreSQL of our own, else SQLite."""
    with contextlib.ExitStack() as stack:
        try:
            server = None if given else stack.enter_context(temporary_postgres())
        except PostgresUnavailableError as why:
            print(why, file=sys.stderr)
            server = None
        yield (server.address, server.process.pid) if server else (given or f"sqlite:///{folder}/db/bench.sqlite3", 0)


def processor_seconds(pid: int) -> float:
    """Return what a process, its children and those of them that ended have used; 0 for none."""
    if not pid:
        return 0.0
    seconds = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            name, fields = stat.parent.name, stat.read_text().rpartition(")")[2].split()
            if str(pid) in {name, fields[1]}:
                seconds += sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return seconds


def practice_run(found: int) -> dict[str, Any]:
    """Play a practice run of so many files in an installation of its own, and count keystrokes and looks."""
    with tempfile.TemporaryDirectory(prefix="openhotline-bench-") as folder:
        environment = os.environ | {
            "OPENHOTLINE_VAR": folder,
            "OPENHOTLINE_MODE": "practice",
            "OPENHOTLINE_DATABASE_URL": f"sqlite:///{folder}/db/bench.sqlite3",
            "DJANGO_SETTINGS_MODULE": "openhotline.config.settings",
        }
        openhotline = str(Path(sys.executable).with_name("openhotline"))
        run = [openhotline, "practice", "run", "--items", str(found), "--json", "--var", folder]
        subprocess.run(run, env=environment, check=True, stdout=subprocess.DEVNULL)
        counting = [sys.executable, __file__, "--counted", folder]
        done = subprocess.run(counting, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        return dict(json.loads(done.stdout))


def _counted(folder: Path) -> None:
    import django

    django.setup()
    from desk_keys import counted

    json.dump(counted(folder / "practice" / "collection"), sys.stdout)


def main() -> int:
    """Measure, keep and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="smaller samples; what is kept is of whole runs")
    parser.add_argument("--items", type=int, nargs="+", help="in the database, one size after the other")
    parser.add_argument("--decisions", type=int, help="at each size; at most about a hundred")
    parser.add_argument("--found", type=int, help="files of the practice run")
    parser.add_argument("--only", choices=["wait", "keys"], help="measure one part, and keep the other as it was")
    parser.add_argument("--database", default="", help="address of an empty database; PostgreSQL of its own without it")
    parser.add_argument("--counted", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.counted:
        _counted(asked.counted)
        return 0
    quick = asked.quick or QUICK
    sizes = asked.items or ([1_000, 4_000] if quick else [10_000, 100_000, 1_000_000])
    decisions, found = asked.decisions or (20 if quick else 100), asked.found or (200 if quick else 2_000)
    result = json.loads(RESULT.read_text("utf-8")) if asked.only and RESULT.exists() else {}
    if asked.only != "keys":
        folder = tempfile.TemporaryDirectory(prefix="openhotline-bench-")
        with folder as made, database(asked.database, Path(made)) as where:
            result |= {"waiting": measured(Path(made), *where, sizes, decisions)}
    if asked.only != "wait":
        result |= {"practice_run": practice_run(found)}
    result |= {"goals": goals(result)}
    print(json.dumps(result, indent=2))
    if not quick:
        RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0 if quick or all(result["goals"].values()) else 1


def goals(result: dict[str, Any]) -> dict[str, bool]:
    """Say which goals are met, of those that were measured."""
    said: dict[str, bool] = {}
    if waiting := result.get("waiting"):
        said["p95_within_100_ms"] = waiting["sizes"][-1]["overhead_ms"]["p95"] <= MOST_MS
        said["three_keystrokes_pressed"] = waiting["sizes"][-1]["keystrokes_a_decision"] <= MOST_KEYS
    if run := result.get("practice_run"):
        said["commonest_by_three_keystrokes"] = run["commonest_decision"]["keystrokes"] <= MOST_KEYS
    return said


if __name__ == "__main__":
    sys.exit(main())
