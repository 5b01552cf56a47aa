"""Sessions in the database, under a hash of what the cookie holds: whoever reads the table cannot sign in with it."""

from hashlib import sha256
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession

from openhotline.core.clock import machine_now

_ROW_KEY_LETTERS = 40


def row_key_of(key: str) -> str:
    """Return the key of a session's row: 160 bits of a hash of the key in the cookie, which itself is random."""
    return sha256(b"openhotline session row\0" + key.encode()).hexdigest()[:_ROW_KEY_LETTERS]


class SessionStore(db.SessionStore):
    """Django's store, but for the key of the row; ``session_key`` stays what the cookie and the passes hold."""

    def exists(self, session_key: str) -> bool:
        """Say whether there is a row for the key of a cookie."""
        return super().exists(row_key_of(session_key))

    async def aexists(self, session_key: str) -> bool:
        """Say the same."""
        return await super().aexists(row_key_of(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """Return the row to be saved."""
        return _under_row_key(super().create_model_instance(data))

    async def acreate_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """Return the same."""
        return _under_row_key(await super().acreate_model_instance(data))

    def delete(self, session_key: str | None = None) -> None:
        """Remove the row of a cookie's key, or of this session."""
        key = session_key or self.session_key
        if key is not None:
            super().delete(row_key_of(key))

    async def adelete(self, session_key: str | None = None) -> None:
        """Remove the same."""
        key = session_key or self.session_key
        if key is not None:
            await super().adelete(row_key_of(key))

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        row = self.model.objects.filter(**self._row()).first() if self.session_key else None
        return self._found(row)

    async def _aget_session_from_db(self) -> AbstractBaseSession | None:
        row = await self.model.objects.filter(**self._row()).afirst() if self.session_key else None
        return self._found(row)

    def _row(self) -> dict[str, Any]:
        return {"session_key": row_key_of(self.session_key or ""), "expire_date__gt": machine_now()}

    def _found(self, row: AbstractBaseSession | None) -> AbstractBaseSession | None:
        if row is None:
            # A key that nobody gave out is not taken over from a cookie.
            self._session_key = None
        return row


def _under_row_key(row: AbstractBaseSession) -> AbstractBaseSession:
    row.session_key = row_key_of(row.session_key)
    return row
