"""What the sandbox found in a video: a hash of each frame that was taken."""

from django.db import models

from openhotline.core.fields import SealedText
from openhotline.evidence.models.item import Item


class Video(models.Model):
    """An item that is a video. The item's own width and height are those of its contact sheet, and it has no PDQ."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="video")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    milliseconds = models.PositiveBigIntegerField(help_text="as the file says; 0 where it does not say")
    complete = models.BooleanField(help_text="no frame was left out for want of time")


class VideoFrame(models.Model):
    """One frame that was taken, with its PDQ."""

    video = models.ForeignKey(Video, on_delete=models.PROTECT, related_name="frames")
    at_ms = models.PositiveBigIntegerField()
    pdq = SealedText(help_text="64 hex digits, of the frame at up to 512 pixels a side")
    quality = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["video", "at_ms"], name="one_frame_a_moment")]
