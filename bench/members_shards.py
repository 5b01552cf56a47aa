"""Two match services with different streams, each with a data folder as another machine has it, and a front for both.

Each process alone answers for its own streams, the front for all of them. `bench_members.py` measures the front.

    python bench/members_shards.py

lists a picture in each of two streams, asks, withdraws one and asks again; prints what was said as JSON, and ends with
1 where it is not what one process for all streams would say.
"""

import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from report_load import Wire  # noqa: E402 - found by the path set above

Door = Callable[[str], AbstractContextManager[int]]
SHARDS = ("ordinary", "generative_ai,prohibited_image")


class Front:
    """Asks every shard the same and tells what any of them knows: the few lines a balancer or a member needs."""

    def __init__(self, ports: Sequence[int], key: str) -> None:
        self.wires = [Wire(port) for port in ports]
        self.head = (
            f"POST /members/v1/match HTTP/1.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
        )

    def ask(self, hashes: Sequence[str]) -> list[dict[str, Any]]:
        """Return one answer a hash: *yes* where any shard says so, with the matches of all."""
        body = json.dumps({"hashes": [{"kind": "pdq", "hash": one, "quality": 100} for one in hashes]}).encode()
        told = []
        for wire in self.wires:
            status, rest = wire.ask(self.head, body)
            assert status == 200, rest
            told.append(json.loads(rest.partition(b"\r\n\r\n")[2])["answers"])
        return [merged(of_one) for of_one in zip(*told, strict=True)]


def merged(answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what shards say together of one hash: the quality is too low for all of them, or for none."""
    matches = [match for one in answers for match in one["matches"]]
    words = {one["match"] for one in answers}
    word = "yes" if "yes" in words else "not_determined" if "not_determined" in words else "no"
    return {"match": word, "matches": matches}


def listed_in_two(place: Any) -> dict[str, str]:
    """List a picture in each of two streams and serve them; return hashes by stream."""
    listed = {"ordinary": secrets.token_hex(32), "generative_ai": secrets.token_hex(32)}
    place.list_one(listed["ordinary"])
    place.list_one(listed["generative_ai"], "wholly_synthetic")
    place.publish()
    from openhotline.core.clock import now
    from openhotline.hashlists.queries import published_version
    from openhotline.hashlists.services.serve_release import serve_release

    serve_release(version=published_version() or 0, actor="step:bench", now=now())
    return listed


def tried(door: Door, key: str, listed: dict[str, str], seconds: float) -> dict[str, Any]:
    """Ask two processes alone and together for hashes by stream; return what each said, and the front's lookups."""
    hashes = list(listed.values())
    with ExitStack() as running:
        ports = [running.enter_context(door(streams)) for streams in SHARDS]
        alone = {
            streams: [one["match"] for one in Front([port], key).ask(hashes)]
            for port, streams in zip(ports, SHARDS, strict=True)
        }
        front = Front(ports, key)
        together = [[match["stream"] for match in one["matches"]] for one in front.ask(hashes)]
        many, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            front.ask(hashes * 50)
            many += len(hashes) * 50
        spent = time.perf_counter() - began
    return {
        "asked_streams": list(listed),
        "alone": alone,
        "together": together,
        "each_answers_its_own_and_the_front_all": together == [[one] for one in listed]
        and all(said == ["yes" if one in of.split(",") else "no" for one in listed] for of, said in alone.items()),
        "front_lookups_per_second": round(many / spent),
    }


def across_machines(folder: Path) -> dict[str, Any]:
    """Try two doors whose data folders hold what each stream's machine needs; then withdraw what one of them serves."""
    from members_place import Installation

    place = Installation(folder)
    member, key = place.member("Asks Both")
    listed = listed_in_two(place)
    from openhotline.core.clock import now
    from openhotline.hashlists.models import Entry
    from openhotline.hashlists.services.build_edition import build_edition
    from openhotline.hashlists.services.withdraw_entry import withdraw_entry
    from openhotline.hashlists.states import WithdrawalReason

    build_edition(member=member, version=1, actor="step:bench", now=now())
    hashes = [*listed.values(), "0" * 64]
    with ExitStack() as running:
        folders = {streams: place.apart(streams, folder / f"machine-{at}") for at, streams in enumerate(SHARDS)}
        ports = [running.enter_context(place.door(streams, var)) for streams, var in folders.items()]
        said = {
            streams: [one["match"] for one in Front([port], key).ask(hashes)]
            for port, streams in zip(ports, SHARDS, strict=True)
        }
        said["the front"] = [one["match"] for one in Front(ports, key).ask(hashes)]
        gone = Entry.objects.get(ai_involvement="wholly_synthetic")
        withdraw_entry(entry=gone.public_id, reason=WithdrawalReason.FEEDBACK, actor=place.people["keeps"], now=now())
        said["the front, one withdrawn"] = [one["match"] for one in Front(ports, key).ask(hashes)]
    wanted = {
        "ordinary": ["yes", "no", "no"],
        "generative_ai,prohibited_image": ["no", "yes", "no"],
        "the front": ["yes", "yes", "no"],
        "the front, one withdrawn": ["yes", "no", "no"],
    }
    return {"asked": [*listed, "unknown"], "said": said, "as_one_process_would": said == wanted}


def main() -> None:
    """Try, print, and say by the exit code whether it is as it should be."""
    os.environ.pop("OPENHOTLINE_DATABASE_URL", None)
    with tempfile.TemporaryDirectory(prefix="shards-") as folder:
        found = across_machines(Path(folder))
    print(json.dumps(found, indent=1))
    raise SystemExit(not found["as_one_process_would"])


if __name__ == "__main__":
    main()
