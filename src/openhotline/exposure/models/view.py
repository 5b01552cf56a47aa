"""One look at one picture, or one sheet of glimpses."""

from django.db import models


class View(models.Model):
    """Committed before a byte is shown. ``seconds`` stays null until it ends; unended views count at the cap."""

    GLIMPSE = "glimpse"
    REVEAL = "reveal"

    person = models.CharField(max_length=40)
    subject = models.CharField(max_length=40, help_text="outside id of the item, or of the sheet")
    kind = models.CharField(max_length=8)
    pictures = models.PositiveSmallIntegerField(default=1)
    size = models.PositiveIntegerField(help_text="pixels shown, width x height, of one picture")
    grant = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the one-time grant")
    session = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the session it was granted to")
    ticket = models.CharField(  # noqa: DJ001 - null: none, and no two of these are alike
        max_length=64, null=True, unique=True, help_text="SHA-256 of what this look used up"
    )
    granted_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)
    beat_at = models.DateTimeField(null=True, help_text="when the page last said that the look goes on")
    # db_default: an older version of this software, still running beside, writes no weight.
    weight = models.FloatField(default=1.0, db_default=1.0, help_text="what a second counts; 2 for what is heavy")
    simulated = models.BooleanField(default=False, help_text="a scripted analyst's time, not a person's")

    class Meta:
        indexes = [
            models.Index(fields=["person", "granted_at"]),
            models.Index(fields=["subject"]),
            models.Index(fields=["shown_at"], condition=models.Q(seconds__isnull=True), name="exposure_view_unended"),
        ]
