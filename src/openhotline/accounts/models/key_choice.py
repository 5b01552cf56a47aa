"""The keys with which one person works at the desk."""

from django.db import models

from openhotline.accounts.models.person import Person


class KeyChoice(models.Model):
    """Kept on the server, so that a person's keys are the same on every machine."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="key_choice")
    on = models.BooleanField(default=True, help_text="false: single keys do nothing (WCAG 2.1.4)")
    keys = models.JSONField(default=dict, help_text="the chosen key, by the key that the desk comes with")
