"""What members wait for: lookups a second, how soon a new entry is found, what changes weigh, and who is flagged.

Lookups: requests of 100 hashes and of one, over four connections (of one also over one, "alone"), against the same few
lines of server before nothing (the floor), before a mapped `hashmatch` index and before `threatexchange`'s index (its
default for PDQ); and against the members' door with key, budget, flags and log. All on this machine, which also sends;
one hash in fifty is near.
Visible: from the moment a release is published by two people to the first *yes*, with door and worker as processes.
Changes: 1 % of a list changed; bytes, and seconds to check and apply them. Small lists: 0, 1, 2, 64 identical entries,
upper case, low quality, at both. Attackers: scripts that feel for the edge of a match; after how many queries each is
flagged. Shards: two processes with a stream each, and a front that asks both. Refused: tampered, repeated, left-out and
other members' changes. Compared: times the peer, share of the floor. Prints one JSON object, and writes it.

What is measured of one part is kept in var until all are: who begins again after an interruption goes on.
With OPENHOTLINE_INDEX_MEMORY naming a tmpfs mounted with huge=always the door reads its index there.
Of ten million entries the peer takes some 10 GB of memory while it is built, and 7 GB while it serves.

    python bench/bench_members.py [--quick] [--entries N ...] [--add] [--only PART ...] [--peer-up-to N] [--lines N]
                                  [--out FILE]
"""

import argparse
import io
import json
import os
import pickle
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from members_attackers import attackers  # noqa: E402 - found by the path set above
from members_lines import line_of, signed_changes  # noqa: E402 - found by the path set above
from members_place import BIN, Installation, free_port, serving  # noqa: E402 - found by the path set above
from report_load import Wire  # noqa: E402 - found by the path set above

Hashes = NDArray[np.uint8]
Request = tuple[str, bytes]
CONNECTIONS, BATCH, RADIUS = 4, 100, 31
NEAR_EVERY = 50


def hashes_of(count: int, seed: int = 1) -> Hashes:
    """Return random hashes, as a list of unrelated pictures has."""
    return np.random.default_rng(seed).integers(0, 256, (count, 32), np.uint8)


def asked(listed: Hashes, count: int, seed: int) -> Hashes:
    """Return queries, one in fifty of them ten bits from an entry."""
    queries = hashes_of(count, seed)
    near = np.arange(0, count, NEAR_EVERY)
    queries[near] = listed[near * 7919 % len(listed)]
    queries[near, 0] ^= 0xFF
    queries[near, 1] ^= 0x03
    return queries


def minimal(engine: str, index: Path | None) -> Any:
    """Serve the few lines before an engine, which is read once and shared by both processes."""
    port = free_port()
    command = [str(BIN / "gunicorn"), "--preload", "-w", "2", "--threads", "4", "-b", f"127.0.0.1:{port}"]
    surroundings = {"ENGINE": engine, "INDEX": str(index or "")}
    return serving([*command, "--log-level", "error", "members_server:application"], surroundings, port)


def load(requests: Sequence[Request], port: int, size: int, seconds: float, at_a_time: int) -> dict[str, Any]:
    """Ask over so many connections for so long; return lookups a second and how long one request takes."""
    taken: list[float] = []
    stop = time.perf_counter() + seconds

    def run(first: int) -> None:
        wire, at = Wire(port), first
        while (began := time.perf_counter()) < stop:
            at = (at + at_a_time) % len(requests)
            status, rest = wire.ask(*requests[at])
            taken.append(time.perf_counter() - began)
            assert status == 200, rest

    threads = [threading.Thread(target=run, args=(one,)) for one in range(at_a_time)]
    began = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    spent = time.perf_counter() - began
    p50, p99 = np.percentile(taken, [50, 99]) * 1000
    return {"per_second": round(len(taken) * size / spent), "p50_ms": round(p50, 2), "p99_ms": round(p99, 2)}


def loads(ask: Callable[[Hashes], Request], port: int, queries: Hashes, seconds: float) -> dict[str, Any]:
    """Ask in hundreds and singly; the requests are made before, so that a core is spent on answers and not on them."""
    single = [ask(queries[at : at + 1]) for at in range(len(queries))]
    hundreds = [ask(queries[at : at + BATCH]) for at in range(0, len(queries), BATCH)]
    load(single, port, 1, min(2.0, seconds), CONNECTIONS)
    return {
        "in_hundreds": load(hundreds, port, BATCH, seconds, CONNECTIONS),
        "single": load(single, port, 1, seconds, CONNECTIONS),
        "single_alone": load(single, port, 1, seconds, 1),
    }


def bare(some: Hashes) -> Request:
    """Return what the minimal server is asked."""
    return "POST / HTTP/1.1\r\n", some.tobytes()


