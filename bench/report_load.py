"""Those who send and write in `bench_reports.py`: each call is a process of its own with so many connections.

    python bench/report_load.py rows|service|api|form|batch SECONDS CONNECTIONS ARGUMENTS

Prints one JSON object: how many reports were acknowledged in how many seconds, and of the API their ids.
"""

import json
import os
import secrets
import socket
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

ADDRESS = "https://site.example/boards/one/threads/{}.html"
DETAILS = "seen on Monday, third picture from above"
BATCH = 100
AGAIN_SECONDS = 0.05
CSRF = "x" * 32


class Wire:
    """One connection to the web server that stays open; opened anew when it is lost."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.sock: socket.socket | None = None

    def ask(self, head: str, body: bytes) -> tuple[int, bytes]:
        """Send a request and return status and the rest of the answer. Raises OSError."""
        try:
            if self.sock is None:
                self.sock = socket.create_connection(("127.0.0.1", self.port), timeout=15)
                self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sock.sendall(f"{head}Host: localhost\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            return self._answer(self.sock)
        except (OSError, ValueError):
            self.close()
            raise OSError from None

    def _answer(self, sock: socket.socket) -> tuple[int, bytes]:
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more(sock)
        heads, _, rest = got.partition(b"\r\n\r\n")
        low = heads.lower()
        length = int(low.partition(b"content-length:")[2].split(b"\r\n")[0] or b"0")
        while len(rest) < length:
            rest += self._more(sock)
        if b"connection: close" in low:
            self.close()
        return int(heads[9:12]), heads + b"\r\n\r\n" + rest

    @staticmethod
    def _more(sock: socket.socket) -> bytes:
        if not (part := sock.recv(65_536)):
            raise OSError
        return part

    def close(self) -> None:
        """Hang up."""
        if self.sock is not None:
            self.sock.close()
            self.sock = None


def api_of(port: int, key: str, *, batch: int = 0) -> Callable[[], Callable[[], list[str]]]:
    """Return a maker of senders by the API: one report a request, or so many."""

    def maker() -> Callable[[], list[str]]:
        wire = Wire(port)

        def send() -> list[str]:
            one = {"addresses": [ADDRESS.format(secrets.token_hex(8))], "details": DETAILS, "kind": "picture"}
            path, sent = ("/reports/batch", {"reports": [one] * batch}) if batch else ("/reports", one)
            head = (
                f"POST /api/v1{path} HTTP/1.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
                f"Idempotency-Key: {secrets.token_hex(12)}\r\n"
            )
            answer = json.loads(until_done(wire, head, json.dumps(sent).encode(), 201).partition(b"\r\n\r\n")[2])
            return [made["id"] for made in answer["reports"]] if batch else [answer["id"]]

        return send

    return maker


def form_of(port: int) -> Callable[[], Callable[[], list[str]]]:
    """Return a maker of people who send the first page of the form, which is when a report is kept."""

    def maker() -> Callable[[], list[str]]:
        wire = Wire(port)

        def send() -> list[str]:
            typed = f"addresses={ADDRESS.format(secrets.token_hex(8))}&sending={secrets.token_hex(12)}"
            head = (
                f"POST /report/ HTTP/1.1\r\nCookie: __Host-csrf={CSRF}; csrftoken={CSRF}\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n"
                f"X-Forwarded-For: 198.{secrets.randbelow(200)}.{secrets.randbelow(256)}.{secrets.randbelow(256)}\r\n"
            )
            until_done(wire, head, f"{typed}&csrfmiddlewaretoken={CSRF}".encode(), 302)
            return [""]

        return send

    return maker


def until_done(wire: Wire, head: str, body: bytes, wanted: int) -> bytes:
    """Send until it is acknowledged: the same request with the same key. A refusal ends the run."""
    while True:
        try:
            status, answer = wire.ask(head, body)
        except OSError:
            time.sleep(AGAIN_SECONDS)
            continue
        if status == wanted:
            return answer
        if 300 <= status < 500:
            raise SystemExit(f"answered {status}: {answer[:600]!r}")
        time.sleep(AGAIN_SECONDS)


def service_of(partner: str) -> Callable[[], Callable[[], list[str]]]:
    """Return a maker of callers of the operation itself."""
    import django

    django.setup()
    from openhotline.intake.models import Partner
    from openhotline.intake.services.take_reports import Sending, Statement, take_reports

    found = Partner.objects.get(public_id=partner)

    def maker() -> Callable[[], list[str]]:
        def send() -> list[str]:
            said = Statement((ADDRESS.format(secrets.token_hex(8)),), {"more": DETAILS, "kind": "picture"})
            sending = Sending(secrets.token_hex(12), secrets.token_bytes(120))
            now = datetime.now(UTC)  # noqa: TID251 - as below
            answer = take_reports(partner=found, sending=sending, statements=[said], why=None, actor=partner, now=now)
            return [answer[0]["id"]]

        return send

    return maker


def rows_of(address: str, partner: int, *, form: bool = False) -> Callable[[], Callable[[], list[str]]]:
    """Return a maker of writers of the same rows by psycopg, ready-made, in one transaction a report."""
    import psycopg

    def maker() -> Callable[[], list[str]]:
        connection = psycopg.connect(address)

        def send() -> list[str]:
            with connection.transaction():
                write(connection.cursor(), partner, form=form)
            return [""]

        return send

    return maker


def write(cursor: Any, partner: int, *, form: bool) -> None:
    """Write the rows of one report as the hotline does; those of the form are fewer."""
    now, name = datetime.now(UTC), f"rep_{secrets.token_hex(13)}"  # noqa: TID251 - the clock of a measurement
    source, keyed = ("public", [secrets.token_hex(32), secrets.token_hex(32)]) if form else ("partner", [None, None])
    cursor.execute(
        "INSERT INTO intake_report (public_id, source, state, lane, started_at, received_at, receipt, idempotency,"
        " details, practice) VALUES (%s, %s, 'received', 'ordinary', %s, %s, %s, %s, %s, false) RETURNING id",
        [name, source, now, now, *keyed, None if form else secrets.token_bytes(150)],
    )
    key = cursor.fetchone()[0]
    cursor.execute(
        "INSERT INTO intake_reportedaddress (report_id, position, sealed, refusal) VALUES (%s, 0, %s, '')",
        [key, secrets.token_bytes(110)],
    )
    cursor.execute(
        "INSERT INTO audit_record (uuid, at, actor, action, subject, count, digest, detail)"
        " VALUES (%s, %s, 'public', 'report_started', %s, 1, %s, '{}')",
        [f"aud_{secrets.token_hex(13)}", now, name, secrets.token_hex(32)],
    )
    if form:
        return
    cursor.execute(
        "INSERT INTO intake_partnerreport (report_id, partner_id, next_at) VALUES (%s, %s, %s)",
        [key, partner, now + timedelta(days=1)],
    )
    cursor.execute(
        "INSERT INTO intake_partnerrequest (partner_id, idempotency, body, answer, at) VALUES (%s, %s, %s, %s, %s)",
        [partner, secrets.token_hex(32), secrets.token_hex(32), json.dumps([{"id": name, "stage": "received"}]), now],
    )
    cursor.execute(
        "INSERT INTO core_event (kind, ids, at) VALUES ('ReportReceived', %s, %s) RETURNING id", [f"[{key}]", now]
    )
    job = json.dumps({"args": [cursor.fetchone()[0]], "kwargs": {}})
    cursor.execute(
        "INSERT INTO django_tasks_database_dbtaskresult (id, status, enqueued_at, args_kwargs, priority, task_path,"
        " worker_ids, queue_name, backend_name, run_after, exception_class_path, traceback) VALUES (%s, 'READY', %s,"
        " %s, 0, 'openhotline.core.events.deliver', '[]', 'default', 'default', '9999-01-01 00:00:00+00', '', '')",
        [str(uuid.uuid4()), now, job],
    )


def load(maker: Callable[[], Callable[[], list[str]]], seconds: float, connections: int) -> dict[str, Any]:
    """Send from so many threads for so long; return what was acknowledged."""
    made: list[list[str]] = [[] for _ in range(connections)]
    ready = threading.Barrier(connections + 1)
    ends = [0.0]

    def work(mine: list[str]) -> None:
        try:
            send = maker()
            send()
            ready.wait()
            ready.wait()
            while time.monotonic() < ends[0]:
                mine += send()
        except BaseException:  # noqa: BLE001 - whatever ended it
            # The others wait for this one: with it all of them end.
            traceback.print_exc()
            os._exit(1)

    threads = [threading.Thread(target=work, args=(mine,)) for mine in made]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.monotonic()
    ends[0] = began + seconds
    ready.wait()
    for thread in threads:
        thread.join()
    ids = [name for mine in made for name in mine]
    return {"reports": len(ids), "seconds": time.monotonic() - began, "ids": [name for name in ids if name]}


def main() -> None:
    """Read the command line, send, print."""
    kind, seconds, connections, *more = sys.argv[1:]
    makers: dict[str, Callable[[], Callable[[], Callable[[], list[str]]]]] = {
        "rows": lambda: rows_of(more[0], int(more[1])),
        "form rows": lambda: rows_of(more[0], int(more[1]), form=True),
        "service": lambda: service_of(more[0]),
        "api": lambda: api_of(int(more[0]), more[1]),
        "batch": lambda: api_of(int(more[0]), more[1], batch=BATCH),
        "form": lambda: form_of(int(more[0])),
    }
    sys.stdout.write(json.dumps(load(makers[kind](), float(seconds), int(connections))))


if __name__ == "__main__":
    main()
