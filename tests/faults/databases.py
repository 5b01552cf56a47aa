"""Installations for scripts of faults: a data folder, a database, free ports, a site of pictures."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "faults"), str(ROOT / "tests"), str(ROOT / "scripts")]


def environment(folder: Path, address: str = "") -> int:
    """Give this process and its children a data folder, a database and free ports; return the port of the site."""
    from dice import without_dice
    from openhotline.practice.site.ports import free_ports

    port, web, mail, rdap = free_ports(4)
    os.environ.update(
        OPENHOTLINE_VAR=str(folder),
        OPENHOTLINE_MODE="practice",
        OPENHOTLINE_DOOR="all",
        OPENHOTLINE_SITE_PORT=str(web),
        OPENHOTLINE_MAIL_PORT=str(mail),
        OPENHOTLINE_RDAP_PORT=str(rdap),
        # Decisions are published, listed and noticed while there is still something to kill.
        OPENHOTLINE_UNDO_SECONDS="2",
        **without_dice(folder),
        OPENHOTLINE_FAIL_LOG=str(folder / "named-deaths.log"),
        DJANGO_SETTINGS_MODULE="openhotline.config.settings",
    )
    if address:
        os.environ["OPENHOTLINE_DATABASE_URL"] = address
    return port


def set_up(folder: Path, address: str) -> int:
    """Make an empty practice installation for this process and its children; return a free port for its site.

    It stands on the server of that address, or on SQLite.
    """
    port = environment(folder, address)
    import django
    from django.core.management import call_command
    from ready import copy_sqlite, ready_cluster

    django.setup()
    there = ready_cluster() if address else copy_sqlite(folder / "db" / "openhotline.sqlite3")
    if not there:
        call_command("migrate", verbosity=0)
    return port


def make_site(folder: Path, pages: int, pictures: int) -> list[str]:
    """Write pages with so many generated pictures each; return the pages."""
    from journeys.road import picture, write_site

    made = {
        f"/boards/one/threads/{page}.html": {
            f"files/{page}-{place}.png": picture(page * pictures + place) for place in range(pictures)
        }
        for page in range(pages)
    }
    write_site(folder, made)
    return list(made)