def speeds(listed: Hashes, first: int, seconds: float, folder: Path, *, peer: bool) -> dict[str, Any]:
    """Measure every engine behind the same server with one list, whose ids begin with ``first``."""
    import hashmatch

    queries = asked(listed, 40_000, 2)
    paths: dict[str, Path | None] = {"floor": None, "ours": folder / "ours.index"}
    began = time.perf_counter()
    hashmatch.Index.build(listed, np.arange(first, first + len(listed), dtype=np.int64)).save(folder / "ours.index")
    found: dict[str, Any] = {"seconds_to_build": {"ours": round(time.perf_counter() - began, 1)}}
    if peer:
        paths["peer"] = folder / "peer.index"
        np.save(folder / "listed.npy", listed)
        # In a process of its own, which gives back the memory that it takes.
        command = [sys.executable, str(HERE / "members_server.py"), str(folder / "listed.npy"), str(paths["peer"])]
        made = subprocess.run(command, env={**os.environ, "ENGINE": "peer"}, check=True, stdout=subprocess.PIPE)
        found["seconds_to_build"]["peer"] = float(made.stdout)
    for engine, path in paths.items():
        with minimal(engine, path) as port:
            found[engine] = loads(bare, port, queries, seconds)
    if peer:
        (folder / "peer.index").unlink()
    return found


def by_door(key: str) -> Callable[[Hashes], Request]:
    """Return how the members' door is asked."""
    head = f"POST /members/v1/match HTTP/1.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"

    def ask(some: Hashes) -> Request:
        body = {"hashes": [{"kind": "pdq", "hash": one.tobytes().hex(), "quality": 100} for one in some]}
        return head, json.dumps(body).encode()

    return ask


def by_hma(key: str) -> Callable[[Hashes], Request]:
    """Return how a program written for a Hasher-Matcher-Actioner asks of one hash."""

    def ask(some: Hashes) -> Request:
        signal = some[0].tobytes().hex()
        path = f"/members/hma/m/lookup?signal_type=pdq&signal={signal}"
        return f"GET {path} HTTP/1.1\r\nAuthorization: Bearer {key}\r\n", b""

    return ask


def door_speeds(
    place: Installation, key: str, listed: Hashes, first: int, seconds: float, folder: Path
) -> dict[str, Any]:
    """Measure the whole door with the same list; it is the list that is large, not the table of entries."""
    from openhotline.hashlists.models.served_list import RECORD, begin_anew, begun_path, journal_path
    from openhotline.hashlists.queries.served import served_folder

    rows = np.empty(len(listed), RECORD)
    # Keys that no row has: a hit is looked for in the table like any other, and answered as withdrawn.
    rows["entry"], rows["pdq"] = np.arange(first, first + len(listed)), listed
    begin_anew(served_folder())
    begun_path(served_folder()).touch()
    rows.tofile(journal_path(served_folder(), "ordinary"))
    (folder / "ours.index").rename(served_folder() / f"ordinary-{len(listed)}.index")
    queries = asked(listed, 40_000, 3)
    # The door has it from the surroundings of this script, as it would from an operator's.
    found: dict[str, Any] = {"huge_pages": bool(os.environ.get("OPENHOTLINE_INDEX_MEMORY"))}
    with place.door() as port:
        found |= loads(by_door(key), port, queries, seconds)
        as_hma = [by_hma(key)(queries[at : at + 1]) for at in range(len(queries))]
        found["hma_single"] = load(as_hma, port, 1, seconds, CONNECTIONS)
    begin_anew(served_folder())
    return found


def visible(place: Installation, key: str, times: int) -> dict[str, Any]:
    """Measure from published to found, with door and worker as processes."""
    spent = []
    with place.worker(), place.door() as port:
        wire, head = Wire(port), f"POST /members/v1/match HTTP/1.1\r\nAuthorization: Bearer {key}\r\n"
        time.sleep(5)
        for _ in range(times):
            pdq = secrets.token_hex(32)
            place.list_one(pdq)
            began = place.publish()
            body = json.dumps({"hashes": [{"kind": "pdq", "hash": pdq, "quality": 100}]}).encode()
            while b'"yes"' not in wire.ask(f"{head}Content-Type: application/json\r\n", body)[1]:
                if time.perf_counter() - began > 60:
                    raise SystemExit("an entry was not found a minute after it was published")
                time.sleep(0.02)
            spent.append(time.perf_counter() - began)
    return {"times": times, "seconds_median": round(float(np.median(spent)), 2), "seconds_most": round(max(spent), 2)}


