"""Django's name for this app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Core: events, jobs, clock, crypto, blobs, network."""

    name = "openhotline.core"
    default_auto_field = "django.db.models.BigAutoField"
