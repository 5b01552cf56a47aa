"""Kill -9 from decision to gone: no notice to a wrong or unapproved party, none twice, and all that can go is gone.

Addresses with a confirmed item come in, fifty for each kill, in lots. A worker finds hosts, sends notices and looks
again, and dies at the moments that ``failing`` names, while a registry fails, lies and changes its mind, and a mail
server is busy, silent or refuses (``providers``). Copies of one mail, by Message-ID, are counted apart: what a worker
handed in before it died, and could not write down, is handed in again as the same mail. The DNS is not asked, as
practice asks none. Runs on SQLite and on a PostgreSQL of its own. Prints one JSON object; ends with 1 when there is a
fault.

    python tests/faults/fault_removal.py [--times KILLS] [--database sqlite|postgres] [--seed S] [--short] [--planted]
"""

import functools
import json
import secrets
import smtplib
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE)]
import providers  # noqa: E402 - path above
from covering import COMMITS, counts, moments  # noqa: E402 - path above
from plays import Play, main  # noqa: E402 - path above

from faults.parts import named_deaths  # noqa: E402 - path above

RATE = 0.03
ADDRESSES_A_KILL = 50
LEAST_LOT, MOST_LOT = 50, 200
STEP = timedelta(hours=13)
MOST_ROUNDS_AFTER = 40
MAIL_SECONDS = 1.0


def started(folder: Path, seed: int) -> tuple[subprocess.Popen[bytes], dict[str, int]]:
    """Start the providers and return their process and ports."""
    ports = folder / "providers.json"
    command = [sys.executable, str(HERE / "providers.py"), str(ports), str(folder / "mails.jsonl"), str(seed)]
    process = subprocess.Popen(command)
    ends = time.monotonic() + 30
    while not ports.exists() and time.monotonic() < ends:
        time.sleep(0.05)
    return process, json.loads(ports.read_text())


def point_at(ports: dict[str, int]) -> None:
    """Let this process and its children connect to the providers and to nothing else; mail waits a second."""
    from django.conf import settings

    from openhotline.core.net import mail

    web = ports["web"]
    settings.FETCH_ONLY = frozenset((ip, web) for ip in ("127.0.0.1", *providers.EVERY))
    settings.RDAP_SERVERS = (f"http://127.0.0.1:{web}/",)
    settings.MAIL = {"host": "127.0.0.1", "port": ports["mail"], "from": "notices@hotline.example"}
    quick = functools.partial(mail.MailServer, max_seconds=MAIL_SECONDS)
    mail.MailServer = quick


def people() -> None:
    """Add who approves contacts, and an authority to look again."""
    from openhotline.accounts.services.add_person import add_person
    from openhotline.accounts.services.record_authority import record_authority
    from openhotline.accounts.states import Role
    from openhotline.core.clock import now

    add_person(username="s", name="s", role=Role.SENIOR, password=None, practice=True, actor="faults", now=now())
    record_authority(
        scope="faults", jurisdiction="GB", approver="x", expires_at=now() + timedelta(days=3650), practice=True,
        actor="faults", now=now(),
    )  # fmt: skip


def confirmed_item() -> int:
    """Seal and list one item, which is then seen at every address."""
    from openhotline.core.clock import now
    from openhotline.evidence.services.seal_files import SealableFile, seal_files
    from openhotline.hashlists.models import Listable
    from openhotline.hashlists.services.list_items import list_items
    from openhotline.intake.models import Address

    address = Address.objects.create(lookup=secrets.token_hex(8), raw="x", canonical="x", first_seen_at=now())
    (item,) = seal_files(files=[SealableFile(data=secrets.token_bytes(16), address_id=address.pk)], now=now())
    offered = Listable(
        item_id=item.pk, ai_involvement="wholly_synthetic", real_child="", jurisdiction="GB-EAW",
        outcome="pseudo_photograph", category="B", provision="Protection of Children Act 1978 s1", consensus=2,
    )  # fmt: skip
    list_items(listables=[offered], actor="step:faults", now=now())
    return int(item.pk)


