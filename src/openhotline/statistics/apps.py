"""Django's name for this app."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """Counts that can be derived again."""

    name = "openhotline.statistics"
    default_auto_field = "django.db.models.BigAutoField"