def changes(lines: int) -> dict[str, Any]:
    """Change 1 % of a list; then try what must be refused.

    Of the lines that stay what they are the copy's state needs the sum alone: they are not held in memory.
    """
    import zlib

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from openhotline.hashlists.errors import ReleaseRefused
    from openhotline.hashlists.models.edition_file import MODULUS, Copy, apply_changes, weight

    key, member = Ed25519PrivateKey.generate(), "par_bench"
    touched = range(0, lines, 100)
    copy = {f"ent_{at:026d}": line_of(at, 1) for at in touched}
    whole, base = 0, 0
    for line in (line_of(at, 1) for at in range(lines)):
        whole, base = whole + len(line) + 1, base + weight(line)
    base %= MODULUS
    new = [line_of(at, 2) for at in touched]
    state = (base + sum(map(weight, new)) - sum(weight(copy[f"ent_{at:026d}"]) for at in touched)) % MODULUS
    about = {"member": member, "version": 2, "since": 1, "practice": False}
    about |= {"base": f"{base:064x}", "state": f"{state:064x}"}
    content = signed_changes(about, new, key)
    at, public = Copy(member, 1, base), key.public_key()
    few = {name: copy[name] for name in list(copy)[:1000]}

    def refused(wrong: bytes, where: Copy) -> bool:
        with suppress(ReleaseRefused):
            apply_changes(dict(few), where, io.BytesIO(wrong), public, practice=False)
            return False
        return True

    short = signed_changes({**about, "base": about["state"]}, new[:5], key)
    dice = np.random.default_rng(5)
    tampered = [
        short[:place] + bytes([short[place] ^ 1 << int(dice.integers(8))]) + short[place + 1 :]
        for place in dice.integers(0, len(short), 500)
    ]
    told = {
        "tampered": [refused(one, Copy(member, 1, state)) for one in tampered],
        "repeated": [refused(content, Copy(member, 2, state))],
        "of_another_member": [refused(content, Copy("par_other", 1, base))],
        "left_out": [refused(content, Copy(member, 0, base)), refused(content, Copy(member, 1, base ^ 1))],
        "of_another_key": [refused(signed_changes(about, new[:5], Ed25519PrivateKey.generate()), at)],
    }
    began = time.perf_counter()
    apply_changes(copy, at, io.BytesIO(content), public, practice=False)
    return {
        "lines": lines,
        "changed": len(new),
        "whole_bytes": whole,
        "changes_bytes": len(content),
        "changes_bytes_gzip": len(zlib.compress(content, 6)),
        "seconds_to_check_and_apply": round(time.perf_counter() - began, 2),
        "refused": {name: f"{sum(all_of)} of {len(all_of)}" for name, all_of in told.items()},
    }


def small_lists(folder: Path, *, peer: bool) -> dict[str, Any]:
    """Ask lists of 0, 1, 2 and 64 identical entries, saved and opened again, for one of them."""
    import hashmatch

    one, found = hashes_of(1, 4), {}
    for count in (0, 1, 2, 64):
        listed = np.repeat(one, count, axis=0)
        hashmatch.Index.build(listed, np.arange(count, dtype=np.int64)).save(folder / "small")
        found[str(count)] = {"ours": len(hashmatch.Index.open(folder / "small").search(one).id)}
        if peer:
            from threatexchange.signal_type.pdq.pdq_index import PDQIndex

            built = PDQIndex((row.tobytes().hex(), at) for at, row in enumerate(listed))
            again = pickle.loads(pickle.dumps(built))  # noqa: S301 - ours, of this line
            found[str(count)]["peer"] = len(again.query(one.tobytes().hex()))
    return found


def written(wire_of: Installation, key: str) -> dict[str, str]:
    """Ask the door for the same hash in small and capital letters and with a low quality."""
    pdq = secrets.token_hex(32)
    wire_of.list_one(pdq)
    wire_of.publish()
    from openhotline.core.clock import now
    from openhotline.hashlists.queries import published_version
    from openhotline.hashlists.services.serve_release import serve_release

    serve_release(version=published_version() or 0, actor="step:bench", now=now())
    head = f"POST /members/v1/match HTTP/1.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
    asks = {"small": (pdq, 100), "capital": (pdq.upper(), 100), "low_quality": (pdq, 49)}
    body = {"hashes": [{"kind": "pdq", "hash": text, "quality": quality} for text, quality in asks.values()]}
    with wire_of.door() as port:
        _, rest = Wire(port).ask(head, json.dumps(body).encode())
    answers = json.loads(rest.partition(b"\r\n\r\n")[2])["answers"]
    return {name: answer["match"] for name, answer in zip(asks, answers, strict=True)}


def shards(place: Installation, key: str, seconds: float) -> dict[str, Any]:
    """List a picture in each of two streams and ask two processes that each serve one of them."""
    from members_shards import listed_in_two, tried

    return tried(place.door, key, listed_in_two(place), seconds)


