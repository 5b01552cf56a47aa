"""Two match services with different streams, as two machines would run them, and a front that asks both.

Used by `bench_members.py`: each process alone answers for its own streams, the front for all of them.
"""

import json
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import Any

from report_load import Wire

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
