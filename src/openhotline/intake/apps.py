"""Django's name for this app."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The public door: reports, addresses, receipts, collections."""

    name = "openhotline.intake"
    default_auto_field = "django.db.models.BigAutoField"
