"""What receivers of notices say: on their page at the public door, or by mail."""

from django.db import models

from openhotline.core.crypto import door_lookup, lookup
from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id
from openhotline.removal.models.notice import Notice

_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789AB"  # 32 signs, none of which is read as another


def code_of(notice: str) -> str:
    """Return the code by which the receiver of a notice (its outside id) answers: 100 bits, the same each time.

    Worked out and not kept, so that a mail that is handed in again is the same mail.
    """
    number = int(lookup("provider code", notice), 16)
    signs = [_LETTERS[number >> 5 * place & 31] for place in range(20)]
    return "-".join("".join(signs[at : at + 5]) for at in range(0, 20, 5))


def code_lookup(code: str) -> str:
    """Return the keyed hash by which the public door knows a code, however it was typed."""
    return door_lookup("provider code", "".join(sign for sign in code.upper() if sign.isalnum()))


class AnswerCode(models.Model):
    """A code that answers one notice, once. All that the public door knows of a notice."""

    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="answer_code")
    code = models.CharField(max_length=64, unique=True, help_text="keyed hash")
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class ProviderAnswer(models.Model):
    """What the holder of a code said; the text is sealed to the intake key, so that the public door cannot read it."""

    code = models.OneToOneField(AnswerCode, on_delete=models.PROTECT, related_name="answer")
    said = models.CharField(max_length=16)
    sealed = models.BinaryField(help_text="to the intake key")
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)


class Letter(models.Model):
    """A mail that came in: a bounce, or a reply. Without attachments: none is ever kept."""

    lookup = models.CharField(max_length=64, unique=True, help_text="keyed hash of its bytes: twice is once")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="letters")
    said = models.CharField(max_length=16)
    sealed = SealedText(help_text="its text, at most 10,000 characters")
    sentence = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)


def _new_id() -> str:
    return public_id("cmp")


class Complaint(models.Model):
    """Somebody says that something is or was to be taken down wrongly. A person answers, by a clock."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="complaints")
    removal = models.ForeignKey("removal.Removal", on_delete=models.PROTECT, null=True, related_name="complaints")
    text = SealedText()
    received_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=40, blank=True)
    end = models.CharField(max_length=16, blank=True)
    answer = SealedText(null=True)
