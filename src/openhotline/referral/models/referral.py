"""A hand-over to police, and an urgent one in words alone."""

from django.db import models

from openhotline.assessment.models import Decision, VictimFlag
from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id
from openhotline.evidence.models import Item
from openhotline.referral.states import ReferralState, UrgentDraftState


def _new_id() -> str:
    return public_id("ref")


def _new_urgent_id() -> str:
    return public_id("urg")


def _new_draft_id() -> str:
    return public_id("urd")


def _new_answer_id() -> str:
    return public_id("pol")


class Referral(models.Model):
    """Up to 5,000 items for one partner, approved by two people, sealed to the partner's key."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    partner = models.CharField(max_length=120)
    recipient = models.CharField(max_length=120, help_text="age public key")
    state = models.CharField(max_length=16, default=ReferralState.DRAFTED)
    manifest = SealedText(help_text="JSON as it stands in the package: it has hashes and addresses")
    manifest_sha256 = models.CharField(max_length=64)
    package_sha256 = models.CharField(max_length=64, blank=True)
    first = models.BooleanField(default=False, db_default=False, help_text="a real child may need help now")
    practice = models.BooleanField(default=False)
    drafted_at = models.DateTimeField()
    built_at = models.DateTimeField(null=True)
    receipt_at = models.DateTimeField(null=True, help_text="when the partner said that it has the package")
    reference = SealedText(null=True, help_text="the partner's own reference")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=16, blank=True, db_default="", help_text="states.WithdrawnBecause")


class ReferredItem(models.Model):
    """An item of a referral; referred once."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="items")
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="referred")


class PoliceAnswer(models.Model):
    """What the police answered to a referral, as a person here wrote it down. Rows are added only.

    About one item of a package, or to urgent words. What it questions re-opens the decision that stood when it came;
    it decides nothing by itself.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_new_answer_id)
    referred = models.ForeignKey(ReferredItem, on_delete=models.PROTECT, null=True, related_name="answers")
    urgent = models.ForeignKey("referral.UrgentReferral", on_delete=models.PROTECT, null=True, related_name="answers")
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, null=True, related_name="+", help_text="null: the urgent words were about none"
    )
    decision = models.ForeignKey(
        Decision,
        on_delete=models.PROTECT,
        null=True,
        related_name="police_answers",
        help_text="what stood when it was answered; null: nothing is put in question",
    )
    says = models.CharField(max_length=16, help_text="of PoliceSays in states")
    words = SealedText(null=True, help_text="what was said, without names")
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(referred__isnull=True) ^ models.Q(urgent__isnull=True),
                name="answers_a_package_or_words",
            )
        ]


class UrgentReferral(models.Model):
    """Words that one person sent at once, since a child may be in danger; another signs them within a day.

    It names no picture of ours and carries none. ``second_by`` is empty until another person signed exactly this text.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_new_urgent_id)
    partner = models.CharField(max_length=120)
    recipient = models.CharField(max_length=120, help_text="age public key")
    report = models.CharField(max_length=40, blank=True, help_text="outside id of the report it is about")
    content = SealedText(help_text="JSON as it stands in the package")
    content_sha256 = models.CharField(max_length=64)
    package_sha256 = models.CharField(max_length=64)
    idempotency = models.CharField(max_length=64, unique=True)
    practice = models.BooleanField(default=False)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=40)
    second_due_at = models.DateTimeField()
    second_at = models.DateTimeField(null=True)
    second_by = models.CharField(max_length=40, blank=True)
    alerted_at = models.DateTimeField(null=True, help_text="when it was told that no second signature came")

    class Meta:
        indexes = [
            models.Index(
                fields=["second_due_at"], condition=models.Q(second_at__isnull=True), name="urgent_without_second"
            )
        ]


class UrgentDraft(models.Model):
    """Words for the police that were drafted when a flag was raised: a person sends them, changed or not, or does not.

    A flag that was taken back takes its draft with it: it is not shown any more.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_new_draft_id)
    flag = models.OneToOneField(VictimFlag, on_delete=models.PROTECT, related_name="urgent_draft")
    report = models.CharField(max_length=40, blank=True, help_text="outside id of the report it is about")
    words = SealedText()
    state = models.CharField(max_length=8, default=UrgentDraftState.DRAFTED)
    drafted_at = models.DateTimeField()
    sent = models.OneToOneField(UrgentReferral, on_delete=models.PROTECT, null=True, related_name="draft")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["drafted_at"], condition=models.Q(state="drafted"), name="urgent_drafts_open")]
