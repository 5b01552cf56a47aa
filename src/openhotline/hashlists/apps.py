"""Django's name for this app."""

from django.apps import AppConfig


class HashlistsConfig(AppConfig):
    """Entries, releases, known lists."""

    name = "openhotline.hashlists"
    default_auto_field = "django.db.models.BigAutoField"
