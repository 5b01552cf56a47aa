"""Django's name for this app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Pages that show a report whole, made of panels."""

    name = "openhotline.desk"
    default_auto_field = "django.db.models.BigAutoField"
