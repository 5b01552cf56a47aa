"""A column that the database holds encrypted."""

from typing import Any

from django.db import models

from openhotline.core.crypto import lock_column, open_column


class SealedText(models.BinaryField):  # type: ignore[type-arg] # the stubs of BinaryField take bytes only
    """Text encrypted under the columns key and bound to its table and column. It cannot be searched."""

    def _column(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def from_db_value(self, value: Any, _expression: object, _connection: object) -> str | None:
        """Decrypt on the way out."""
        return None if value is None else open_column(bytes(value), column=self._column())

    def get_prep_value(self, value: Any) -> bytes | None:
        """Encrypt on the way in."""
        if value is None or isinstance(value, bytes):
            return value
        return lock_column(str(value), column=self._column())
