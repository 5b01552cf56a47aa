"""Ask every operation of an API, with each kind of key and none, whatever its description allows and more.

Requests are made by schemathesis out of the published description: such that fit it, and such that break it. They go
through the whole stack of the door in this process. What counts: no answer of 500 or above, nothing done for who has
no key of the right scope, each refusal in the API's own form and with a sentence, and every operation done at least
once.
"""

import base64
import json
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import hypothesis
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import sampled_from
from schemathesis import GenerationMode

from openhotline.intake.states import Scope

SERVER_ERROR, REFUSED, DONE = 500, 400, 300
NO_KEY, NOT_YOURS, ODD_ADDRESS = 401, 403, 404
PROBLEM = "application/problem+json"
MOST_TRIES = 40


@dataclass(frozen=True)
class Api:
    """What is asked, and with what.

    ``scopes``: which scope each operation needs, None for what everybody may ask. ``keys``: texts by name, "all" among
    them; ``may``: what each is for. ``likely`` gives half of the cases what chance does not find: an id that is there,
    a file that is a picture. ``form`` is the content type of an operation's refusals; those in ``basic`` are asked with
    the key as a password.
    """

    described: dict[str, Any]
    scopes: Mapping[str, Scope | None]
    keys: Mapping[str, str]
    may: Mapping[str, Sequence[Scope]]
    likely: Callable[[random.Random, str, schemathesis.Case], None]
    form: Callable[[str], str] = lambda _: PROBLEM
    basic: Callable[[str], bool] = lambda _: False


@dataclass
class Asked:
    """What came of all cases."""

    api: Api
    chance: random.Random
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False, SERVER_NAME="localhost"))
    answers: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def one(self, case: schemathesis.Case, who: str, likely: float) -> None:
        """Ask once, with the key of this name or none, so often what is likely to be done, and judge the answer."""
        name = case.operation.definition.raw["operationId"]
        if self.chance.random() < likely:
            self.api.likely(self.chance, name, case)
        answer = self.client.generic(case.method, path(case), self.body(case), **self.heads(name, case, who))
        self.answers[f"{name} {answer.status_code}"] += 1
        if answer.status_code < DONE:
            self.done[name] += 1
        self.faults += self.judged(name, who, answer)
        if answer.streaming:
            b"".join(answer.streaming_content)

    def body(self, case: schemathesis.Case) -> bytes:
        """Return the bytes of the body; one in fifty is cut."""
        if type(case.body).__name__ == "NotSet":
            return b""
        spelt = case.body if isinstance(case.body, bytes) else json.dumps(case.body, default=str).encode()
        return spelt[: self.chance.randrange(len(spelt) + 1)] if self.chance.random() < 0.02 else spelt

    def heads(self, name: str, case: schemathesis.Case, who: str) -> dict[str, Any]:
        """Return content type and headers, as far as a server in front lets such through, and the key."""
        given = {str(key): str(value) for key, value in (case.headers or {}).items()}
        plain = {k: v for k, v in given.items() if k.isascii() and v.isprintable() and all(ord(c) < 256 for c in v)}
        plain.pop("Authorization", None)
        if who != "none":
            key = self.api.keys[who]
            password = base64.b64encode(f"us:{key}".encode()).decode()
            plain["Authorization"] = f"Basic {password}" if self.api.basic(name) else f"Bearer {key}"
        return {"content_type": case.media_type or "application/json", "headers": plain}

    def judged(self, name: str, who: str, answer: Any) -> list[str]:
        """Return what is wrong with an answer."""
        status, said = answer.status_code, f"{name} by {who}: {answer.status_code}"
        if status >= SERVER_ERROR:
            return [f"{said}, an error of the server"]
        needed, scopes = self.api.scopes[name], self.api.may.get(who, ())
        wanted = NOT_YOURS if scopes else NO_KEY
        if needed and needed not in scopes and status not in {wanted, ODD_ADDRESS}:
            return [f"{said}, where {wanted} is written"]
        if status < REFUSED:
            return []
        form = answer["Content-Type"].partition(";")[0]
        if form == PROBLEM and not json.loads(answer.content)["detail"].endswith("."):
            return [f"{said}, without a sentence"]
        # An address that names no operation at all is answered by Django, as a page.
        return [] if form == self.api.form(name) or status == ODD_ADDRESS else [f"{said}, not in the form of this API"]


def path(case: schemathesis.Case) -> str:
    """Return the path of a case with its arguments and its query."""
    place = case.path
    for key, value in (case.path_parameters or {}).items():
        place = place.replace(f"{{{key}}}", quote(str(value), safe="", errors="replace"))
    query = urlencode({key: str(value) for key, value in (case.query or {}).items()}, errors="replace")
    return f"{place}?{query}" if query else place


def ask(api: Api, times: int, seed: int) -> dict[str, Any]:
    """Ask so many cases, shared out over the operations; return what is counted."""
    asked = Asked(api, random.Random(seed))
    schema = schemathesis.openapi.from_dict(api.described)
    operations = [found.ok() for found in schema.get_all_operations()]
    for place, operation in enumerate(operations):
        for turn, mode in enumerate((GenerationMode.POSITIVE, GenerationMode.NEGATIVE)):
            share = max(1, times // (2 * len(operations)))
            try:
                _drive(asked, operation.as_strategy(generation_mode=mode), share, seed + 10 * place + turn)
            except Unsatisfiable:
                # What takes nothing cannot be asked wrongly: it is asked as often rightly.
                _drive(asked, operation.as_strategy(generation_mode=GenerationMode.POSITIVE), share, seed + 10 * place)
        if not asked.done[operation.definition.raw["operationId"]]:
            # A few cases may miss by chance what can be done.
            rightly = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
            _drive(asked, rightly, MOST_TRIES, seed + 10 * place, whos=["all"], likely=1.0)
    undone = [f"{name} was never done" for name in api.scopes if not asked.done[name]]
    return {
        "cases": asked.answers.total(),
        "most_operations": len(operations),
        "answers": dict(asked.answers),
        "done": dict(asked.done),
        "faults": [*dict.fromkeys(asked.faults), *undone],
    }


def _drive(asked: Asked, strategy: Any, times: int, seed: int, whos: Sequence[str] = (), likely: float = 0.5) -> None:
    keys = whos or [*asked.api.keys, "none", "all", "all", "all"]

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=times,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=strategy, who=sampled_from(keys))
    def drive(case: schemathesis.Case, who: str) -> None:
        asked.one(case, who, likely)

    drive()
