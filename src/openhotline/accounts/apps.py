"""Django's name for this app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, roles, sign-in, approvals by two, recorded authorities."""

    name = "openhotline.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to sign-ins, once every app is loaded."""
        from openhotline.accounts import signing_in

        signing_in.connect()
