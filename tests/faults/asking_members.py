"""The members' APIs as they are asked at random: our own as it is described, and the two that others' programs speak.

A member that may do everything, with a key of each kind; a list with three entries, an edition of it, and one of each
list that is sealed. What a Hasher-Matcher-Actioner and NCMEC's hash sharing are asked is described here, as far as
chance needs it.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import schemathesis
from django.conf import settings
from pyrage import x25519

from faults import mutating
from faults.asking import PROBLEM, Api
from faults.asking_partners import keys_of
from faults.fault_release import list_one, people, work
from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.core.clock import now
from openhotline.evidence.models import Sighting
from openhotline.hashlists.api.ncmec import REASONS
from openhotline.hashlists.api.routes import described
from openhotline.hashlists.models import Entry, Member, Release, SelfReportedHash
from openhotline.hashlists.models.bank_ids import bank_id
from openhotline.hashlists.models.their_formats import Theirs
from openhotline.hashlists.policies import MOST_DAILY
from openhotline.hashlists.queries.served import published_like
from openhotline.hashlists.services.begin_routine import begin_routine
from openhotline.hashlists.services.build_sealed_edition import build_sealed_edition
from openhotline.hashlists.services.draft_routine import draft_routine
from openhotline.hashlists.services.import_theirs import Origin, import_theirs
from openhotline.hashlists.services.keep_live_addresses import keep_live_addresses
from openhotline.hashlists.services.keep_self_reported import keep_self_reported
from openhotline.hashlists.services.release_sealed import release_sealed
from openhotline.hashlists.services.serve_release import serve_release
from openhotline.hashlists.states import HashKind, SealedKind, Sharing, Stream, Verdict
from openhotline.intake.states import Scope

LIST, MATCH, FEEDBACK = Scope.LIST, Scope.MATCH, Scope.FEEDBACK
NCMEC = ("status", "members", "entries", "reasons", "feedback")
APART = {"ncmec": "ncmec", "ncmec_exploitative": "ncmec/exploitative"}
SCOPES: dict[str, Scope | None] = {
    "status": MATCH,
    "list": LIST,
    "exploitative": LIST,
    "addresses": Scope.ADDRESSES,
    "self_reported": Scope.SELF_REPORTED,
    "vectors": MATCH,
    "match": MATCH,
    "match_file": MATCH,
    "feedback": FEEDBACK,
    "hma_hash": MATCH,
    "hma_lookup": MATCH,
    "hma_lookup_file": MATCH,
    "hma_raw_lookup": MATCH,
    "hma_compare": MATCH,
    "hma_index_status": MATCH,
    "hma_banks": MATCH,
    "hma_bank": MATCH,
    "hma_content": MATCH,
    "hma_live": None,
    **{f"{apart}_{name}": FEEDBACK if name == "feedback" else LIST for apart in APART for name in NCMEC},
}
MAY: dict[str, tuple[Scope, ...]] = {
    "all": (LIST, MATCH, FEEDBACK, Scope.ADDRESSES, Scope.SELF_REPORTED),
    "list": (LIST,),
    "match": (MATCH,),
    "rest": (FEEDBACK, Scope.ADDRESSES, Scope.SELF_REPORTED),
}
PDQ = "0f" * 32
FORM = "multipart/form-data; boundary=apart"
FORMS = {"hma": "application/json", "ncmec": "application/xml"}
TEXT, NUMBER = {"type": "string"}, {"type": "integer"}


@dataclass(frozen=True)
class There:
    """What chance does not find: an entry that is in the list."""

    entry: str

    @property
    def number(self) -> int:
        """Return it as a Hasher-Matcher-Actioner numbers it."""
        return bank_id(self.entry)


def members(_seed: int) -> Api:
    """Admit a member, publish the lists that it may have, and return what it can ask."""
    ring = x25519.Identity.generate()
    sealed = {"addresses": True, "self_reported": True, "age_key": str(ring.to_public())}
    settings.EXPLOITATIVE_STREAM = True
    people(streams=tuple(Stream), send_files=True, see_ids=True, see_distances=True, daily=MOST_DAILY, **sealed)
    member = Member.objects.get()
    given = Theirs(1, HashKind.PDQ, f"{int(PDQ, 16) ^ (1 << 256) - 1:064x}")
    origin = Origin("theirs", Verdict.EXPLOITATIVE, "A partner", Sharing.ONWARD)
    import_theirs(origin=origin, file_sha256="a" * 64, start=0, lines=[given], actor="step:asking", now=now())
    for flipped in range(3):
        list_one(f"{int(PDQ, 16) ^ ((1 << flipped) - 1):064x}")
    work()
    serve_release(version=Release.objects.latest("version").version, actor="step:asking", now=now())
    seal_lists(member)
    entry = next(one.public_id for one in Entry.objects.order_by("pk") if published_like(one.public_id))
    chosen = partial(likely, There(entry))
    keys = keys_of(member.partner, MAY)
    return Api(everything_described(), SCOPES, keys, MAY, chosen, form_of, lambda name: name.startswith("ncmec"))


def seal_lists(member: Member) -> None:
    """Let one address and one self-reported hash go out, each by the clock as two people approved, to this member."""
    moment = now()
    shown = Sighting.objects.exclude(address=None).values_list("address_id", flat=True)
    keep_live_addresses(address_ids=[*shown], live=True, actor="step:asking", now=moment)
    keep_self_reported(hashes=[SelfReportedHash(origin="dev_a", pdq=PDQ, quality=80)], actor="step:asking", now=moment)
    drafts, admits = (Person.objects.get(username=name) for name in ("drafts", "admits"))
    for kind in SealedKind:
        until = moment + timedelta(days=14)
        routine = draft_routine(kind=kind, most_new=50, until=until, actor=drafts, now=moment)
        approval = approval_of("routine", routine.public_id)
        approve(approval_id=approval.pk, manifest_sha256=routine.manifest_sha256(), actor=admits, now=moment)
        begin_routine(routine=routine, actor=drafts, now=moment)
        release_sealed(kind=kind, actor="step:asking", now=moment)
        build_sealed_edition(member=member, kind=kind, actor="step:asking", now=moment)


def form_of(name: str) -> str:
    """Return the content type in which an operation refuses."""
    return FORMS.get(name.partition("_")[0], PROBLEM)


def likely(there: There, chance: random.Random, name: str, case: schemathesis.Case) -> None:
    """Give a case what chance does not find."""
    if name == "match":
        case.body = {"hashes": [{"kind": "pdq", "hash": PDQ, "quality": chance.choice((None, 10, 100))}]}
    elif name == "match_file":
        case.body = a_file(chance)
    elif name == "feedback":
        case.body = {"entry": chance.choice((there.entry, there.entry, "ent_\0")), "verdict": "confirm"}
    elif name in {"hma_hash", "hma_lookup_file"}:
        head = (
            f'--apart\r\nContent-Disposition: form-data; name="{chance.choice(("photo", "video", "x"))}"; filename="a"'
        )
        case.body = head.encode() + b"\r\n\r\n" + a_file(chance) + b"\r\n--apart--\r\n"
        case.media_type = FORM
    elif name in {"hma_lookup", "hma_raw_lookup"}:
        case.query = {**(case.query or {}), "signal_type": "pdq", "signal": PDQ, "banks": ""}
    elif name == "hma_compare":
        case.body = {"pdq": [PDQ, f"{chance.getrandbits(256):064x}"]}
    elif name in {"hma_bank", "hma_content"} or name.startswith("ncmec"):
        _likely_place(there, chance, name, case)


def _likely_place(there: There, chance: random.Random, name: str, case: schemathesis.Case) -> None:
    bank = chance.choice(Member.objects.get().agreed.streams).upper()
    what = name.rpartition("_")[2]
    places = {
        "bank": {"name": bank},
        "content": {"name": bank, "number": there.number},
        "reasons": {"kind": "MD5"},
        "feedback": {"esp": 1, "entry": there.entry, "kind": "MD5"},
    }
    case.path_parameters = places.get(what, case.path_parameters)
    if what == "feedback":
        negative = f"<negative><reasons><guid>{next(iter(REASONS))}</guid></reasons></negative>"
        case.body = f"<feedback>{chance.choice(('<affirmative/>', negative))}</feedback>".encode()
    if what == "entries":
        case.query = {"from": "2020-01-01T00:00:00Z", "start": chance.choice((0, 1, 10**9, 2**63, 10**40))}


def a_file(chance: random.Random) -> bytes:
    """Return a small picture, whole or damaged."""
    if chance.random() < 0.5:
        return chance.choice(mutating.seeds()["PNG"])
    return mutating.case(5, chance.randrange(400))[1][:100_000]


def everything_described() -> dict[str, Any]:
    """Return our own description with what the other two are asked."""
    own = described()
    theirs = {f"/members/{place}": operations for place, operations in _theirs().items()}
    return own | {"paths": own["paths"] | theirs}


def _theirs() -> dict[str, Any]:
    signal = _asked("signal_type", "signal", "banks")
    content = _placed(name=TEXT, number=NUMBER)
    return {
        "hma/h/hash": _operation("hma_hash", "post", body=FORM),
        "hma/m/lookup": _operation("hma_lookup", "get", signal) | _operation("hma_lookup_file", "post", body=FORM),
        "hma/m/raw_lookup": _operation("hma_raw_lookup", "get", [*signal, *_asked("include_distance")]),
        "hma/m/compare": _operation("hma_compare", "post", body="application/json"),
        "hma/m/index/status": _operation("hma_index_status", "get"),
        "hma/c/banks": _operation("hma_banks", "get"),
        "hma/c/bank/{name}": _operation("hma_bank", "get", _placed(name=TEXT)),
        "hma/c/bank/{name}/content/{number}": _operation("hma_content", "get", content),
        "hma/status/live": _operation("hma_live", "get"),
        **{place: one for apart, base in APART.items() for place, one in _ncmec(apart, base).items()},
    }


def _ncmec(apart: str, base: str) -> dict[str, Any]:
    """Return what one environment is asked."""
    window = _asked("from", "to", "start", "size", "max", "behind", "gone")
    place, xml = _placed(esp=NUMBER, entry=TEXT, kind=TEXT), "application/xml"
    return {
        f"{base}/v2/status": _operation(f"{apart}_status", "get"),
        f"{base}/v2/members": _operation(f"{apart}_members", "get"),
        f"{base}/v2/entries": _operation(f"{apart}_entries", "get", window),
        f"{base}/v2/feedback/{{kind}}/reasons": _operation(f"{apart}_reasons", "get", _placed(kind=TEXT)),
        f"{base}/v2/entries/{{esp}}/{{entry}}/{{kind}}/feedback": _operation(
            f"{apart}_feedback", "put", place, body=xml
        ),
    }


def _operation(name: str, method: str, parameters: Sequence[dict[str, Any]] = (), body: str = "") -> dict[str, Any]:
    schema = {"type": "object"} if body == "application/json" else {"type": "string", "format": "binary"}
    sent = {"requestBody": {"required": True, "content": {body.partition(";")[0]: {"schema": schema}}}} if body else {}
    answers = {"200": {"description": "OK"}}
    return {method: {"operationId": name, "parameters": [*parameters], "responses": answers} | sent}


def _asked(*names: str) -> list[dict[str, Any]]:
    return [{"in": "query", "name": name, "schema": TEXT, "required": False} for name in names]


def _placed(**names: dict[str, str]) -> list[dict[str, Any]]:
    return [{"in": "path", "name": name, "schema": schema, "required": True} for name, schema in names.items()]
