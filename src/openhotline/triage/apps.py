"""Django's name for this app."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    """Matches, stacks, sorting sheets, selection, priority."""

    name = "openhotline.triage"
    default_auto_field = "django.db.models.BigAutoField"
