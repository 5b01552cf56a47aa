"""Bounces and replies are read from a mail server that others wrote: Dovecot, where it is installed."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from openhotline.core.net.errors import MailFailed
from openhotline.core.net.inbox import Mailbox
from openhotline.removal.models import Contact, Letter, Notice
from openhotline.removal.services.read_letters import read_mailbox
from openhotline.removal.states import ContactState
from openhotline.removal.tests.test_read_letters import Noticed, bounce, reply

DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(DOVECOT is None, reason="Dovecot is not installed (Debian: dovecot-imapd)"),
]
NOBODY = 65534
CONFIGURED = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
mail_location = maildir:{folder}/mail
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password=word
}}
userdb {{
  driver = static
  args = uid={uid} gid={uid} home={folder}
}}
"""


@pytest.fixture
def folder(settings: Any) -> Iterator[Path]:
    """A mailbox of Dovecot, which is the worker's; what is put into ``mail/new`` has come in."""
    with tempfile.TemporaryDirectory(prefix="openhotline-dovecot-") as name, socket.socket() as free:
        here, uid = Path(name), NOBODY if os.getuid() == 0 else os.getuid()
        here.chmod(0o755)
        for part in ("new", "cur", "tmp"):
            (here / "mail" / part).mkdir(parents=True)
        for one in (here / "mail", *(here / "mail").iterdir()):
            os.chown(one, uid, uid)
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
        free.close()
        us = here.owner()
        login = "nobody" if us == "root" else us
        told = CONFIGURED.format(folder=here, port=port, uid=uid, internal=us, group=here.group(), login=login)
        (here / "dovecot.conf").write_text(told)
        server = subprocess.Popen([str(DOVECOT), "-F", "-c", here / "dovecot.conf"], stderr=subprocess.PIPE)
        settings.INBOX = Mailbox("127.0.0.1", port, "desk", "word", tls="none", loopback_only=True, max_seconds=20.0)
        _wait_for(port, server)
        yield here
        server.terminate()
        server.communicate(timeout=20)


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + 20
    while time.monotonic() < ends and server.poll() is None:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("Dovecot did not start.")


def come_in(folder: Path, *letters: bytes) -> None:
    for number, letter in enumerate(letters):
        path = folder / "mail" / "new" / f"{number}.here"
        path.write_bytes(letter)
        owner = (folder / "mail").stat().st_uid
        os.chown(path, owner, owner)


def test_bounce_and_reply_are_read_once_marked_and_left_there(noticed: Noticed, folder: Path, now: datetime) -> None:
    noticed(1)
    name = Notice.objects.get().public_id
    come_in(folder, reply(name), bounce(name), reply("ntc_none", "Spam"))
    assert read_mailbox(actor="step:x", now=now) == 3
    assert sorted(Letter.objects.values_list("said", flat=True)) == ["bounce", "reply", "reply"]
    assert Contact.objects.get().state == ContactState.BOUNCED
    assert read_mailbox(actor="step:x", now=now) == 0
    left = [one.name for one in (folder / "mail").glob("*/*.here*")]
    assert (len(left), all(name.endswith("S") for name in left)) == (3, True)


def test_a_wrong_password_is_a_sentence(folder: Path, now: datetime, settings: Any) -> None:
    port = settings.INBOX.port
    settings.INBOX = Mailbox("127.0.0.1", port, "desk", "wrong", tls="none", loopback_only=True, max_seconds=20.0)
    with pytest.raises(MailFailed, match="name and password"):
        read_mailbox(actor="step:x", now=now)
