"""The rules of this installation."""

from pathlib import Path

from django.conf import settings

from openhotline.triage.models import Rules, read_rules


def rules() -> Rules:
    """Return the operator's rules, or the shipped ones; read once a process. Raises Misconfigured."""
    return read_rules(Path(settings.TRIAGE)) if settings.TRIAGE else read_rules()
