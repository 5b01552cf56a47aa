"""The partners' API as it is asked at random: a partner with a key of each kind, and a report that is there."""

import json
import random
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import schemathesis
from django.test import Client

from faults.asking import Api
from openhotline.core.clock import now
from openhotline.intake.api.routes import described
from openhotline.intake.models import Partner
from openhotline.intake.services.add_partner import add_partner
from openhotline.intake.services.make_partner_key import make_partner_key
from openhotline.intake.services.revoke_partner_key import revoke_partner_key
from openhotline.intake.states import Scope

SCOPES = {"report": Scope.WRITE, "report_batch": Scope.WRITE, "report_xarf": Scope.WRITE, "stage": Scope.READ}
MAY: dict[str, tuple[Scope, ...]] = {
    "all": (Scope.WRITE, Scope.READ),
    "write": (Scope.WRITE,),
    "read": (Scope.READ,),
}
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


def partners(seed: int) -> Api:
    """Add a partner, its keys and a report, and return its API."""
    partner = add_partner(name=f"Example {seed}", hourly=1_000_000, actor="asking", now=now())
    keys = keys_of(partner, MAY)
    return Api(described(), SCOPES, keys, MAY, partial(likely, _known(keys["all"])))


def keys_of(partner: Partner, may: Mapping[str, tuple[Scope, ...]]) -> dict[str, str]:
    """Return the text of a key of each kind, and of one that was revoked."""
    ends = now() + timedelta(days=30)
    made = {
        name: make_partner_key(partner=partner, scopes=scopes, expires_at=ends, actor="asking", now=now())[1]
        for name, scopes in may.items()
    }
    key, text = make_partner_key(partner=partner, scopes=may["all"], expires_at=ends, actor="asking", now=now())
    revoke_partner_key(key=key.public_id, actor="asking", now=now())
    return made | {"revoked": text}


def likely(known: str, chance: random.Random, name: str, case: schemathesis.Case) -> None:
    """Give a case what chance does not find: a report that is there, a nearly right XARF report."""
    if name == "stage":
        case.path_parameters = {"report_id": known}
    if name == "report_xarf":
        more = case.body if isinstance(case.body, dict) else {}
        chosen = {key: value for key, value in more.items() if chance.random() < 0.3}
        case.body = XARF | chosen | {"report_id": f"{chance.getrandbits(32):08x}{XARF['report_id'][8:]}"}


def _known(key: str) -> str:
    heads = {"Authorization": f"Bearer {key}", "Idempotency-Key": "known"}
    sent = json.dumps({"addresses": ["https://site.example/"]})
    answer = Client(SERVER_NAME="localhost").post("/api/v1/reports", sent, "application/json", headers=heads)
    return str(answer.json()["id"])
