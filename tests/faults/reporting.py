"""Somebody who reports over HTTP, and tries again with the same key until the hotline has answered."""

import http.client
import random
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

CSRF = "x" * 32
PATIENCE = 30.0
_CODE = re.compile(r'class="receipt-code">([^<]+)<')


@dataclass
class Sent:
    """One report as its sender knows it: ``acknowledged`` once Continue was answered, ``words`` once it was sent."""

    key: str
    address: str
    acknowledged: bool = False
    words: str = ""


class NotNowError(Exception):
    """The hotline did not answer, or not with what was asked for."""


class RefusedError(Exception):
    """The hotline answered that it does not take this: sending it again changes nothing."""


@dataclass
class Reporter(threading.Thread):
    """Reports one address after the other until stopped; everything sent stands in ``sent``."""

    port: int
    addresses: list[str]
    seed: int
    stopped: threading.Event
    sent: list[Sent] = field(default_factory=list)
    pause: float = 0.05

    def __post_init__(self) -> None:
        super().__init__(daemon=True, name=f"reporter {self.seed}")
        self._chance = random.Random(self.seed)
        self._ends = 0.0

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        """Report until stopped; what was begun is then brought to its end."""
        while not self.stopped.is_set():
            self._report()
            time.sleep(self._chance.random() * 2 * self.pause)

    def _report(self) -> None:
        key = f"{self.seed}-{len(self.sent)}-{self._chance.getrandbits(64):x}"
        one = Sent(key, f"{self._chance.choice(self.addresses)}?report={key}")
        self.sent.append(one)
        carried = self._begin(one)
        if not carried or self._chance.random() < 0.2:
            return
        if self._chance.random() < 0.2:
            self._begin(one)
        self._send(one, carried)

    def report(self, address: str) -> Sent:
        """Report one address from beginning to end."""
        one = Sent(f"{self.seed}-{address}", address)
        self._send(one, self._begin(one))
        return one

    def _begin(self, one: Sent) -> str:
        carried = self._until_answered("/report/", {"addresses": one.address, "sending": one.key}, "report")
        one.acknowledged = one.acknowledged or bool(carried)
        return carried

    def _send(self, one: Sent, carried: str) -> None:
        receipt = self._until_answered("/report/check/", {"report": carried, "danger": "no"}, "receipt")
        one.words = self._words(receipt) if receipt else ""

    def _until_answered(self, path: str, fields: dict[str, str], wanted: str) -> str:
        """Post until the answer carries what is wanted; nothing when time is up long after the last kill."""
        while not self._time_is_up():
            try:
                return self._posted(path, fields, wanted)
            except RefusedError:
                return ""
            except (OSError, http.client.HTTPException, NotNowError):
                time.sleep(0.05)
        return ""

    def _time_is_up(self) -> bool:
        if self.stopped.is_set() and not self._ends:
            self._ends = time.monotonic() + PATIENCE
        return bool(self._ends) and time.monotonic() > self._ends

    def _posted(self, path: str, fields: dict[str, str], wanted: str) -> str:
        status, location, _ = self._ask("POST", path, urlencode(fields | {"csrfmiddlewaretoken": CSRF}))
        if 400 <= status < 500:
            raise RefusedError(f"{path} was answered {status}")
        found = parse_qs(urlsplit(location).query).get(wanted)
        if status != http.client.FOUND or not found:
            raise NotNowError(f"{path} was answered {status}")
        return found[0]

    def _words(self, receipt: str) -> str:
        while not self._time_is_up():
            try:
                _, _, page = self._ask("GET", f"/report/receipt/?{urlencode({'receipt': receipt})}", "")
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            found = _CODE.search(page)
            return found[1] if found else ""
        return ""

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            heads = {"Cookie": f"csrftoken={CSRF}", "Content-Type": "application/x-www-form-urlencoded"}
            connection.request(method, path, body, heads)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location", ""), answer.read().decode()
        finally:
            connection.close()
