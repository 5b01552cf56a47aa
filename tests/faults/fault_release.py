"""Kill -9 at every named moment of a release: a member only ever finds whole, signed versions, and none twice.

Two people list, revise, withdraw, draft, approve and publish over and over, and die at moments that ``failing`` names.
After each death every published file is verified as a member would verify it, and held against what was there before.
One member's editions are built with each release: it keeps a copy of its own, brings it up after every death by the
changes that it finds, and holds it against the newest edition. In a process of its own it polls all the while, also
while others are at work and die: see ``polling``.
Runs on SQLite and on a PostgreSQL of its own. Prints one JSON object; ends with 1 when there is a fault.

    python tests/faults/fault_release.py [--times N] [--database sqlite|postgres] [--short] [--planted]
"""

import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]
from covering import COMMITS, ORDER_OF_WRITING, counts, moments  # noqa: E402 - path above
from plays import Play, main  # noqa: E402 - path above

from faults.parts import named_deaths  # noqa: E402 - path above

RATE = 0.06


def people(**agreed: object) -> None:
    """Add who drafts and who approves, and a member; ``agreed``: what its agreement says besides downloads."""
    from openhotline.accounts.services.add_person import add_person
    from openhotline.accounts.states import Role
    from openhotline.core.clock import now

    for name, role in (("drafts", Role.SENIOR), ("approves", Role.SENIOR), ("admits", Role.MANAGER)):
        add_person(username=name, name=name, role=role, password=None, practice=True, actor="faults", now=now())
    admit_one(agreed)


def admit_one(agreed: dict[str, object]) -> None:
    """Admit the member, by two people."""
    from openhotline.accounts.models import Person
    from openhotline.accounts.queries import approval_of
    from openhotline.accounts.services.approve import approve
    from openhotline.core.clock import now
    from openhotline.hashlists.models import Terms
    from openhotline.hashlists.services.admit_member import admit_member
    from openhotline.hashlists.services.draft_member import Papers, draft_member
    from openhotline.hashlists.states import IdentityCheck, MemberPurpose
    from openhotline.intake.services.add_partner import add_partner

    moment, drafts = now(), Person.objects.get(username="drafts")
    partner = add_partner(name="Member", hourly=1, actor="faults", now=moment)
    papers = Papers(IdentityCheck.NETWORK, moment.date(), "a" * 64, moment.date())
    drafted = draft_member(
        partner=partner,
        purpose=MemberPurpose.HOTLINE,
        papers=papers,
        terms=Terms(**{"download": True, **agreed}),
        actor=drafts,
        now=moment,
    )
    approval = approval_of("member", drafted.public_id)
    admits = Person.objects.get(username="admits")
    approve(approval_id=approval.pk, manifest_sha256=approval.manifest_sha256, actor=admits, now=moment)
    admit_member(member=drafted, actor=drafts, now=moment)


def work() -> bool:
    """List one item, revise or withdraw one now and then, and bring the release that waits, or a new one, out."""
    from openhotline.accounts.models import Person
    from openhotline.core.clock import now
    from openhotline.hashlists.errors import NothingToRelease
    from openhotline.hashlists.models import Entry, Member
    from openhotline.hashlists.queries import waiting_release
    from openhotline.hashlists.services.build_edition import build_edition
    from openhotline.hashlists.services.draft_release import draft_release
    from openhotline.hashlists.services.publish_release import publish_release
    from openhotline.hashlists.services.withdraw_entry import withdraw_entry
    from openhotline.hashlists.states import EntryState, WithdrawalReason

    drafts = Person.objects.get(username="drafts")
    list_one()
    active = Entry.objects.filter(state=EntryState.ACTIVE)
    if secrets.randbelow(3) == 0 and active.count() > 3:
        withdraw_entry(
            entry=active.order_by("pk")[0].public_id, reason=next(iter(WithdrawalReason)), actor=drafts, now=now()
        )
    if secrets.randbelow(3) == 0 and active.count() > 3:
        revise_one(active.order_by("-pk")[1])
    release = waiting_release()
    if release is None or not still_holds(release):
        try:
            release = draft_release(actor=drafts, now=now())
        except NothingToRelease:
            # All that is new was withdrawn before it ever went out.
            return True
    approve_it(release)
    out = publish_release(release_id=release.pk, actor=drafts, now=now())
    build_edition(member=Member.objects.get(), version=out.version, actor="step:faults", now=now())
    return True


