"""What keeping evidence safe costs: each of our ways beside the limit it cannot pass, in turns within one run.

Sealing and opening in memory beside AES-256-GCM over the same bytes; sealing whole files (key, object, flush, row)
beside writing the same bytes and flushing each to the same disk; the audit log beside rows of the same content in a
table of their own, its verification beside reading and hashing the rows; the rotation of keys beside the same two
AES-GCM operations a key without a store. Told are medians with ranges, and the ratio of each round. Prints one JSON
object and keeps it in bench/results/keeping.json.

    python bench/bench_keeping.py [--rounds N] [--quick]
"""

import argparse
import hashlib
import json
import os
import platform
import secrets
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "tests")]
RESULT = ROOT / "bench" / "results" / "keeping.json"
MEGABYTE = 1_000_000
# Bytes of an object, and how many objects a round seals: a tile, a photograph, a film.
OBJECTS = {"0.1 MB": (100_000, 200), "1 MB": (MEGABYTE, 40), "10 MB": (10 * MEGABYTE, 4)}
# How many of each a round does.
FILES, RECORDS, KEYS = 100, 2_000, 4_000
BATCH = 20


def spread(values: list[float]) -> dict[str, float]:
    """Return median and range, to three digits."""
    ends = {"median": statistics.median(values), "least": min(values), "most": max(values)}
    return {name: float(f"{value:.3g}") for name, value in ends.items()}


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def beside(
    rounds: int, unit: str, amount: float, ours: Callable[[], float], limit: Callable[[], float]
) -> dict[str, Any]:
    """Let both take turns, each telling the seconds it took for this amount; return rates and shares."""
    seconds: dict[str, list[float]] = {"ours": [], "limit": []}
    ways = {"ours": ours, "limit": limit}
    for turn in range(rounds):
        for name in sorted(ways, reverse=bool(turn % 2)):
            seconds[name].append(ways[name]())
    shares = [limit / ours for ours, limit in zip(seconds["ours"], seconds["limit"], strict=True)]
    rates = {name: spread([amount / one for one in taken]) for name, taken in seconds.items()}
    return {"unit": unit, **rates, "share_of_limit": spread(shares)}


def in_memory(rounds: int, part: float) -> dict[str, Any]:
    """Seal and open objects in memory, beside AES-256-GCM with a key and a nonce each."""
    from openhotline.core import sealing

    told = {}
    for name, (size, most) in OBJECTS.items():
        count = max(1, int(most * part))
        content = secrets.token_bytes(size)
        binds = [sealing.Binding(f"itm_{number}", "original") for number in range(count)]
        keys = [sealing.new_data_key() for _ in range(count)]
        sealed = [sealing.seal(content, key=key, binds=one) for key, one in zip(keys, binds, strict=True)]
        ciphers = [AESGCM(secrets.token_bytes(32)) for _ in range(count)]
        locked = [cipher.encrypt(b"0" * 12, content, b"itm") for cipher in ciphers]

        def seal_all(content: bytes = content, keys: list[Any] = keys, binds: list[Any] = binds) -> None:
            for key, one in zip(keys, binds, strict=True):
                sealing.seal(content, key=key, binds=one)

        def open_all(sealed: list[bytes] = sealed, keys: list[Any] = keys, binds: list[Any] = binds) -> None:
            for data, key, one in zip(sealed, keys, binds, strict=True):
                sealing.unseal(data, key=key, binds=one)

        def lock_all(content: bytes = content, ciphers: list[AESGCM] = ciphers) -> None:
            for cipher in ciphers:
                cipher.encrypt(b"0" * 12, content, b"itm")

        def unlock_all(locked: list[bytes] = locked, ciphers: list[AESGCM] = ciphers) -> None:
            for data, cipher in zip(locked, ciphers, strict=True):
                cipher.decrypt(b"0" * 12, data, b"itm")

        megabytes = size * count / MEGABYTE
        told[f"seal {name} in memory, beside AES-256-GCM"] = beside(
            rounds, "MB/s", megabytes, lambda: timed(seal_all), lambda: timed(lock_all)
        )
        told[f"open {name} in memory, beside AES-256-GCM"] = beside(
            rounds, "MB/s", megabytes, lambda: timed(open_all), lambda: timed(unlock_all)
        )
    return told


