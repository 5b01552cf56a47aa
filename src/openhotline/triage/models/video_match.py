"""A video and a list entry that share frames."""

from django.db import models

from openhotline.evidence.models import Item


class VideoMatch(models.Model):
    """How many of a video's frames look like one of the entry's, and the other way round; of a picture one is there.

    Counted are frames that say enough to be compared. Which part of which it is, a person sees from the two shares.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="video_matches")
    entry = models.CharField(max_length=40, help_text="outside id of our entry")
    frames = models.PositiveSmallIntegerField(help_text="of the item, that look like one of the entry's")
    of_frames = models.PositiveSmallIntegerField(help_text="of the item, that were compared")
    entry_frames = models.PositiveSmallIntegerField(help_text="of the entry, that look like one of the item's")
    of_entry_frames = models.PositiveSmallIntegerField(help_text="of the entry, that were compared")
    distance = models.PositiveSmallIntegerField(help_text="of the nearest two, in bits")
    found_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "entry"], name="one_video_match_an_entry")]
