"""Ask every operation of the partners' API, with each kind of key and none, whatever its description allows and more.

Requests are made by schemathesis out of the published description: such that fit it, and such that break it. They go
through the whole stack of the public door in this process. What counts: no answer of 500 or above, nothing done for
who has no key of the right scope, each refusal a problem with a sentence, and every operation done at least once.
"""

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import hypothesis
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode

from openhotline.core.clock import now
from openhotline.intake.api.routes import described
from openhotline.intake.models import Partner
from openhotline.intake.services.add_partner import add_partner
from openhotline.intake.services.make_partner_key import make_partner_key
from openhotline.intake.services.revoke_partner_key import revoke_partner_key
from openhotline.intake.states import Scope

SERVER_ERROR, REFUSED, DONE = 500, 400, 300
NO_KEY, NOT_YOURS, ODD_ADDRESS = 401, 403, 404
SCOPE_OF = {"report": Scope.WRITE, "report_batch": Scope.WRITE, "report_xarf": Scope.WRITE, "stage": Scope.READ}
KEYS: dict[str, tuple[Scope, ...]] = {"both": tuple(Scope), "write": (Scope.WRITE,), "read": (Scope.READ,)}
OFFICE = {"org": "Example Platform", "contact": "abuse@platform.example", "domain": "platform.example"}
XARF: dict[str, Any] = {
    "xarf_version": "4.2.0",
    "report_id": "3f2d6a52-7c4b-4f0e-9b57-0d1f6c6d9a11",
    "timestamp": "2026-11-21T10:30:00Z",
    "reporter": OFFICE,
    "sender": OFFICE,
    "source_identifier": "site.example",
    "category": "content",
    "type": "csam",
    "url": "https://site.example/page",
    "classification": "baseline",
    "detection_method": "user_report",
}


@dataclass
class Asked:
    """What came of all cases."""

    client: Client
    keys: dict[str, str]
    known: str
    chance: random.Random
    answers: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def one(self, case: schemathesis.Case) -> None:
        """Ask once and judge the answer."""
        name = case.operation.definition.raw["operationId"]
        who = self.chance.choice([*self.keys, "none", "both", "both", "both"])
        self.mend(name, case)
        answer = self.client.generic(case.method, self.path(case), self.body(case), **self.heads(case, who))
        self.answers[f"{name} {answer.status_code}"] += 1
        if answer.status_code < DONE:
            self.done[name] += 1
        self.faults += self.judged(name, who, answer)

    def mend(self, name: str, case: schemathesis.Case) -> None:
        """Give half of the cases what chance does not find: a report that is there, a nearly right XARF report."""
        if self.chance.random() < 0.5:
            return
        if name == "stage":
            case.path_parameters = {"report_id": self.known}
        if name == "report_xarf":
            more = case.body if isinstance(case.body, dict) else {}
            chosen = {key: value for key, value in more.items() if self.chance.random() < 0.3}
            case.body = XARF | chosen | {"report_id": f"{self.chance.getrandbits(32):08x}{XARF['report_id'][8:]}"}

    def path(self, case: schemathesis.Case) -> str:
        """Return the path with its arguments and its query."""
        place = case.path
        for key, value in (case.path_parameters or {}).items():
            place = place.replace(f"{{{key}}}", quote(str(value), safe="", errors="replace"))
        query = urlencode({key: str(value) for key, value in (case.query or {}).items()}, errors="replace")
        return f"{place}?{query}" if query else place

    def body(self, case: schemathesis.Case) -> bytes:
        """Return the bytes of the body; one in fifty is cut."""
        if type(case.body).__name__ == "NotSet":
            return b""
        spelt = case.body if isinstance(case.body, bytes) else json.dumps(case.body, default=str).encode()
        return spelt[: self.chance.randrange(len(spelt) + 1)] if self.chance.random() < 0.02 else spelt

    def heads(self, case: schemathesis.Case, who: str) -> dict[str, Any]:
        """Return content type and headers, as far as a server in front lets such through, and the key."""
        given = {str(key): str(value) for key, value in (case.headers or {}).items()}
        plain = {k: v for k, v in given.items() if k.isascii() and v.isprintable() and all(ord(c) < 256 for c in v)}
        plain.pop("Authorization", None)
        if who != "none":
            plain["Authorization"] = f"Bearer {self.keys[who]}"
        return {"content_type": case.media_type or "application/json", "headers": plain}

    def judged(self, name: str, who: str, answer: Any) -> list[str]:
        """Return what is wrong with an answer."""
        status, said = answer.status_code, f"{name} by {who}: {answer.status_code}"
        if status >= SERVER_ERROR:
            return [f"{said}, an error of the server"]
        if status == ODD_ADDRESS and name != "stage":
            return []
        scopes = KEYS.get(who, ())
        wanted = NOT_YOURS if scopes else NO_KEY
        if SCOPE_OF[name] not in scopes and status not in {wanted, ODD_ADDRESS}:
            return [f"{said}, where {wanted} is written"]
        if status >= REFUSED and answer["Content-Type"] == "application/problem+json":
            return [] if json.loads(answer.content)["detail"].endswith(".") else [f"{said}, without a sentence"]
        # An address that names no operation at all is answered by Django, as a page.
        return [f"{said}, not as a problem"] if status >= REFUSED and status != ODD_ADDRESS else []


def ask(times: int, seed: int) -> dict[str, Any]:
    """Ask so many cases, shared out over the operations; return what is counted."""
    partner = add_partner(name=f"Example {seed}", hourly=1_000_000, actor="asking", now=now())
    asked = Asked(
        Client(raise_request_exception=False, SERVER_NAME="localhost"), _keys(partner), "", random.Random(seed)
    )
    asked.known = _known(asked)
    schema = schemathesis.openapi.from_dict(described())
    operations = [found.ok() for found in schema.get_all_operations()]
    for place, operation in enumerate(operations):
        for turn, mode in enumerate((GenerationMode.POSITIVE, GenerationMode.NEGATIVE)):
            share = max(1, times // (2 * len(operations)))
            _drive(asked, operation.as_strategy(generation_mode=mode), share, seed + 10 * place + turn)
    undone = [f"{name} was never done" for name in SCOPE_OF if not asked.done[name]]
    return {
        "cases": asked.answers.total(),
        "operations": len(operations),
        "answers": dict(asked.answers),
        "done": dict(asked.done),
        "faults": [*dict.fromkeys(asked.faults), *undone],
    }


def _drive(asked: Asked, strategy: Any, times: int, seed: int) -> None:
    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=times,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=strategy)
    def drive(case: schemathesis.Case) -> None:
        asked.one(case)

    drive()


def _keys(partner: Partner) -> dict[str, str]:
    """Return a key of each kind, and one that was revoked."""
    ends = now() + timedelta(days=30)
    made = {
        name: make_partner_key(partner=partner, scopes=scopes, expires_at=ends, actor="asking", now=now())[1]
        for name, scopes in KEYS.items()
    }
    key, text = make_partner_key(partner=partner, scopes=[*Scope], expires_at=ends, actor="asking", now=now())
    revoke_partner_key(key=key.public_id, actor="asking", now=now())
    return made | {"revoked": text}


def _known(asked: Asked) -> str:
    heads = {"Authorization": f"Bearer {asked.keys['both']}", "Idempotency-Key": "known"}
    sent = json.dumps({"addresses": ["https://site.example/"]})
    answer = asked.client.post("/api/v1/reports", sent, "application/json", headers=heads)
    return str(answer.json()["id"])