def compared(engines: dict[str, Any]) -> dict[str, Any]:
    """Return how many times the peer ours is in hundreds, and what share of the bare floor single lookups reach."""
    ours, floor = engines["ours"], engines["floor"]
    told = {
        f"{name}_{how}_of_floor": round(engines[of][how]["per_second"] / floor[how]["per_second"], 2)
        for name, of in (("index", "ours"), ("door", "members_door"))
        for how in ("single", "single_alone")
    }
    hma = engines["members_door"]["hma_single"]["per_second"]
    told["hma_single_of_floor"] = round(hma / floor["single"]["per_second"], 2)
    if "peer" in engines:
        peer = engines["peer"]
        told["times_the_peer_in_hundreds"] = round(
            ours["in_hundreds"]["per_second"] / max(1, peer["in_hundreds"]["per_second"]), 1
        )
        told["times_the_peer_single"] = round(ours["single"]["per_second"] / max(1, peer["single"]["per_second"]), 1)
    return told


def kept(path: Path, stages: dict[str, Callable[[], Any]], run: dict[str, Any]) -> dict[str, Any]:
    """Measure stage by stage; those of an interrupted run of the same arguments are not measured again."""
    known = json.loads(path.read_text()) if path.exists() else {}
    found: dict[str, Any] = known["found"] if known.get("run") == run else {}
    for name, measure in stages.items():
        if name in found:
            continue
        began = time.perf_counter()
        found[name] = measure()
        print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
        path.write_text(json.dumps({"run": run, "found": found}))
    path.unlink(missing_ok=True)
    return found


def asked_for() -> argparse.Namespace:
    """Read the command line."""
    quick = os.environ.get("QUICK") == "1"
    asks = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asks.add_argument("--quick", action="store_true", default=quick, help="small, in about two minutes")
    asks.add_argument("--entries", type=int, nargs="*", help="how long the list is")
    asks.add_argument("--peer-up-to", type=int, default=10_000_000, help="to which length the peer is measured as well")
    asks.add_argument("--lines", type=int, help="how long the list is of which 1 %% changes")
    asks.add_argument(
        "--add", action="store_true", help="measure the lengths alone, and add them to what the file holds"
    )
    asks.add_argument(
        "--only", nargs="*", metavar="PART", help="measure these parts alone, and add them to what the file holds"
    )
    asks.add_argument("--out", type=Path, default=HERE / "results" / "members.json")
    told = asks.parse_args()
    told.entries = told.entries or ([50_000] if told.quick else [1_000_000, 10_000_000])
    told.lines = told.lines or (20_000 if told.quick else 1_000_000)
    return told


def main() -> None:
    """Measure, print, write."""
    told = asked_for()
    quick, seconds = told.quick, 2.0 if told.quick else 8.0
    (HERE.parent / "var").mkdir(exist_ok=True)
    os.environ.pop("OPENHOTLINE_DATABASE_URL", None)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=HERE.parent / "var") as name:
        folder = Path(name)
        place = Installation(folder)
        _, key = place.member("Bench")

        def size_of(size: int) -> dict[str, Any]:
            listed, first = hashes_of(size), 10**9
            one = speeds(listed, first, seconds, folder, peer=size <= told.peer_up_to)
            one["members_door"] = door_speeds(place, key, listed, first, seconds, folder)
            return one | {"compared": compared(one)}

        stages: dict[str, Callable[[], Any]] = {
            "small_lists": lambda: small_lists(folder, peer=True),
            "written": lambda: written(place, key),
            "shards": lambda: shards(place, key, 1.0 if quick else 5.0),
            "visible": lambda: visible(place, key, 5 if quick else 20),
            "attackers": lambda: attackers(place.member, 5 if quick else 20),
            "changes": lambda: changes(told.lines),
        }
        if told.add:
            stages = {}
        if told.only:
            stages, told.entries = {name: stages[name] for name in told.only}, []
        stages |= {f"entries {size}": partial(size_of, size) for size in told.entries}
        part = HERE.parent / "var" / f"bench-{told.out.stem}{'.quick' if quick else ''}.part"
        run = {"entries": told.entries, "lines": told.lines, "quick": quick, "add": told.add, "only": told.only}
        found = kept(part, stages, run)
    lengths = {str(size): found.pop(f"entries {size}") for size in told.entries}
    before = json.loads(told.out.read_text()) if told.add or told.only else {"entries": {}}
    found = before | found | {"entries": before["entries"] | lengths}
    text = json.dumps(found, indent=1)
    print(text)
    if not quick:
        told.out.write_text(text + "\n")


if __name__ == "__main__":
    main()