def come_in(item: int, port: int, number: int) -> None:
    """Let addresses come in whose page shows the item, most of them at providers that take mail."""
    from django.db import transaction

    from openhotline.core.clock import now
    from openhotline.core.net.addresses import parse
    from openhotline.evidence.models import Sighting
    from openhotline.intake.models import Address
    from openhotline.removal.services.open_removals import open_removals

    ips = [providers.SPREAD[n % len(providers.SPREAD)] for n in range(number)]
    with transaction.atomic():
        kept = Address.objects.keep([parse(f"http://{ip}:{port}/{secrets.token_hex(8)}") for ip in ips], now=now())
        keys = [address.pk for address in kept.values()]
        # Seen on the page, so that the page is what is looked at.
        Sighting.objects.bulk_create(Sighting(item_id=item, page_id=key, seen_at=now()) for key in keys)
    open_removals(address_ids=keys, actor="step:faults", now=now())


def approve_all_but_one() -> None:
    """Approve every contact that waits, as a person would who knows the providers; one of them never."""
    from openhotline.accounts.models import Person
    from openhotline.core.clock import now
    from openhotline.removal.queries.contacts import contacts_waiting
    from openhotline.removal.services.approve_contact import approve_contact
    from openhotline.removal.states import ContactState

    senior = Person.objects.get(username="s")
    refused = {providers.contact(ip) for ip in (providers.UNAPPROVED, providers.LIES)}
    for one in contacts_waiting().filter(state=ContactState.PROPOSED):
        if one.mail not in refused:
            approve_contact(contact=one.public_id, actor=senior, now=now())


def work(*, planted: str) -> bool:
    """Do once all that is due, as a worker and its clock do."""
    from openhotline.core import jobs
    from openhotline.core.clock import now
    from openhotline.due import DUE
    from openhotline.removal.models import Contact

    jobs.sweep(older_than=jobs.NO_TIME)
    jobs.drain()
    if planted:
        Contact.objects.update(state="approved")
    for name in ("hosts asked again", "notices sent again", "removals chased"):
        DUE[name](now())
    # The clock of a hotline comes by many times in the hours of a round.
    while DUE["addresses checked again"](now()):
        pass
    jobs.drain()
    return False


def taken_in(port: int) -> None:
    """Wait until the mail server has nothing more of a worker that died or gave it up: it is slow on a busy machine."""
    time.sleep(providers.HANGS_SECONDS)
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as server:
        server.noop()


def unfinished() -> int:
    """Count the addresses of providers that take mail which are not gone yet."""
    from openhotline.removal.models import Removal
    from openhotline.removal.states import RemovalState

    wanted = {f"Provider {ip}" for ip in (*providers.GOOD, providers.MOVES)}
    left = Removal.objects.exclude(state=RemovalState.GONE)
    return left.filter(hosting__provider__in=wanted).count() + left.filter(hosting=None, state="opened").count()


def faults_in(mails: Path) -> tuple[list[str], dict[str, int]]:
    """Hold every mail that came against what may be; return sentences and counts."""
    lines = [json.loads(line) for line in mails.read_text().splitlines()] if mails.exists() else []
    found, named, copies = list[str](), defaultdict[tuple[str, str], set[str]](set), Counter[str]()
    contents = defaultdict[str, set[str]](set)
    for line in lines:
        copies[line["id"]] += 1
        contents[line["id"]].add(line["reports"])
        found += _wrong(line)
        for url in line["urls"]:
            # By party: where the registry names another one from now on, that one is told, whoever was before.
            named[url, line["to"][0]].add(line["id"])
    found += [
        f"{len(ids)} different notices named one address to {to}." for (_, to), ids in named.items() if len(ids) > 1
    ]
    found += ["Two mails of one Message-ID carry different reports." for one in contents.values() if len(one) > 1]
    unlike = [where for line in lines for where in line["unlike_xarf"]]
    found += [f"A report does not fit XARF as it is published: {where}." for where in dict.fromkeys(unlike)]
    return found, {
        "mails": len(lines),
        "reports": sum(len(line["urls"]) for line in lines),
        "reports_unlike_xarf": len(unlike),
        "notices": len(copies),
        "copies_of_the_same_mail": sum(copies.values()) - len(copies),
        "addresses_named": len({url for url, _ in named}),
        "addresses_named_to_a_former_party_too": len(named) - len({url for url, _ in named}),
    }


