"""The database engine `openhotline.core.postgresql`: Django asks for a module of this name."""

import select

from django.db.backends.postgresql.base import DatabaseWrapper as DjangoPostgresql


class DatabaseWrapper(DjangoPostgresql):
    """A connection to PostgreSQL that is looked at before each request, without asking the server anything."""

    def is_usable(self) -> bool:
        """Say whether the server is still at the other end.

        Django asks it a statement, which every request would wait for. A server that ended, killed or not, closed the
        socket, and that can be read; of one that is there nothing waits to be read between two requests. After an error
        the server is asked, as ever.
        """
        if self.connection is None or self.connection.closed:
            return False
        if self.errors_occurred:
            return bool(super().is_usable())
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0)
