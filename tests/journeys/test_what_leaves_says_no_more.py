"""What leaves the hotline, and what it writes down: no picture, no name of a person, no "no" that nobody said."""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse  # noqa: TID251 - what a page answers
from django.test import Client
from pyrage import decrypt, x25519

from journeys.access_cells import addresses
from journeys.kept_inside import leaks, names_of_staff
from journeys.road import PAGE, PSEUDO_B, Road, picture
from openhotline.accounts.models import Person
from openhotline.audit.models import Checkpoint, Record
from openhotline.config.access import ACCESS
from openhotline.hashlists.queries import release_path
from openhotline.intake.models import Address, Report
from openhotline.practice.collection.structure import load
from openhotline.referral.models import Referral
from openhotline.referral.models.partner import PRACTICE_IDENTITY
from openhotline.referral.queries import package_path

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.slow]

PICTURES = [picture(seed) for seed in (1, 2, 3)]
TOLD = "a neighbour saw it on Monday"
# Loggers of libraries and of the stand-ins of practice: no handler listens, and Python writes only their warnings.
QUIET = ("mail.log", "urllib3.", "asyncio", "django.db.backends")
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@dataclass(frozen=True)
class Exports:
    """Everything that left the hotline on a road."""

    road: Road
    mails: list[EmailMessage]
    release: str
    referral: Referral

    @property
    def texts(self) -> dict[str, str]:
        """Return everything in words, by name; every part of a mail decoded."""
        parts = [part for mail in self.mails for part in mail.walk() if not part.is_multipart()]
        mails = [bytes(part.get_payload(decode=True)).decode() for part in parts]
        heads = [f"{name}: {value}" for mail in self.mails for name, value in mail.items()]
        return {"notice": "\n".join([*heads, *mails]), "release": self.release, "referral": self.referral.manifest}


@pytest.fixture
def exports(road: Road) -> Exports:
    """A road that was played to its end, with one address that answers 404 and something told beside it."""
    road.report(road.site.origin + PAGE, f"{road.site.origin}/missing", details={"more": TOLD})
    road.settle()
    road.decide_all()
    kept = road.site.mailbox.kept()
    mails = [message_from_bytes(one.read_bytes(), _class=EmailMessage, policy=policy.default) for one in kept]
    assert mails
    return Exports(road, mails, release_path(road.release().version).read_text(), road.refer())


def picture_in(mails: list[EmailMessage]) -> bool:
    """Say whether a part of a mail is a picture, by its type or by its bytes."""
    parts = [part for mail in mails for part in mail.walk() if not part.is_multipart()]
    contents = [part.get_payload(decode=True) for part in parts]
    named = any(part.get_content_maintype() in {"image", "video"} for part in parts)
    return named or any(data[100:200] in content for data in PICTURES for content in contents)


def test_no_mail_carries_a_picture(exports: Exports) -> None:
    assert not picture_in(exports.mails)


def test_the_test_for_pictures_sees_one(exports: Exports) -> None:
    """Planted bug: a picture under the name of a text."""
    exports.mails[0].add_attachment(PICTURES[0], maintype="application", subtype="octet-stream")
    assert picture_in(exports.mails)


def test_nobody_s_name_leaves(exports: Exports) -> None:
    """The names of the three sign-ins are words ("analyst"), so of them the outside ids are looked for."""
    people = [*exports.road.cast.analysts, *exports.road.cast.seniors]
    names = [name for one in people for name in (one.username, one.name)]
    names += Person.objects.values_list("public_id", flat=True)
    assert [(where, name) for where, text in exports.texts.items() for name in names if name in text] == []


def test_what_a_reporter_told_does_not_leave(exports: Exports) -> None:
    assert [where for where, text in exports.texts.items() if TOLD in text] == []