def list_one(pdq: str | None = None) -> None:
    """Seal a few bytes and list them, as if they were a picture with this hash."""
    from openhotline.core.clock import now
    from openhotline.evidence.services.seal_files import SealableFile, seal_files
    from openhotline.hashlists.models import Listable
    from openhotline.hashlists.services.list_items import list_items
    from openhotline.intake.models import Address

    address = Address.objects.create(lookup=secrets.token_hex(8), raw="x", canonical="x", first_seen_at=now())
    (item,) = seal_files(files=[SealableFile(data=secrets.token_bytes(16), address_id=address.pk)], now=now())
    if pdq:
        item.pdq, item.quality = pdq, 100
        item.save(update_fields=["pdq", "quality"])
    offered = Listable(
        item_id=item.pk,
        ai_involvement="wholly_synthetic",
        real_child="",
        jurisdiction="GB-EAW",
        outcome="pseudo_photograph",
        category="B",
        provision="Protection of Children Act 1978 s1",
        consensus=2,
    )
    list_items(listables=[offered], actor="step:faults", now=now())


def revise_one(entry: object) -> None:
    """Decide another letter."""
    from openhotline.core.clock import now
    from openhotline.hashlists.models import REVISED, Listable
    from openhotline.hashlists.services.revise_entries import revise_entries

    said = {name: getattr(entry, name) for name in REVISED if name != "elsewhere"}
    said["category"] = {"A": "B", "B": "C", "C": "A"}[entry.category]
    revise_entries(listables=[Listable(item_id=entry.item_id, **said)], actor="step:faults", now=now())


def still_holds(release: object) -> bool:
    """Say whether a draft left behind by a death can still be published: nothing in it changed since."""
    from openhotline.hashlists.models import Entry, EntryRevision
    from openhotline.hashlists.states import EntryState

    drafted_at = release.drafted_at
    revised = EntryRevision.objects.filter(until__gte=drafted_at).exists()
    return not (revised or Entry.objects.filter(state=EntryState.WITHDRAWN, withdrawn_at__gte=drafted_at).exists())


def approve_it(release: object) -> None:
    """Sign as the second person, if nobody has."""
    from openhotline.accounts.models import Person
    from openhotline.accounts.queries import approval_of
    from openhotline.accounts.services.approve import approve
    from openhotline.accounts.states import ApprovalState
    from openhotline.core.clock import now

    approval = approval_of("release", release.public_id)
    if approval.state == ApprovalState.ASKED:
        second = Person.objects.get(username="approves")
        approve(approval_id=approval.pk, manifest_sha256=release.manifest_sha256, actor=second, now=now())


