"""Django's name for this app."""

from django.apps import AppConfig


class ExposureConfig(AppConfig):
    """What was seen by whom, for how long; budgets and breaks."""

    name = "openhotline.exposure"
    default_auto_field = "django.db.models.BigAutoField"
