"""Django's name for this app."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """What an analyst decides, and the second opinion."""

    name = "openhotline.assessment"
    default_auto_field = "django.db.models.BigAutoField"
