"""Django's name for this app."""

from django.apps import AppConfig


class RemovalConfig(AppConfig):
    """Hosting, notices, re-checks, until it is gone."""

    name = "openhotline.removal"
    default_auto_field = "django.db.models.BigAutoField"
