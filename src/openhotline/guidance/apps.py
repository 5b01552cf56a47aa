"""Django's name for this app."""

from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    """What to do now, for people who work with children: flows as data, with a source beside each sentence."""

    name = "openhotline.guidance"
    default_auto_field = "django.db.models.BigAutoField"