def values_in(content: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Yield the name and value of every leaf of a JSON value."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from values_in(value, key)
    elif isinstance(content, list):
        for value in content:
            yield from values_in(value, name)
    else:
        yield name, content


def exported(exports: Exports) -> list[tuple[str, object]]:
    """Return every leaf of release, notices and referral."""
    reports = [json.loads(part.get_content()) for mail in exports.mails for part in mail.iter_attachments()]
    lines = [json.loads(line) for line in exports.release.splitlines()]
    return list(values_in([reports, lines, json.loads(exports.referral.manifest)]))


def test_unset_is_never_exported_as_no(exports: Exports) -> None:
    """The analysts said no "no" at all, so none may leave: nor false, nor null, nor nothing."""
    assert "no" not in load().glyphs[PSEUDO_B].facts.values()
    leaves = exported(exports)
    noes = [(name, value) for name, value in leaves if value is False or value in ("no", "none", "", None)]
    assert noes == [("previous", None)]
    open_facts = [name for name, value in load().glyphs[PSEUDO_B].facts.items() if value == "not_determined"]
    assert [name for name in open_facts if (name, "not_determined") not in leaves] == []


def files_of(*folders: str) -> list[Path]:
    return [path for name in folders for path in (Path(settings.VAR) / name).rglob("*") if path.is_file()]


def test_no_address_stands_in_the_log_or_in_a_release(exports: Exports) -> None:
    needle = f"127.0.0.1:{exports.road.site.ports.web}".encode()
    assert [path.name for path in files_of("log", "releases", "index") if needle in path.read_bytes()] == []
    logging.getLogger("openhotline.planted").error("could not fetch http://%s", needle.decode())
    assert [path.name for path in files_of("log") if needle in path.read_bytes()] == ["openhotline.log"]


def test_no_address_and_nothing_told_stands_in_the_database_in_clear(exports: Exports) -> None:
    needles = [f"127.0.0.1:{exports.road.site.ports.web}", "/files/1.png", TOLD]
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            texts = [bytes(v) if isinstance(v, memoryview) else str(v).encode() for row in cursor for v in row]
            found += [(table, one) for one in needles if any(one.encode() in text for text in texts)]
    assert found == []


def test_no_address_and_no_hash_stands_in_any_log(exports: Exports) -> None:
    """Neither in the service's, nor in what a library said, nor in the log of the hotline's own acts."""
    logs = {path.name: path.read_text(errors="replace") for path in files_of("log")}
    rows = {f"record {row['id']}": repr(row) for row in Record.objects.values()}
    checkpoints = {f"checkpoint {row['number']}": repr(row) for row in Checkpoint.objects.values()}
    assert rows
    assert leaks(logs | rows | checkpoints) == []


def test_no_address_and_no_hash_is_said_aloud(road: Road, caplog: pytest.LogCaptureFixture) -> None:
    """At no level of any logger, while a road is played that meets refusals."""
    caplog.set_level(logging.DEBUG)
    for logger in ("openhotline", "django.request", "django_tasks", "django_tasks_db"):
        logging.getLogger(logger).addHandler(caplog.handler)
    try:
        road.report(road.site.origin + PAGE, f"{road.site.origin}/missing", details={"more": TOLD})
        road.settle()
        road.decide_all()
    finally:
        for logger in ("openhotline", "django.request", "django_tasks", "django_tasks_db"):
            logging.getLogger(logger).removeHandler(caplog.handler)
    heard = [one for one in caplog.records if not one.name.startswith(QUIET) or one.levelno >= logging.WARNING]
    assert leaks(formatted(heard)) == []
    assert len(heard) < len(caplog.records), "libraries say something, so that there is something to leave out"


def formatted(heard: list[logging.LogRecord]) -> dict[str, str]:
    """Return what a handler would write of each record: with the traceback of its exception, and its causes."""
    written = logging.Formatter("%(name)s %(message)s")
    return {f"{one.name} {n}": written.format(one) for n, one in enumerate(heard)}


@pytest.mark.usefixtures("exports")
def test_an_address_in_an_exception_that_is_logged_would_be_seen(caplog: pytest.LogCaptureFixture) -> None:
    """Planted bug: the sentence says nothing, and what was raised, or raised before it, does."""
    raised = RuntimeError("It did not work.")
    raised.__cause__ = OSError(Address.objects.latest("pk").canonical)
    logging.getLogger("planted").error("something went wrong", exc_info=raised)
    (record,) = [one for one in caplog.records if one.name == "planted"]
    assert leaks({"message": record.getMessage()}) == []
    assert leaks(formatted([record])) != []


def test_no_head_of_a_mail_has_an_address_or_a_hash(exports: Exports) -> None:
    """Heads are written into the logs of every server on the way; what a provider needs stands in the body."""
    heads = {
        f"mail {n}, {name}": str(value)
        for n, mail in enumerate(exports.mails)
        for part in mail.walk()
        for name, value in part.items()
    }
    assert any(name.endswith("Subject") for name in heads)
    assert leaks(heads) == []
    exports.mails[0].replace_header("Subject", f"About {Address.objects.latest('pk').canonical}")
    assert leaks({"Subject": str(exports.mails[0]["Subject"])}) != []


def pages_of(exports: Exports, *, desk: bool = True) -> dict[str, HttpResponse]:
    """Open every page of the desk as everybody who works there, and every public page as a stranger."""
    answers, paths = {}, addresses(public_id=Report.objects.get().public_id)
    by_role = {person.role: person for person in exports.road.cast.sign_ins}
    for route, rule in ACCESS.items():
        if route.startswith(("media_", "practice_")) or (rule.roles and not desk):
            continue
        people = [by_role[role] for role in rule.roles if role in by_role] if rule.roles else [None]
        for person in people:
            client = Client()
            if person is not None:
                client.force_login(person)
            answers[f"{route} {person and person.role}"] = client.get(paths[route], follow=True)
    return answers


def test_no_page_has_an_address_or_a_hash_in_its_title_or_its_own_address(exports: Exports) -> None:
    """Titles and addresses of pages stay in a browser's history and on a screen that is shared."""
    answers = pages_of(exports)
    titles = {name: " ".join(_TITLE.findall(answer.content.decode())) for name, answer in answers.items()}
    visited = {
        f"{name} led to": " ".join([answer.request["PATH_INFO"], answer.request["QUERY_STRING"], *steps_of(answer)])
        for name, answer in answers.items()
    }
    assert sum(bool(title) for title in titles.values()) > 20
    assert leaks(titles | visited) == []
    assert leaks({"title": f"<title>{Address.objects.latest('pk').canonical}</title>"}) != []


def steps_of(answer: HttpResponse) -> list[str]:
    return [step for step, _ in getattr(answer, "redirect_chain", [])]


def test_nobody_s_name_stands_on_a_public_page_or_in_a_package(exports: Exports) -> None:
    asks, signs = exports.road.cast.seniors
    pages = {name: answer.content for name, answer in pages_of(exports, desk=False).items()}
    identity = x25519.Identity.from_str((Path(settings.VAR) / "keys" / PRACTICE_IDENTITY).read_text().strip())
    sealed = package_path(exports.referral.public_id)
    texts = pages | {"package": decrypt(sealed.read_bytes(), [identity])}
    names = names_of_staff()
    assert {asks.name, asks.public_id, signs.username} <= set(names)
    assert len(pages) > 5
    assert [(where, name) for where, text in texts.items() for name in names if name.encode() in text] == []


def test_a_name_that_leaves_would_be_seen(exports: Exports) -> None:
    """Planted bug: a notice is signed by whoever decided."""
    exports.mails[0].add_attachment(f"Regards, {exports.road.cast.seniors[0].name}")
    assert [name for name in names_of_staff() if name in exports.texts["notice"]] != []
