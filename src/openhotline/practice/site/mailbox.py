"""The provider's mail server: takes notices, keeps them in a spool folder, and takes down what they name."""

import asyncio
import json
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from openhotline.practice.site.notices import read_notice
from openhotline.practice.site.taking_down import TakenDown

_MOST_BYTES = 32 * 1024 * 1024


class Mailbox:
    """SMTP on loopback, in a thread with a loop of its own."""

    def __init__(self, port: int, spool: Path, down: TakenDown, hosts: frozenset[str]) -> None:
        spool.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.spool, self.down, self.hosts = spool, down, hosts
        self._loop = asyncio.new_event_loop()
        try:
            self._server = self._loop.run_until_complete(self._loop.create_server(self._protocol, "127.0.0.1", port))
        except OSError:
            self._loop.close()
            raise
        self.port = int(self._server.sockets[0].getsockname()[1])
        self._thread = threading.Thread(target=self._loop.run_forever, name="practice mail", daemon=True)

    def _protocol(self) -> SMTP:
        return SMTP(self, loop=self._loop, hostname="provider.example", data_size_limit=_MOST_BYTES, ident="practice")

    def start(self) -> None:
        """Begin to take mail."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more mail, and wait until the thread has ended."""
        self._loop.call_soon_threadsafe(self._loop.create_task, self._close())
        self._thread.join(5)
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self._loop.stop()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Keep one mail and act on it; the name is aiosmtpd's."""
        self.receive(envelope.content if isinstance(envelope.content, bytes) else b"")
        return "250 Notice received"

    def receive(self, content: bytes) -> None:
        """Keep a mail once (by Message-ID), beside it what was made of it, and take down what it names."""
        message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
        assert isinstance(message, EmailMessage)
        name = sha256(str(message.get("Message-ID", "")).encode() or content).hexdigest()[:24]
        path = self.spool / f"{name}.eml"
        notice = read_notice(message, hosts=self.hosts)
        path.write_bytes(content)
        outcome = {"addresses": len(notice.paths), "refused": notice.refused}
        path.with_suffix(".json").write_text(json.dumps(outcome) + "\n", encoding="utf-8")
        self.down.take_down(notice.paths)

    def kept(self) -> list[Path]:
        """Return the mails in the spool."""
        return sorted(self.spool.glob("*.eml"))

    def refused(self) -> list[str]:
        """Return the sentences of everything that was refused in the mails kept."""
        notes = sorted(self.spool.glob("*.json"))
        return [line for note in notes for line in json.loads(note.read_text(encoding="utf-8"))["refused"]]
