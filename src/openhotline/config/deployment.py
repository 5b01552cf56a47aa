"""What production refuses: settings that are unsafe, keys that do not belong there, a database that may forget.

`faults_of` is asked by the settings: with such a fault nothing starts. `openhotline check --deploy` asks the rest as
well. All of it but the database and the people needs only the environment and the key folder, so that the check can
say everything at once even where nothing would start. Every fault is a sentence for the operator.
"""

import json
import re
import stat
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import NoReturn
from urllib.parse import parse_qs, unquote, urlsplit

from openhotline.config.declared import DEFAULTS
from openhotline.config.doors import missing_keys, needless_keys
from openhotline.core.errors import Misconfigured

PRACTICE_MARK = "made-in-practice"
HERE = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
POSTGRESQL = frozenset({"postgres", "postgresql"})
# How libpq must be told to speak to PostgreSQL on another machine; what it does by itself goes on without TLS.
WITH_TLS = frozenset({"require", "verify-ca", "verify-full"})
LONGEST = {"OPENHOTLINE_FRESH_MINUTES": 60, "OPENHOTLINE_IDLE_MINUTES": 240}
TWO = 2
OTHERS = stat.S_IRWXG | stat.S_IRWXO
_ONION = re.compile(r"https?://[a-z2-7]{56}\.onion")
ORIGIN_DOORS = ("public", "desk", "media", "members")


def onion_host(origin: str) -> str:
    """Return the host of an onion origin. Raises Misconfigured for what is none."""
    if not _ONION.fullmatch(origin):
        raise Misconfigured(
            f"OPENHOTLINE_ONION is {origin!r}; it must be http:// (or https://) and the 56 characters of an onion "
            "service with .onion, without a path."
        )
    return origin.partition("//")[2]


def faults_of(environment: Mapping[str, str]) -> list[str]:
    """Return why production must not start with this environment; empty when it may."""
    said = _said(environment)
    return [*_mode_faults(said), *_loose_hosts(said), *_open_origins(said), *_practice_keys(said)]


def further_faults(environment: Mapping[str, str]) -> list[str]:
    """Return what else is unsafe, or will not work: missing names, keys that are not there or are too many."""
    said = _said(environment)
    return [
        *_time_faults(said),
        *_missing_hosts(said),
        *_missing_origins(said),
        *_shared_hosts(said),
        *_open_wire(said),
        *_missing_proxies(said),
        *_key_faults(said),
    ]


def _said(environment: Mapping[str, str]) -> dict[str, str]:
    return dict(DEFAULTS) | {name: value for name, value in environment.items() if name in DEFAULTS}


def _hosts(said: Mapping[str, str]) -> list[str]:
    return [host.strip() for host in said["OPENHOTLINE_HOSTS"].split(",") if host.strip()]


def _origins(said: Mapping[str, str]) -> dict[str, str]:
    return {name: said[f"OPENHOTLINE_ORIGIN_{name.upper()}"] for name in ORIGIN_DOORS}


def _mode_faults(said: Mapping[str, str]) -> Iterator[str]:
    if said["OPENHOTLINE_DEBUG"].lower() in {"true", "1", "on", "yes", "y", "t", "ok"}:
        yield "OPENHOTLINE_DEBUG shows code and values to whoever causes an error. Unset it."
    if said["OPENHOTLINE_DOOR"] == "all":
        yield (
            "OPENHOTLINE_DOOR=all puts every door into one process, so that the public one can read what the desk can. "
            f"Run each door as its own process: {', '.join(ORIGIN_DOORS)}."
        )
    if urlsplit(said["OPENHOTLINE_DATABASE_URL"]).scheme not in POSTGRESQL:
        yield "Production needs PostgreSQL: set OPENHOTLINE_DATABASE_URL to postgres://…"


def _loose_hosts(said: Mapping[str, str]) -> Iterator[str]:
    if loose := [host for host in _hosts(said) if "*" in host or host.startswith(".")]:
        yield f"OPENHOTLINE_HOSTS holds {loose[0]!r}, which stands for names that others can choose. Name each host."


def _open_origins(said: Mapping[str, str]) -> Iterator[str]:
    for name, origin in _origins(said).items():
        parts = urlsplit(origin)
        setting = f"OPENHOTLINE_ORIGIN_{name.upper()}"
        if origin and parts.scheme != "https" and not (parts.hostname or "").endswith(".onion"):
            yield f"{setting} is {origin!r}; it must begin with https://, or be an onion service."
        elif origin and (parts.path or parts.query or not parts.hostname):
            yield f"{setting} is {origin!r}; it must be scheme and host only, as https://desk.hotline.example."


def _practice_keys(said: Mapping[str, str]) -> Iterator[str]:
    if (_key_folder(said) / PRACTICE_MARK).exists():
        yield f"The keys in {_key_folder(said)} were made in practice mode. Make keys for production, in a new folder."


def _key_folder(said: Mapping[str, str]) -> Path:
    return Path(said["OPENHOTLINE_VAR"]) / "keys"


def _time_faults(said: Mapping[str, str]) -> Iterator[str]:
    for name, most in LONGEST.items():
        minutes = said[name]
        if not minutes.isdigit() or not 1 <= int(minutes) <= most:
            yield f"{name} is {minutes!r}; it must be a whole number from 1 to {most}."


