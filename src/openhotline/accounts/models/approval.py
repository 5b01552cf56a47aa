"""Two people, one exact thing."""

from django.db import models

from openhotline.accounts.states import LIVE, ApprovalState
from openhotline.core.ids import public_id


def _new_id() -> str:
    return public_id("apr")


class Approvals(models.Manager["Approval"]):
    """Makes void what stands; each operation that does so writes its own line of the log."""

    def void(self, purpose: str, subject: str) -> int:
        """Make the approval that stands for a thing void, if there is one; return how many. In a transaction."""
        return self.filter(purpose=purpose, subject=subject, state__in=LIVE).update(state=ApprovalState.VOID)


class Approval(models.Model):
    """Bound to the SHA-256 of the exact manifest; approved when two different people have signed it; used once.

    Of a role the subject is the person whose role it is, and neither of the two is that person.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    purpose = models.CharField(max_length=32, help_text="one of states.Purpose")
    subject = models.CharField(max_length=64, help_text="outside id of what is approved")
    manifest_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=16, default=ApprovalState.ASKED)
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    approved_by = models.CharField(max_length=40, null=True)  # noqa: DJ001 - null: nobody yet
    approved_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = Approvals()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("asked_by")),
                name="approval_by_two_people",
            ),
            models.CheckConstraint(
                condition=~models.Q(asked_by=models.F("subject"))
                & (models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("subject"))),
                name="approval_not_of_oneself",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True, approved_at__isnull=True)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                name="approval_who_and_when",
            ),
            models.UniqueConstraint(
                fields=["purpose", "subject"],
                condition=models.Q(state__in=sorted(LIVE)),
                name="one_live_approval_a_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[ApprovalState.TYPED, ApprovalState.ASKED, ApprovalState.VOID])
                | models.Q(approved_by__isnull=False),
                name="approval_signed_twice",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ApprovalState.USED, used_at__isnull=False)
                | (~models.Q(state=ApprovalState.USED) & models.Q(used_at__isnull=True)),
                name="approval_used_and_when",
            ),
        ]
