"""Django's name for this app."""

from django.apps import AppConfig


class EndingsConfig(AppConfig):
    """How people end what is due by the retention table."""

    name = "openhotline.endings"
    default_auto_field = "django.db.models.BigAutoField"
