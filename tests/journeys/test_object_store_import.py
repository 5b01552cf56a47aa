"""A collection in an object store, by the commands an operator types: a server that checks signatures and policies."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import boto3
import pytest
from django.conf import LazySettings
from django.db import connection
from moto import settings as moto_settings
from moto.server import ThreadedMotoServer
from ready import copy_sqlite

from faults.installation import Installation
from marking import landscape
from openhotline.core.net import object_store
from openhotline.intake.models.containers import open_container

REGION = "eu-west-2"
BUCKET = "found"
# What the page for operators says of the key: it may list and read there and nothing else.
LIST_AND_READ = [
    {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": f"arn:aws:s3:::{BUCKET}"},
    {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": f"arn:aws:s3:::{BUCKET}/*"},
]
NAMES = ("box/a.png", "box/b c+ä&.png", "box/in/again.png", "box/in/deep/c.png", "box/notes.txt")


@dataclass(frozen=True)
class Server:
    """A running server: its origin, a reader's key, and the owner's client, who may do anything."""

    origin: str
    key_id: str
    secret: str
    owner: Any

    def keeps(self) -> list[str]:
        """Return what lies in the bucket."""
        moto_settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf")
        found = [one["Key"] for one in self.owner.list_objects_v2(Bucket=BUCKET).get("Contents", [])]
        moto_settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
        return found

    def put(self, key: str, body: bytes) -> None:
        """Lay an object there, as its owner."""
        moto_settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf")
        self.owner.put_object(Bucket=BUCKET, Key=key, Body=body)
        moto_settings.INITIAL_NO_AUTH_ACTION_COUNT = 0


def picture(seed: int) -> bytes:
    """Return a PNG of a generated landscape."""
    sink = io.BytesIO()
    landscape(seed).save(sink, "PNG")
    return sink.getvalue()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The server with five objects: three pictures, one of them twice, and a text; from here on it checks keys."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "owner")
    monkeypatch.setattr(moto_settings, "INITIAL_NO_AUTH_ACTION_COUNT", float("inf"))
    running = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    running.start()
    origin = f"http://127.0.0.1:{running.get_host_and_port()[1]}"
    owner, people = (boto3.client(kind, endpoint_url=origin, region_name=REGION) for kind in ("s3", "iam"))
    owner.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    people.create_user(UserName="reader")
    policy = json.dumps({"Version": "2012-10-17", "Statement": LIST_AND_READ})
    people.put_user_policy(UserName="reader", PolicyName="list-and-read", PolicyDocument=policy)
    key = people.create_access_key(UserName="reader")["AccessKey"]
    made = Server(origin, key["AccessKeyId"], key["SecretAccessKey"], owner)
    for name, body in zip(NAMES, (picture(1), picture(2), picture(1), picture(3), b"A text."), strict=True):
        made.put(name, body)
    made.put("other/away.png", picture(4))
    yield made
    # What it held belongs to this process and would meet the next test.
    urlopen(Request(f"{origin}/moto-api/reset", method="POST"), timeout=10).close()
    running.stop()


def installed(var: Path, server: Server, **changes: str) -> Installation:
    """Return an installation whose commands have the store's address and key, and a recorded authority."""
    further = {
        "OPENHOTLINE_OBJECT_STORE": server.origin,
        "OPENHOTLINE_OBJECT_STORE_REGION": REGION,
        "OPENHOTLINE_OBJECT_STORE_KEY_ID": server.key_id,
        "OPENHOTLINE_OBJECT_STORE_SECRET": server.secret,
    }
    at = Installation(var, further=further | changes)
    if not copy_sqlite(var / "db" / "openhotline.sqlite3"):
        at.type("migrate")
    said = {"scope": "a partner's bucket", "jurisdiction": "GB", "approver": "Practice office", "until": "2099-01-01"}
    at.type("authority", "record", *(word for name, told in said.items() for word in (f"--{name}", told)))
    return at


def status(at: Installation) -> dict[str, Any]:
    """Return what `collection status` tells programs of the only collection."""
    (told,) = json.loads(at.type("collection", "status", "--json"))
    return dict(told)


@pytest.mark.sandbox
@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="one database of its own is enough")
def test_a_bucket_comes_in_by_command_and_what_is_added_later_with_it(tmp_path: Path, server: Server) -> None:
    """Listed, read, sealed and examined; then resumed; and nothing was written to the store."""
    at = installed(tmp_path / "one", server)
    at.type("collection", "import", f"s3://{BUCKET}/box", "--found-by", "Example office")
    at.act("work")
    told = status(at)
    assert {name: told[name] for name in ("name", "expected", "taken", "folded", "refused", "registered")} == {
        "name": "box", "expected": 5, "taken": 4, "folded": 1, "refused": 0, "registered": 0,
    }  # fmt: skip
    report = [json.loads(line) for line in at.type("collection", "report", "box").splitlines()]
    assert sorted(one["file"] for one in report) == sorted(name.removeprefix("box/") for name in NAMES)
    assert {one["found_by"] for one in report} == {"Example office"}
    server.put("box/later.png", picture(5))
    at.type("collection", "resume", "box")
    at.act("work")
    assert status(at)["taken"] == 5
    assert server.keeps() == sorted([*NAMES, "box/later.png", "other/away.png"])
    at.restart()


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="as above")
@pytest.mark.parametrize("bucket", [BUCKET, "of-somebody-else"])
def test_a_wrong_secret_or_bucket_is_a_sentence_and_brings_nothing_in(
    tmp_path: Path, server: Server, bucket: str
) -> None:
    """The server signs the request anew and compares, and its policy knows one bucket."""
    wrong = {"OPENHOTLINE_OBJECT_STORE_SECRET": "another"} if bucket == BUCKET else {}
    at = installed(tmp_path / "one", server, **wrong)
    at.type("collection", "import", f"s3://{bucket}/box", ends=2)
    assert at.type("collection", "status").strip() == "No collection has been imported yet."
    at.restart()


def test_a_listing_of_many_pages_is_followed_to_its_end(
    server: Server, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the marks that a server gives out, whatever they look like."""
    monkeypatch.setattr(object_store, "PAGE", 2)
    settings.OBJECT_STORE = {
        "origin": server.origin, "region": REGION, "key_id": server.key_id, "secret": server.secret,
    }  # fmt: skip
    bucket = open_container(Path(f"s3://{BUCKET}/box"), authority=lambda: "aut_test")
    assert [one.path for one in bucket.listed()] == [name.removeprefix("box/") for name in sorted(NAMES)]
    assert bucket.read("b c+ä&.png") == picture(2)
