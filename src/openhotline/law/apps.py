"""Django's name for this app."""

from django.apps import AppConfig


class LawConfig(AppConfig):
    """Legal rules as dated data, and the engine that derives outcomes."""

    name = "openhotline.law"
    default_auto_field = "django.db.models.BigAutoField"
