"""Where the limits on sign-ins are counted, so that they hold over every process of the desk."""

from django.db import models


class Attempt(models.Model):
    """The table of Django's database cache, in the columns that it expects; nothing else reads or writes it."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)
