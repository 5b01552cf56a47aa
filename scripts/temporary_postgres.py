"""A PostgreSQL server of our own, in a temporary folder, for as long as a `with` block lasts.

Uses Debian's binaries. It listens on a unix socket inside the folder and on no port. fsync stays on, because
production refuses to start without it.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from ready import copy_cluster, place

ROLE = "openhotline"
START_SECONDS = 30.0


class PostgresUnavailableError(Exception):
    """PostgreSQL could not be started; the text says why and what to do."""


class Server:
    """A running server; ``address`` is one that OPENHOTLINE_DATABASE_URL takes."""

    def __init__(self, binaries: Path, folder: Path, account: pwd.struct_passwd | None) -> None:
        self.binaries, self.folder, self.account = binaries, folder, account
        self.address = f"postgres://{ROLE}@/{folder}/postgres"
        self.process = start(binaries, folder, account)

    def kill(self) -> None:
        """Kill -9 every process of it at once, and start it again; it recovers what was committed."""
        # Each of its processes leads a session of its own. One that outlived it would hold the memory that they share,
        # without which none starts again: it is stopped, so that it makes no more of them, and all end together.
        self.process.send_signal(signal.SIGSTOP)
        pid = self.process.pid
        others = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        for one in (pid, *others):
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self.process.wait()
        while any(Path(f"/proc/{one}").exists() for one in others):
            time.sleep(0.01)
        (self.folder / "cluster" / "postmaster.pid").unlink(missing_ok=True)
        self.process = start(self.binaries, self.folder, self.account)
        self.wait()

    def stop(self) -> None:
        """Stop it cleanly, and leave its files."""
        stop(self.process)

    def wait(self) -> None:
        """Return when it takes connections. Raises PostgresUnavailableError."""
        wait_until_ready(self.binaries, self.folder, self.process)


@contextlib.contextmanager
def temporary_postgres() -> Iterator[Server]:
    """Yield a fresh server, and stop it whatever happens. Raises PostgresUnavailableError.

    It is empty; where databases lie ready (`ready.py`) it has every table, and no row of ours.
    """
    binaries = find_binaries()
    # Not $TMPDIR: a socket's path must be short, and the server's account must be able to walk to it.
    folder = Path(tempfile.mkdtemp(prefix="openhotline-postgres-", dir=place()))
    try:
        account = server_account()
        if account:
            shutil.chown(folder, account.pw_uid, account.pw_gid)
        if not copy_cluster(folder):
            make_cluster(binaries, folder, account)
        server = Server(binaries, folder, account)
        try:
            server.wait()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_binaries() -> Path:
    """Return the folder of the newest PostgreSQL that Debian has installed."""
    found = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not found:
        raise PostgresUnavailableError(
            "PostgreSQL is not installed: there is no /usr/lib/postgresql/*/bin/initdb. "
            "As root: apt-get install postgresql"
        )
    return max(found, key=lambda folder: float(folder.parent.name))


def server_account() -> pwd.struct_passwd | None:
    """Return the account the server must run as: PostgreSQL refuses root. None: the present one will do."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise PostgresUnavailableError(
            "PostgreSQL refuses to run as root and there is no account `postgres`. "
            "Run the tests as an ordinary user, or: apt-get install postgresql"
        ) from None


def as_account(account: pwd.struct_passwd | None) -> list[str]:
    """Return the start of a command line that runs the rest as this account and ends it when we end."""
    identity = [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"] if account else []
    return ["setpriv", *identity, "--pdeathsig", "INT", "--"]


def make_cluster(binaries: Path, folder: Path, account: pwd.struct_passwd | None) -> None:
    """Create the server's files in FOLDER/cluster: one role and no password, as the folder is closed."""
    done = subprocess.run(
        [
            *as_account(account),
            *(str(binaries / "initdb"), "--pgdata", str(folder / "cluster"), "--username", ROLE),
            *("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise PostgresUnavailableError(f"initdb could not make a database: {done.stderr.strip()}")


def start(binaries: Path, folder: Path, account: pwd.struct_passwd | None) -> subprocess.Popen[bytes]:
    """Start the server in a session of its own, so that Ctrl-C reaches us first."""
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [
                *as_account(account),
                *(str(binaries / "postgres"), "-D", str(folder / "cluster"), "-k", str(folder)),
                *("-c", "listen_addresses="),
            ],
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def wait_until_ready(binaries: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    """Return when the server takes connections; raise with the end of its log when it does not."""
    deadline = time.monotonic() + START_SECONDS
    asked = [str(binaries / "pg_isready"), "--quiet", "--host", str(folder), "--username", ROLE]
    while server.poll() is None and time.monotonic() < deadline:
        if subprocess.run(asked, check=False).returncode == 0:
            return
        time.sleep(0.05)
    said = (folder / "log").read_text(errors="replace").strip()[-1000:]
    raise PostgresUnavailableError(f"PostgreSQL did not start within {START_SECONDS:.0f} s: {said}")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server at once but cleanly (its "fast" way), and by force when that takes too long."""
    for sent, patience in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        if server.poll() is None:
            server.send_signal(sent)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(patience)
            return
