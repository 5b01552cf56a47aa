"""Addresses that lead inside, tried in a network of our own: no attempt to connect may reach a refused one.

Runs itself again in a fresh network namespace in which every address of the internet is this machine (`namespace.py`),
and asks the real fetcher for every address of `places.py`, with a real name server and real listeners. What counts is
heard at the wire. Prints one JSON object; ends with 1 when there is a fault, with 3 where there can be no namespace
(neither root nor user namespaces): then nothing was tried.

    python tests/faults/fault_fetcher.py [--times ROUNDS] [--into FILE] [--short] [--planted range|rebinding|redirect]
"""

import dataclasses
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent)]
from covering import Cover  # noqa: E402 - path above
from plays import ALONE, Play, main  # noqa: E402 - path above

from faults import namespace, places  # noqa: E402 - found by the path set above
from openhotline.core.net import fetch, names, ranges  # noqa: E402 - as above
from openhotline.core.net.addresses import ParsedAddress  # noqa: E402 - as above
from openhotline.core.net.connection import Route  # noqa: E402 - as above
from openhotline.core.net.errors import AddressInvalid, FetchFailed, FetchRefused  # noqa: E402 - as above
from openhotline.core.net.fetch import Policy  # noqa: E402 - as above
from openhotline.core.net.sockets import Meter  # noqa: E402 - as above

POLICY = Policy(100_000, 4.0, 6, authority="corpus")
BUGS = {
    "range": "one range is left out of the table",
    "rebinding": "names are resolved again for the connection",
    "redirect": "only the first address is checked",
}


def tried(place: places.Place) -> str:
    """Fetch, and return how it ended: "reached", "answered", or the code of the refusal or failure."""
    proxy = (namespace.NAME_SERVER, namespace.PROXY_PORT) if place.tor else None
    policy = dataclasses.replace(POLICY, tor=proxy, ours=place.ours)
    try:
        with namespace.environment(**place.environment):
            got = fetch.fetch(place.address, policy=policy)
    except AddressInvalid:
        return "address"
    except (FetchRefused, FetchFailed) as ended:
        return ended.code
    return "reached" if got.body == b"reached" else "answered"


def look(place: places.Place, ear: namespace.Ear, server: namespace.Names) -> tuple[str, list[str]]:
    """Try one place; return how it ended and what was wrong."""
    ear.heard()
    asked = len(server.asked)
    end = tried(place)
    strange = {
        f"{ip}:{port}" for ip, port in ear.heard() if ip not in place.connects and f"{ip}:{port}" not in place.connects
    }
    wrong = [f"{place.category}: {place.address!r} had {one} connected to." for one in sorted(strange)]
    if place.reached and end != "reached":
        wrong.append(f"{place.category}: {place.address!r} was not reached ({end}).")
    if place.silent and (looked_up := sorted(set(server.asked[asked:]))):
        wrong.append(f"{place.category}: {place.address!r} had {', '.join(looked_up)} looked up.")
    return end, wrong


def plant(bug: str) -> None:
    """Break the fetcher in one way."""
    if bug == "range":
        ranges._REFUSED = tuple(row for row in ranges._REFUSED if str(row[0]) != "100.64.0.0/10")
    whole, following, led_on = fetch._route, fetch._redirected, [False]

    def resolved_again(target: ParsedAddress, *given: Any) -> Any:
        return dataclasses.replace(whole(target, *given), ips=names.resolve(target.host, 2.0))

    def followed(*given: Any) -> Any:
        target = following(*given)
        led_on[0] = True
        return target

    def only_the_first(target: ParsedAddress, policy: Policy, meter: Meter, resolver: names.Resolver) -> Any:
        redirected, led_on[0] = led_on[0], False
        if redirected:
            return Route(resolver(target.host, 2.0), target.port, meter)
        return whole(target, policy, meter, resolver)

    if bug == "redirect":
        fetch._redirected = followed
    fetch._route = {"rebinding": resolved_again, "redirect": only_the_first}.get(bug, whole)


def play(folder: Path, rounds: int, _seed: int, *, planted: str) -> dict[str, Any]:
    """Try all places, so many times, in a namespace of our own."""
    if (sentence := namespace.enter()) is not None:
        return {"skipped": sentence}
    plant(planted)
    made = places.corpus()
    server = namespace.Names(made.zone)
    namespace.furnish(folder)
    server.serve()
    namespace.Web(made.pages, certificate(folder)).serve()
    ear = namespace.Ear()
    ends: Counter[str] = Counter()
    tried_of: Counter[int] = Counter()
    faults: list[str] = []
    for place in made.places * rounds:
        end, wrong = look(place, ear, server)
        tried_of[place.category] += 1
        ends[end] += 1
        faults += wrong
    return {
        "cases": sum(count for category, count in tried_of.items() if category),
        "legitimate": tried_of[0],
        "most_categories": len([category for category in tried_of if category]),
        "by_category": {f"{category}": count for category, count in sorted(tried_of.items())},
        "ends": dict(ends),
        "faults": faults,
    }


def certificate(folder: Path) -> Path:
    """Return a self-signed certificate of another name."""
    key = folder / "key.pem"
    name = ["-subj", "/CN=elsewhere.org", "-days", "2", "-nodes"]
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    subprocess.run([*made, *name, "-keyout", key, "-out", folder / "cert.pem"], check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_bytes(key.read_bytes() + (folder / "cert.pem").read_bytes())
    return both


def categories() -> set[str]:
    """Return the numbers of all categories of addresses."""
    return {f"{place.category}" for place in places.corpus().places}


COVERS = (Cover("categories", "by_category", categories),)
PLAYS = (Play(__file__, __doc__, play, 1, 1, BUGS, databases=ALONE, covers=COVERS),)

if __name__ == "__main__":
    main(PLAYS)
