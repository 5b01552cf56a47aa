"""The database when it is away: it may come up after us, or be on its way back."""

import time

from django.db import InterfaceError, OperationalError, connection

AGAIN_SECONDS = 0.5
GONE = (OperationalError, InterfaceError)
"""What a query raises when the database has gone away."""


def wait_for_database() -> None:
    """Return once the database takes connections."""
    while True:
        connection.close()
        try:
            connection.ensure_connection()
        except GONE:
            time.sleep(AGAIN_SECONDS)
        else:
            return
