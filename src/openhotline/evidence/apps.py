"""Django's name for this app."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Captured, sealed, examined, shown behind the shutter."""

    name = "openhotline.evidence"
    default_auto_field = "django.db.models.BigAutoField"
