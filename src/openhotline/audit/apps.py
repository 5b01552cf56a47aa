"""Django's name for this app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Append-only record of who did what, in a Merkle tree."""

    name = "openhotline.audit"
    default_auto_field = "django.db.models.BigAutoField"
