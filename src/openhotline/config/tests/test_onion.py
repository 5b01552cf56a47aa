"""The public door has a second name for people who come by Tor."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from openhotline.config.deployment import onion_host
from openhotline.core.errors import Misconfigured

HOST = "a" * 56 + ".onion"
ONION = f"http://{HOST}"
pytestmark = pytest.mark.django_db
SHOW = """
import json
from openhotline.config import settings
print(json.dumps([settings.ONION, settings.ALLOWED_HOSTS, settings.CSRF_TRUSTED_ORIGINS, sorted(settings.OWN_NAMES)]))
"""


@pytest.fixture
def onion(settings: Any) -> None:
    """An installation with an onion service."""
    settings.ONION = ONION
    settings.ALLOWED_HOSTS = ["testserver", HOST]
    settings.CSRF_TRUSTED_ORIGINS = [ONION]


def test_public_pages_name_it_with_path_and_question(onion: None, stranger: Client) -> None:
    assert stranger.get("/receipt/?a=b")["Onion-Location"] == f"{ONION}/receipt/?a=b"


def test_pages_in_another_language_name_it_too(onion: None, stranger: Client) -> None:
    assert stranger.get("/cy/report/")["Onion-Location"] == f"{ONION}/cy/report/"


def test_under_the_second_name_it_is_not_named_again(onion: None, stranger: Client) -> None:
    answer = stranger.get("/report/", headers={"Host": HOST})
    assert answer.status_code == 200
    assert "Onion-Location" not in answer


def test_no_page_of_another_door_names_it(onion: None, stranger: Client) -> None:
    for place in ("/desk/sign-in/", "/media/health/", "/nothing/"):
        assert "Onion-Location" not in stranger.get(place)


def test_a_form_sent_under_the_second_name_is_taken(onion: None) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"Host": HOST, "Origin": ONION})
    page = browser.get("/report/").content.decode()
    token = page.partition('csrfmiddlewaretoken" value="')[2].partition('"')[0]
    typed = {"addresses": "a.example", "sending": "x", "csrfmiddlewaretoken": token}
    assert browser.post("/report/", typed).status_code == 302
    elsewhere = {"Host": HOST, "Origin": f"http://{'b' * 56}.onion"}
    assert browser.post("/report/", typed, headers=elsewhere).status_code == 403


def test_without_a_setting_no_page_names_any(stranger: Client) -> None:
    assert "Onion-Location" not in stranger.get("/report/")


@pytest.mark.parametrize(
    "text", ["http://short.onion", ONION + "/", f"ftp://{HOST}", HOST, "http://" + "1" * 56 + ".onion"]
)
def test_what_is_no_onion_address_is_refused(text: str) -> None:
    with pytest.raises(Misconfigured, match="OPENHOTLINE_ONION"):
        onion_host(text)


@pytest.mark.parametrize("door", ["public", "desk"])
def test_only_the_public_door_answers_to_it(tmp_path: Path, door: str) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret.key").write_bytes(bytes(32))
    environment = {
        "OPENHOTLINE_VAR": str(tmp_path),
        "OPENHOTLINE_MODE": "production",
        "OPENHOTLINE_DOOR": door,
        "OPENHOTLINE_DATABASE_URL": "postgres://hotline@db/hotline",
        "OPENHOTLINE_HOSTS": "hotline.example",
        "OPENHOTLINE_ORIGIN_PUBLIC": "https://hotline.example",
        "OPENHOTLINE_ORIGIN_DESK": "https://desk.hotline.example",
        "OPENHOTLINE_ONION": ONION,
    }
    done = subprocess.run(
        [sys.executable, "-c", SHOW], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    named, hosts, origins, own = json.loads(done.stdout)
    assert (HOST in hosts, ONION in origins, named == ONION) == (door == "public",) * 3
    assert HOST in own, "no process fetches it, whichever door it is"
