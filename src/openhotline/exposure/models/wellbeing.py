"""What one person has said of how they want to look."""

from django.db import models


class Wellbeing(models.Model):
    """One row a person, theirs alone to change. Without a row: no end of a shift, nothing heavy, no consent."""

    person = models.CharField(max_length=40, unique=True, help_text="outside id")
    shift_ends_at = models.DateTimeField(null=True)
    takes_heavy = models.BooleanField(default=False, help_text="has said yes to what colleagues found hard to look at")
    consents = models.BooleanField(default=False, help_text="the welfare lead may see this person's own figures")
    changed_at = models.DateTimeField()
