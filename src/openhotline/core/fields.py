"""A column that the database holds encrypted."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from openhotline.core.crypto import lock_column, open_column


class SealedText(models.Field[Any, Any]):
    """Text encrypted under the columns key and bound to its table and column. It cannot be searched."""

    def get_internal_type(self) -> str:
        """Say that the database holds bytes."""
        return "BinaryField"

    def _column(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def from_db_value(self, value: Any, _expression: object, _connection: object) -> str | None:
        """Decrypt on the way out."""
        return None if value is None else open_column(bytes(value), column=self._column())

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Encrypt on the way in."""
        prepared_value = super().get_db_prep_value(value, connection, prepared)
        if prepared_value is None:
            return None
        database: Any = connection  # its driver module is not in the stubs
        return database.Database.Binary(lock_column(str(prepared_value), column=self._column()))
