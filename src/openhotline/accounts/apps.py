"""Django's name for this app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, roles, sign-in, approvals by two, recorded authorities."""

    name = "openhotline.accounts"
    default_auto_field = "django.db.models.BigAutoField"
