"""Django's name for this app."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """How long each kind of record is kept, and what must not be deleted."""

    name = "openhotline.retention"
    default_auto_field = "django.db.models.BigAutoField"
