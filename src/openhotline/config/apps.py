"""The app that starts last: it connects the journey."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Config: connects the journey once every app is loaded."""

    name = "openhotline.config"

    def ready(self) -> None:
        """Declare which step follows which event."""
        from openhotline import journey

        journey.connect()
