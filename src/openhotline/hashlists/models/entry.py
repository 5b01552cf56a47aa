"""One confirmed item of our own list."""

from django.db import models

from openhotline.core.ids import public_id
from openhotline.evidence.models import Item
from openhotline.hashlists.states import EntryState, Sharing


def _new_id() -> str:
    return public_id("ent")


class Entry(models.Model):
    """What is published of an item: hashes, AI status, legal basis, consensus, onward-sharing permission."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="entry")
    state = models.CharField(max_length=16, default=EntryState.ACTIVE)
    ai_involvement = models.CharField(max_length=32, help_text="as assessed; not_determined is a value")
    real_child = models.CharField(max_length=16, help_text="as assessed; not_determined is a value")
    jurisdiction = models.CharField(max_length=16)
    outcome = models.CharField(max_length=32)
    category = models.CharField(max_length=1, blank=True)
    provision = models.CharField(max_length=64)
    consensus = models.PositiveSmallIntegerField(help_text="how many people decided alike")
    sharing = models.CharField(max_length=16, default=Sharing.NOT_DETERMINED)
    address_live = models.BooleanField(null=True, help_text="pushed by the journey; null: not looked at")
    listed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    released_in = models.PositiveIntegerField(null=True, help_text="first published version that held it")
    tombstoned_in = models.PositiveIntegerField(null=True, help_text="first published version that withdrew it")

    class Meta:
        indexes = [models.Index(fields=["state"])]