def to_disk(rounds: int, part: float, folder: Path) -> dict[str, Any]:
    """Take files in (key, object, flush, row, record) beside the same bytes written and flushed one by one."""
    from openhotline.core.clock import now
    from openhotline.core.net.addresses import parse
    from openhotline.evidence.services.seal_files import SealableFile, seal_files
    from openhotline.intake.models import Address

    parsed = parse("http://localhost/bench")
    address = Address.objects.keep([parsed], now=now())[parsed.canonical]
    plain = folder / "plain"
    plain.mkdir()
    told = {}
    for batch in (1, BATCH):
        count = max(batch, int(FILES * part) // batch * batch)

        def take_in(batch: int = batch, count: int = count) -> float:
            files = [SealableFile(secrets.token_bytes(100_000), address_id=address.pk) for _ in range(count)]

            def work() -> None:
                for start in range(0, count, batch):
                    seal_files(files=files[start : start + batch], now=now())

            return timed(work)

        def write(count: int = count) -> float:
            files = [secrets.token_bytes(100_000) for _ in range(count)]

            def work() -> None:
                for content in files:
                    with (plain / secrets.token_hex(8)).open("wb") as file:
                        file.write(content)
                        file.flush()
                        os.fsync(file.fileno())

            return timed(work)

        told[f"take in files of 0.1 MB, {batch} at a time, beside a file written and flushed"] = beside(
            rounds, "files/s", count, take_in, write
        )
    return told


def log(rounds: int, part: float, folder: Path) -> dict[str, Any]:
    """Append to the log and verify it, beside rows of the same content, and reading and hashing what it holds."""
    from django.db import connection, transaction

    from openhotline.audit.models import Record
    from openhotline.audit.services.record import record
    from openhotline.audit.services.seal import seal
    from openhotline.audit.services.verify import verify
    from openhotline.core.clock import now

    count = max(200, int(RECORDS * part))
    other = sqlite3.connect(folder / "rows.sqlite3", isolation_level=None)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("PRAGMA synchronous = FULL")
    other.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, uuid TEXT UNIQUE, at TEXT, content TEXT)")
    moment = [now()]

    def next_moment() -> datetime:
        moment[0] += timedelta(seconds=1)
        return moment[0]

    def append() -> None:
        for number in range(count):
            with transaction.atomic():
                record(actor="per_bench", action="view_granted", subject=f"itm_{number}", now=next_moment())

    def insert() -> None:
        for number in range(count):
            other.execute("BEGIN IMMEDIATE")
            line = (secrets.token_hex(8), now().isoformat(), f"per_bench view_granted itm_{number}")
            other.execute("INSERT INTO row (uuid, at, content) VALUES (?, ?, ?)", line)
            other.execute("COMMIT")

    told = {
        "append to the log, one a transaction, beside a row of the same content": beside(
            rounds, "records/s", count, lambda: timed(append), lambda: timed(insert)
        )
    }
    seal(now=next_moment())
    there = Record.objects.count()
    assert verify().ok

    def digest() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT uuid, at, actor, action, subject, count, digest, detail FROM audit_record")
            for row in cursor:
                hashlib.sha256(repr(row).encode()).digest()

    told["verify the log, beside reading its rows and SHA-256"] = beside(
        rounds, "records/s", there, lambda: timed(verify), lambda: timed(digest)
    )
    other.close()
    return told


def rotation(rounds: int, part: float) -> dict[str, Any]:
    """Wrap every data key anew by a new epoch's key, beside the same opening and locking without a store."""
    from openhotline.core import keys
    from openhotline.core.datakeys import data_keys

    store = data_keys()
    count = max(500, int(KEYS * part))
    for start in range(0, count, 500):
        store.make([f"itm_bench{number}" for number in range(start, min(start + 500, count))])
    count = store.count()
    before, after = AESGCM(secrets.token_bytes(32)), AESGCM(secrets.token_bytes(32))
    raw = len(store.get("itm_bench0").raw)
    wrapped = [before.encrypt(b"0" * 12, secrets.token_bytes(raw), b"") for _ in range(count)]

    def rotate() -> float:
        number = store.epochs()[-1].number + 1
        keys.make_epoch(store.folder, number, secrets.token_bytes(keys.LENGTH))
        store.begin_epoch(number)
        return timed(lambda: [*store.rewrap()])

    def anew() -> None:
        for one in wrapped:
            after.encrypt(b"1" * 12, before.decrypt(b"0" * 12, one, b""), b"")

    told = beside(rounds, "keys/s", count, rotate, lambda: timed(anew))
    assert not sum(epoch.keys for epoch in store.epochs()[:-1])
    return {"rotate keys durably, beside AES-GCM without a store": told}


def bench(folder: Path, rounds: int, part: float) -> dict[str, Any]:
    """Set up an installation of its own on SQLite and measure everything on it."""
    os.environ.pop("OPENHOTLINE_DATABASE_URL", None)
    from faults.databases import set_up

    set_up(folder / "var", "")
    told: dict[str, Any] = {
        "suite": "safekeeping",
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "rounds": rounds,
        "database": "sqlite",
    }
    figures = in_memory(rounds, part) | to_disk(rounds, part, folder) | log(rounds, part, folder)
    figures |= rotation(rounds, part)
    from django.db import connections

    connections.close_all()
    return told | {"figures": figures, "load": [round(value, 2) for value in os.getloadavg()]}


def main() -> None:
    """Measure once, keep and print."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--rounds", type=int, default=7)
    asked.add_argument("--quick", action="store_true", help="three small rounds; keeps nothing")
    chosen = asked.parse_args()
    quick = chosen.quick or bool(os.environ.get("QUICK"))
    # Where the data of practice lies and not in /tmp, which may be memory: the disk is part of what is measured.
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "var") as folder:
        told = bench(Path(folder), 3 if quick else chosen.rounds, 0.2 if quick else 1.0)
    text = json.dumps(told, indent=2)
    if not quick:
        RESULT.write_text(text + "\n")
    print(text)


if __name__ == "__main__":
    main()
