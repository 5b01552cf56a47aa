"""Django's name for this app."""

from django.apps import AppConfig


class ForecastConfig(AppConfig):
    """Capacity and hash-list studies."""

    name = "openhotline.forecast"
    default_auto_field = "django.db.models.BigAutoField"