class Looker:
    """Looks at what is published after every death, and remembers it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.seen = folder, dict[int, str]()
        self.copy: dict[str, bytes] = {}
        self.at: object = None

    def faults(self) -> Iterator[str]:
        """Yield a sentence for each file that is not whole, and for each version that changed or went away."""
        from openhotline.core.errors import Refusal
        from openhotline.hashlists.queries import verified_release

        here = {}
        for path in self.folder.glob("*.jsonl"):
            try:
                found = verified_release(path, version=int(path.stem))
            except Refusal as refusal:
                yield f"A member refuses version {path.stem}: {refusal}"
                continue
            here[found.version] = found.manifest_sha256
        for version, manifest in self.seen.items():
            if here.get(version) != manifest:
                yield f"Version {version} is not what it was."
        self.seen = here
        yield from self.edition_faults()

    def edition_faults(self) -> Iterator[str]:
        """Poll as a member: bring the copy up by changes, and yield a sentence where it is not the edition then."""
        import json

        from openhotline.core.errors import Refusal
        from openhotline.core.keys import signer
        from openhotline.hashlists.models import Member
        from openhotline.hashlists.models.edition_file import apply_changes, verify_edition
        from openhotline.hashlists.queries.editions import changes_since, edition_path, newest_edition

        member, key = Member.objects.select_related("partner").get(), signer("release.key").public_key()
        newest = newest_edition(member)
        if newest is None:
            return
        path = edition_path(member, newest.version)
        try:
            there = verify_edition(path, key=key, member=member.public_id, practice=True)
            lines = {json.loads(line)["entry"]: line for line in path.read_bytes().splitlines()[2:]}
            if self.at is None:
                self.copy, self.at = lines, there
            ways = changes_since(member, self.at.version)
            if ways is None:
                yield f"No changes lead from version {self.at.version} to {newest.version}."
            for way in ways or ():
                with way.open("rb") as file:
                    self.at = apply_changes(self.copy, self.at, file, key, practice=True)
            if (self.copy, self.at) != (lines, there):
                yield f"The copy that was brought up is not the edition of version {newest.version}."
        except (Refusal, OSError) as refusal:
            yield f"A member refuses what it is given of version {newest.version}: {refusal}"

    def missing(self) -> Iterator[str]:
        """Yield a sentence for each version that the tables call published and that is not there as it was signed."""
        from openhotline.hashlists.models import Release
        from openhotline.hashlists.states import ReleaseState

        for release in Release.objects.filter(state=ReleaseState.PUBLISHED):
            if self.seen.get(release.version) != release.manifest_sha256:
                yield f"Version {release.version} is published in the tables, and not there as it was signed."


def without_a_part_file() -> None:
    """Plant a bug: the release is written straight to the name under which members look for it."""
    from openhotline.hashlists.models import release_file
    from openhotline.hashlists.services import publish_release

    def straight(path: Path, manifest: dict[str, object], body: Path, key: object) -> str:
        signature = release_file.write_release(path, manifest, body, key)
        whole = path.with_suffix(".part").read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        import failing

        failing.perhaps_die("half of a release is written")
        return signature

    publish_release.write_release = straight


def play(folder: Path, kills: int, _seed: int, *, planted: str) -> dict[str, object]:
    """Kill so often, look after each death, and return what was found."""
    import failing
    import forking
    from django.db import connections
    from polling import polling

    from openhotline.audit.services.seal import seal
    from openhotline.audit.services.verify import verify
    from openhotline.core.clock import now
    from openhotline.hashlists.models import Release
    from openhotline.hashlists.states import ReleaseState

    people()
    if planted:
        without_a_part_file()
    failing.install()
    member, found = Looker(folder / "releases"), list[str]()
    log = folder / "named-deaths.log"
    with polling(folder / "releases", folder / "polled.json") as polls:
        try:
            while named_deaths(log).total() < kills and not found:
                connections.close_all()
                forking.work_until_dead(work, RATE)
                found += [*member.faults(), *polls.faults()]
        except forking.EndedByItselfError as ended:
            # What it published before it ended is looked at as after a death.
            found += [str(ended), *member.faults()]
    polled = polls.read()
    found += [one for one in polls.faults() if one not in found]
    seal(now=now())
    found += [*member.missing(), *verify().faults]
    versions = Release.objects.filter(state=ReleaseState.PUBLISHED).values_list("version", flat=True)
    died_at = named_deaths(log)
    return {
        "kills": died_at.total(),
        "died_at": dict(died_at),
        "published": len(versions),
        "polls": polled["polls"],
        "versions_polled": polled["versions_polled"],
        "faults": found,
    }


COVERS = (
    moments(*COMMITS, *ORDER_OF_WRITING, "a release is written", "a release is in its place"),
    counts("published", "polls", "versions_polled"),
)
BUG = "a release is written where members look for it"
PLAYS = (Play(__file__, __doc__, play, 300, 25, BUG, covers=COVERS),)

if __name__ == "__main__":
    main(PLAYS)
