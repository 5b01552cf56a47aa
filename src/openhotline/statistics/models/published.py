"""The figures as they left the hotline, once and for all."""

from django.db import models

from openhotline.core.ids import public_id


def _new_id() -> str:
    return public_id("fig")


class PublishedFigures(models.Model):
    """``content`` is what the public page shows, as figures: small counts are not in it, so they cannot leave."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    content = models.JSONField(help_text="policies.content_of, suppressed")
    period_end = models.DateTimeField(help_text="what had happened until then was counted")
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=40, help_text="outside id of a person")
    published_on = models.DateField(help_text="of published_at, in UTC: two at once are refused by the database")
    practice = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["published_on", "practice"], name="one_publication_a_day"),
        ]


def _new_report() -> str:
    return public_id("rpt")


class PublishedReport(models.Model):
    """A report on a period, once and for all. ``document`` is the text of ``report.json``, byte for byte."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_report)
    period = models.CharField(max_length=24, help_text="as models.period reads it")
    begin = models.DateField()
    end = models.DateField(help_text="the day after")
    document = models.TextField()
    sha256 = models.CharField(max_length=64, help_text="of document in UTF-8")
    counted_at = models.DateTimeField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=40, help_text="outside id of a person")
    published_on = models.DateField(help_text="of published_at, in UTC: two at once are refused by the database")
    practice = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["published_on", "practice", "begin", "end"], name="one_report_a_day_and_period"
            )
        ]
        indexes = [models.Index(fields=["sha256"])]
