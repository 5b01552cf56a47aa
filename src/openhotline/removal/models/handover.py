"""Addresses handed to hotlines of other countries and by them to us, and what platforms say they did after our flag."""

from django.db import models

from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id
from openhotline.intake.models import Report
from openhotline.removal.models.notice import Notice
from openhotline.removal.models.removal import Removal


def _new_id() -> str:
    return public_id("hnd")


class Handover(models.Model):
    """One sealed file to the hotline of a country, with up to 500 addresses."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    country = models.CharField(max_length=2)
    hotline = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    file_sha256 = models.CharField(max_length=64)
    practice = models.BooleanField(default=False)


class HandedOver(models.Model):
    """One address of a handover, and what the other hotline said last that it did."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="addresses")
    removal = models.ForeignKey(Removal, on_delete=models.PROTECT, related_name="handed_over")
    action = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    acted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handover", "removal"], name="once_in_a_handover")]


def _new_id_in() -> str:
    return public_id("hin")


class HandoverIn(models.Model):
    """One file that the hotline of another country handed to us; ``theirs`` is the name that they gave it."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id_in)
    theirs = models.CharField(max_length=40)
    country = models.CharField(max_length=2, help_text="of the hotline, as our table names it")
    hotline = models.CharField(max_length=200)
    content_sha256 = models.CharField(max_length=64, help_text="of what was sealed: the same file again is no other")
    made_at = models.DateTimeField(help_text="as they say")
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=40)
    practice = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "theirs"], name="one_handover_in_of_a_name")]


class HandedIn(models.Model):
    """One address of a file that came in: the report that it became, and what we say last that we did."""

    handover = models.ForeignKey(HandoverIn, on_delete=models.PROTECT, related_name="addresses")
    reference = models.CharField(max_length=40, help_text="theirs")
    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="handed_in")
    provider = models.CharField(max_length=200, blank=True, help_text="who hosts it, as they were told")
    action = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    acted_at = models.DateTimeField(null=True)
    acted_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handover", "reference"], name="once_in_a_handover_in")]


class Statement(models.Model):
    """A platform's statement of reasons (EU Digital Services Act) that names our flag; each ``puid`` once."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="statements")
    platform = models.CharField(max_length=200)
    puid = models.CharField(max_length=500)
    decision = models.CharField(max_length=100, help_text="the format's own code")
    ground = models.CharField(max_length=100, blank=True)
    deepfake = models.BooleanField(null=True, help_text="whether it names that keyword; null: it names no keyword")
    automated = models.CharField(max_length=60, blank=True)
    applied_on = models.DateField(null=True)
    taken_at = models.DateTimeField()
    sealed = SealedText(help_text="the statement as it was published")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "puid"], name="one_statement_a_puid")]
