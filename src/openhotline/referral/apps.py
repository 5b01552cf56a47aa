"""Django's name for this app."""

from django.apps import AppConfig


class ReferralConfig(AppConfig):
    """Sealed packages to police, approved by two people."""

    name = "openhotline.referral"
    default_auto_field = "django.db.models.BigAutoField"