def _missing_hosts(said: Mapping[str, str]) -> Iterator[str]:
    hosts = _hosts(said)
    if said["OPENHOTLINE_DOOR"] not in ORIGIN_DOORS:
        return
    if not hosts:
        yield "OPENHOTLINE_HOSTS is empty, so this door answers to no name. Name the host of this door."
    if near := [host for host in hosts if host in HERE]:
        yield f"OPENHOTLINE_HOSTS holds {near[0]!r}, the name of the machine itself. Name the host that people open."


def _missing_origins(said: Mapping[str, str]) -> Iterator[str]:
    origins = _origins(said)
    for name, origin in origins.items():
        if not origin and (name == said["OPENHOTLINE_DOOR"] or name in {"desk", "media"}):
            yield (
                f"OPENHOTLINE_ORIGIN_{name.upper()} is not set. Give the address under which people open that door, "
                f"as https://{name}.hotline.example."
            )


def _shared_hosts(said: Mapping[str, str]) -> Iterator[str]:
    """Two doors of one host name share cookies, whatever the port, and what one shows acts with the other's session."""
    hosts = {name: urlsplit(origin).hostname for name, origin in _origins(said).items() if origin}
    for one, other in combinations(hosts, 2):
        if hosts[one] == hosts[other]:
            yield (
                f"OPENHOTLINE_ORIGIN_{one.upper()} and OPENHOTLINE_ORIGIN_{other.upper()} have the same host name, "
                f"{hosts[one]}. Give each door a host name of its own; another port is not enough."
            )


def _open_wire(said: Mapping[str, str]) -> Iterator[str]:
    address = urlsplit(said["OPENHOTLINE_DATABASE_URL"])
    if address.scheme not in POSTGRESQL:
        return
    options = {name: values[-1] for name, values in parse_qs(address.query).items()}
    host = options.get("hostaddr") or options.get("host") or unquote(address.hostname or "")
    if host and not host.startswith("/") and host not in HERE and options.get("sslmode") not in WITH_TLS:
        yield (
            f"OPENHOTLINE_DATABASE_URL leads to {host} without demanding TLS, so what the database holds crosses the "
            "network in clear. Add ?sslmode=verify-full (or verify-ca; require does not look who answers), or "
            "use a local socket or 127.0.0.1."
        )


def _missing_proxies(said: Mapping[str, str]) -> Iterator[str]:
    if said["OPENHOTLINE_DOOR"] == "public" and not said["OPENHOTLINE_PROXIES"].strip():
        yield (
            "OPENHOTLINE_PROXIES is empty, so all that the proxy hands on counts as one sender, and a flood of one is "
            "a flood of all. Name the proxy's IP address, as 127.0.0.1."
        )


def _key_faults(said: Mapping[str, str]) -> Iterator[str]:
    door, folder = said["OPENHOTLINE_DOOR"], _key_folder(said)
    there = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}
    for name in missing_keys(door, there):
        yield f"The key {name} is not in {folder}, and the {door} process needs it. Make it, or restore it."
    if needless := needless_keys(door, there):
        yield (
            f"{folder} holds keys that the {door} process has no use for: {', '.join(needless)}. Whoever takes it over "
            "would have them too. Give each door a data folder with its own keys."
        )
    if there and folder.stat().st_mode & OTHERS:
        yield f"The key folder can be entered by other users of this machine. Run: chmod 700 {folder}"
    for name, path in sorted(there.items()):
        if not name.endswith(".pub") and path.stat().st_mode & OTHERS:
            thing = f"The key {name}" if name.endswith(".key") else f"{name} in the key folder"
            yield f"{thing} can be read by other users of this machine. Run: chmod go= {path}"


def database_faults(setting: Callable[[str], str]) -> Iterator[str]:
    """Yield what lets PostgreSQL lose or tear what it said it had kept; ``setting`` asks it for one of its settings."""
    for name in ("fsync", "full_page_writes"):
        if setting(name) != "on":
            yield f"PostgreSQL runs with {name}={setting(name)}: a power cut can lose or tear what was acknowledged."
    if setting("synchronous_commit") in {"off", "local"}:
        yield (
            f"PostgreSQL runs with synchronous_commit={setting('synchronous_commit')}: what was acknowledged can be "
            "lost. Set it to on."
        )


def people_faults(managers: int, auditors: int, practice: int) -> Iterator[str]:
    """Yield what is wrong with who works here: acts that need two people, alerts nobody gets, people of practice."""
    if managers < TWO:
        yield (
            f"{managers} managers can sign in. Roles, lost keys and approvals need two: "
            "openhotline people invite --role manager."
        )
    if not auditors:
        yield (
            "No auditor can sign in, so nobody is told of unusual looking: openhotline people invite --role auditor."
        )
    if practice:
        yield f"{practice} people were made in practice mode. They cannot sign in here; begin with an empty database."


def end_before_start(refused: str, arguments: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    """End a command that cannot start, with the sentences on the error stream and code 1.

    Who asked ``check`` is told everything that can be seen without starting, with ``--json`` as JSON on the output.
    """
    if "check" not in arguments[:1]:
        raise SystemExit(refused)
    faults = [
        *faults_of(environment),
        *further_faults(environment),
        "The database, the sandbox and the people were not looked at: nothing starts before these are mended.",
    ]
    if "--json" in arguments:
        sys.stdout.write(json.dumps({"ok": False, "faults": faults}) + "\n")
        raise SystemExit(1)
    raise SystemExit("\n".join(faults))
