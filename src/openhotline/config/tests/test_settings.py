"""What production sets."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from openhotline.config import settings
from openhotline.core.errors import Misconfigured

SHOW = """
import json
from openhotline.config import settings as s
names = (
    "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE", "CSRF_TRUSTED_ORIGINS", "DEBUG", "PRACTICE", "ROOT_URLCONF",
)
print(json.dumps({name: getattr(s, name) for name in names}))
"""


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    """The environment of a desk in production, with a secret and no more keys than the settings read."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret.key").write_bytes(bytes(32))
    return {key: value for key, value in os.environ.items() if not key.startswith("OPENHOTLINE_")} | {
        "OPENHOTLINE_VAR": str(tmp_path),
        "OPENHOTLINE_MODE": "production",
        "OPENHOTLINE_DOOR": "desk",
        "OPENHOTLINE_DATABASE_URL": "postgres://hotline@db/hotline",
        "OPENHOTLINE_HOSTS": "desk.hotline.example",
        "OPENHOTLINE_ORIGIN_DESK": "https://desk.hotline.example",
    }


def shown(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of their own."""
    return subprocess.run(
        [sys.executable, "-c", SHOW], env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_cookies_belong_to_one_host_over_tls_alone(production: dict[str, str]) -> None:
    """A cookie named ``__Host-`` is taken by browsers only with Secure, with the path / and without a domain."""
    said = json.loads(shown(production).stdout)
    assert said["SESSION_COOKIE_NAME"] == "__Host-session"
    assert said["CSRF_COOKIE_NAME"] == "__Host-csrf"
    assert said["SESSION_COOKIE_SECURE"]
    assert said["CSRF_COOKIE_SECURE"]
    assert said["SESSION_COOKIE_HTTPONLY"]
    assert said["SESSION_COOKIE_SAMESITE"] == "Strict"


def test_forms_come_from_the_door_s_own_origin(production: dict[str, str]) -> None:
    said = json.loads(shown(production).stdout)
    assert said["CSRF_TRUSTED_ORIGINS"] == ["https://desk.hotline.example"]
    assert (said["DEBUG"], said["PRACTICE"], said["ROOT_URLCONF"]) == (False, False, "openhotline.config.urls_desk")


@pytest.mark.slow
@pytest.mark.parametrize(
    "unsafe",
    [
        {"OPENHOTLINE_HOSTS": "*"},
        {"OPENHOTLINE_ORIGIN_MEDIA": "http://media.hotline.example"},
        {"OPENHOTLINE_DEBUG": "1"},
    ],
)
def test_nothing_starts_with_what_is_unsafe(production: dict[str, str], unsafe: dict[str, str]) -> None:
    done = shown(production | unsafe)
    assert done.returncode == 1
    assert next(iter(unsafe)) in done.stderr.splitlines()[-1]


def test_the_way_out_leads_to_an_address_over_tls(production: dict[str, str]) -> None:
    refused = shown(production | {"OPENHOTLINE_EXIT_URL": "javascript:x"})
    assert refused.returncode != 0
    assert "OPENHOTLINE_EXIT_URL is 'javascript:x'; it must be an address that begins with https://." in refused.stderr


def test_the_mailbox_for_replies_is_the_worker_s_and_its_password_stands_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text("word\n")
    monkeypatch.setenv("OPENHOTLINE_INBOX_HOST", "127.0.0.1")
    monkeypatch.setenv("OPENHOTLINE_INBOX_PASSWORD_FILE", str(tmp_path / "password"))
    monkeypatch.setattr(settings, "DOOR", "worker")
    mailbox = settings._inbox()
    assert mailbox is not None
    assert (mailbox.port, mailbox.tls, mailbox.password, mailbox.loopback_only) == (993, "tls", "word", True)
    assert "word" not in repr(mailbox)
    monkeypatch.setenv("OPENHOTLINE_INBOX_PASSWORD_FILE", str(tmp_path / "missing"))
    with pytest.raises(Misconfigured, match="PASSWORD_FILE"):
        settings._inbox()
    monkeypatch.setattr(settings, "DOOR", "desk")
    assert settings._inbox() is None


def test_what_removal_asks_is_named_by_the_operator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Folders and files are whole paths, whatever the process stands in; DNS servers are IP addresses."""
    monkeypatch.setenv("OPENHOTLINE_HOLDS", "holds.toml")
    monkeypatch.setenv("OPENHOTLINE_DNS", "somewhere")
    monkeypatch.chdir(tmp_path)
    assert settings._path("OPENHOTLINE_HOLDS") == tmp_path.resolve() / "holds.toml"
    assert settings._path("OPENHOTLINE_CDNS") is None
    with pytest.raises(Misconfigured, match="OPENHOTLINE_DNS"):
        settings._networks("OPENHOTLINE_DNS")


@pytest.mark.parametrize(
    ("origin", "secret", "said"),
    [
        ("http://s3.example", "x", "must be an origin such as https"),
        ("https://localhost/bucket", "x", "without a path"),
        ("https://s3.example", "x", "Practice never leaves this machine"),
        ("https://localhost:9000", "", "OPENHOTLINE_OBJECT_STORE_SECRET"),
    ],
)
def test_an_object_store_that_cannot_be_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, origin: str, secret: str, said: str
) -> None:
    monkeypatch.setenv("OPENHOTLINE_OBJECT_STORE", origin)
    monkeypatch.setenv("OPENHOTLINE_OBJECT_STORE_KEY_ID", "reader")
    monkeypatch.setenv("OPENHOTLINE_OBJECT_STORE_SECRET", secret)
    with pytest.raises(Misconfigured, match=said):
        settings._object_store()


def test_an_object_store_on_this_machine_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENHOTLINE_OBJECT_STORE", "http://localhost:9000/")
    monkeypatch.setenv("OPENHOTLINE_OBJECT_STORE_KEY_ID", "reader")
    monkeypatch.setenv("OPENHOTLINE_OBJECT_STORE_SECRET", "x")
    assert settings._object_store()["origin"] == "http://localhost:9000"