def _wrong(line: dict[str, object]) -> Iterator[str]:
    hosts = {str(url).partition("//")[2].partition(":")[0] for url in line["urls"]}
    if len(line["to"]) != 1 or len(hosts) != 1:
        yield "A mail went to several, or about several providers."
        return
    (to,), (host,) = line["to"], hosts
    if to in {providers.contact(providers.UNAPPROVED), providers.contact(providers.LIES)}:
        yield "A mail went to a contact that no person approved."
    # The registry changed its mind in the middle: from an hour later on the old address is a wrong one.
    allowed = {providers.contact(host), providers.contact(host, moved=True)}
    if to not in allowed or (line["moved"] and to != providers.contact(host, moved=True)):
        yield "A mail went to a wrong party."
    if set(line["kinds"]) - {"multipart/mixed", "text/plain", "application/json"}:
        yield "A mail carried something else than text and reports."


def play(folder: Path, kills: int, seed: int, *, planted: str) -> dict[str, object]:
    """Kill so often while addresses come in, then let everything end, and look at every mail."""
    import failing
    import forking
    from django.db import connections

    from openhotline import journey  # noqa: F401 - its steps are connected when the apps are ready
    from openhotline.audit.services.seal import seal
    from openhotline.audit.services.verify import verify
    from openhotline.core import clock
    from openhotline.removal.models import Removal

    process, ports = started(folder, seed)
    log, found = folder / "named-deaths.log", list[str]()
    try:
        point_at(ports)
        people()
        item = confirmed_item()
        # Once without a death: every child would load again what this process has loaded, and examine the item again.
        work(planted="")
        failing.install()
        do, came, wanted = functools.partial(work, planted=planted), 0, ADDRESSES_A_KILL * kills
        lot = min(max(wanted // 4, LEAST_LOT), MOST_LOT)
        while came < wanted or named_deaths(log).total() < kills:
            if came >= wanted // 2 and not (folder / "moved").exists():
                # Nothing waits in a worker's hands: from here on every answer of before is over an hour old.
                taken_in(ports["mail"])
                (folder / "moved").touch()
            come_in(item, ports["web"], lot)
            came += lot
            died, tries = True, 0
            while died and tries < 20:
                connections.close_all()
                died = forking.work_until_dead(do, RATE)
                approve_all_but_one()
                tries += 1
            clock.advance(STEP)
        for _ in range(MOST_ROUNDS_AFTER):
            connections.close_all()
            forking.work_until_dead(do, 0)
            approve_all_but_one()
            if not unfinished() or (planted and faults_in(folder / "mails.jsonl")[0]):
                break
            clock.advance(STEP)
        found += [f"{unfinished()} addresses are not gone."] if unfinished() else []
    except forking.EndedByItselfError as ended:
        found.append(str(ended))
    finally:
        process.kill()
        process.wait()
    more, counts = faults_in(folder / "mails.jsonl")
    seal(now=clock.now())
    states = Counter(Removal.objects.values_list("state", flat=True))
    return {
        "kills": named_deaths(log).total(),
        "died_at": dict(named_deaths(log)),
        "addresses": sum(states.values()),
        "states": dict(states),
        **counts,
        "faults": [*found, *dict.fromkeys(more), *verify().faults],
    }


COVERS = (moments(*COMMITS, "a mail is handed in"), counts("mails", "notices"))
BUG = "a worker takes every contact for approved"
PLAYS = (Play(__file__, __doc__, play, 200, 2, BUG, covers=COVERS),)

if __name__ == "__main__":
    main(PLAYS)
