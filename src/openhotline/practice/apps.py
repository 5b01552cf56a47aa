"""Django's name for this app."""

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    """Practice: the collection, the local stand-ins, the scripted analysts."""

    name = "openhotline.practice"
