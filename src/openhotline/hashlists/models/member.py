"""Who uses the list, on which terms, and what it told us."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from django.db import models

from openhotline.core.ids import public_id
from openhotline.hashlists.errors import NoMember
from openhotline.hashlists.models.entry import Entry
from openhotline.hashlists.states import (
    CRIMINAL,
    IDENTITY_WORDS,
    PURPOSE_WORDS,
    IdentityCheck,
    MemberPurpose,
    MemberState,
    Part,
    Stream,
)
from openhotline.intake.models import Partner


@dataclass(frozen=True)
class Terms:
    """What the signed agreement allows. As shipped: hashes are asked for, and answered by yes or no with a category.

    ``streams`` of the list, the exploitative one only where it is named; ``download`` of the list itself;
    ``send_files`` to be hashed here, in memory, never kept;
    ``see_ids``, ``see_distances`` and ``see_states`` of matches; ``addresses``: the list of live addresses;
    ``self_reported``: hashes that young people made, nobody here having seen the pictures: the member looks at a
    picture before it acts. Both are sealed to ``age_key``. ``daily`` is how many hashes a day may be asked for.
    """

    streams: tuple[str, ...] = CRIMINAL
    download: bool = False
    send_files: bool = False
    see_ids: bool = False
    see_distances: bool = False
    see_states: bool = False
    addresses: bool = False
    self_reported: bool = False
    age_key: str = ""
    daily: int = 100_000

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Terms":
        """Return terms as a row keeps them."""
        return cls(**{**kept, "streams": tuple(kept["streams"])})

    def in_words(self) -> Sequence[str]:
        """Return one sentence for each thing that was agreed."""
        return [
            f"Streams: {', '.join(one.replace('_', ' ') for one in self.streams)}.",
            *["What is exploitative comes from partners, is criminal by no law that was asked, and is told apart."]
            * (Stream.EXPLOITATIVE in self.streams),
            "It may download the list." if self.download else "It may not download the list.",
            "It may send files to be hashed here." if self.send_files else "It sends hashes alone, no files.",
            "Matches are answered with ids." if self.see_ids else "Matches are answered without ids.",
            "It sees how far a match is." if self.see_distances else "It does not see how far a match is.",
            "It sees whether what is matched is in question."
            if self.see_states
            else "It does not see whether what is matched is in question.",
            f"It is given the list of live addresses, sealed to {self.age_key}."
            if self.addresses
            else "It is not given the list of live addresses.",
            f"It is given self-reported hashes, sealed to {self.age_key}: it looks at a picture before it acts."
            if self.self_reported
            else "It is not given self-reported hashes.",
            f"It may ask for {self.daily:,} hashes a day.",
        ]


class Member(models.Model):
    """An organisation that may use the list. Its name, keys and webhook are the partner's: one mechanism for both."""

    partner = models.OneToOneField(Partner, on_delete=models.PROTECT, primary_key=True, related_name="member")
    state = models.CharField(max_length=16, default=MemberState.DRAFTED)
    purpose = models.CharField(max_length=24)
    identity = models.CharField(max_length=16)
    identity_checked_on = models.DateField()
    agreement_sha256 = models.CharField(max_length=64, help_text="of the signed document, which is kept elsewhere")
    agreement_signed_on = models.DateField()
    terms = models.JSONField()
    drafted_at = models.DateTimeField()
    admitted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    @property
    def public_id(self) -> str:
        """Return the outside id, which is the partner's."""
        return self.partner.public_id

    @property
    def agreed(self) -> Terms:
        """Return the terms of the agreement."""
        # Read several times at each lookup, and made once of what the row holds.
        made: tuple[dict[str, Any], Terms] | None = self.__dict__.get("_agreed")
        if made is None or made[0] is not self.terms:
            made = self.__dict__["_agreed"] = self.terms, Terms.of(self.terms)
        return made[1]

    def manifest_sha256(self) -> str:
        """Return the digest of exactly what the second person signs."""
        said = {
            "member": self.public_id,
            "name": self.partner.name,
            "purpose": self.purpose,
            "identity": [self.identity, self.identity_checked_on.isoformat()],
            "agreement": [self.agreement_sha256, self.agreement_signed_on.isoformat()],
            "terms": asdict(self.agreed),
        }
        return sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    @property
    def purpose_words(self) -> str:
        """Return what it uses the list for, for a sentence."""
        return PURPOSE_WORDS[MemberPurpose(self.purpose)]

    @property
    def identity_words(self) -> str:
        """Return a sentence on how its identity was checked."""
        how = IDENTITY_WORDS[IdentityCheck(self.identity)]
        return f"Its identity was checked on {self.identity_checked_on.isoformat()} by {how}."

    @property
    def agreement_words(self) -> str:
        """Return a sentence that names the signed agreement."""
        on = self.agreement_signed_on.isoformat()
        return f"It signed the agreement {self.agreement_sha256[:16]}… on {on}."

    @property
    def terms_words(self) -> Sequence[str]:
        """Return the terms as sentences."""
        return self.agreed.in_words()


def check_admitted(member: Member | None) -> Member:
    """Return the member if two people admitted it and it has not ended. Raises NoMember."""
    if member is None or member.state != MemberState.ADMITTED or member.partner.ended_at is not None:
        raise NoMember(
            "This key's owner is not admitted as a member of the hash list. It takes an identity check, a signed "
            "agreement and two people of the hotline; ask the hotline."
        )
    return member


class Feedback(models.Model):
    """What a member says of an entry; what it says later takes the place of what it said before."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="feedback")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="feedback")
    verdict = models.CharField(max_length=16)
    reason = models.CharField(max_length=24, blank=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "entry"], name="one_word_a_member_and_entry")]


class CanaryWord(models.Model):
    """What a member says of a canary of its own, which it takes for an entry: its word is taken like any.

    ``disputed_at``: since when the canary would be in question, were it an entry; null: it was never disputed.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="canary_words")
    canary = models.CharField(max_length=40)
    verdict = models.CharField(max_length=16)
    reason = models.CharField(max_length=24, blank=True)
    given_at = models.DateTimeField()
    disputed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "canary"], name="one_word_a_member_and_canary")]


def _new_flag() -> str:
    return public_id("flg")


class QueryFlag(models.Model):
    """Queries of a member that resemble each other more than uploads do: as if somebody felt for where a match begins.

    A person looks. ``related`` is about how many different hashes resembled each other when it was raised.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_new_flag)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="flags")
    related = models.PositiveIntegerField()
    raised_at = models.DateTimeField()
    seen_by = models.CharField(max_length=40, blank=True)
    seen_at = models.DateTimeField(null=True)


class Edition(models.Model):
    """A published version as one member is given it: the streams it takes, signed for it alone.

    What is exploitative is an edition of its own.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="editions")
    version = models.PositiveIntegerField()
    # db_default: an older version of this software, still running beside, writes none.
    part = models.CharField(max_length=16, default=Part.CRIMINAL, db_default=Part.CRIMINAL.value)
    entries = models.PositiveIntegerField()
    tombstones = models.PositiveIntegerField()
    manifest_sha256 = models.CharField(max_length=64)
    out_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "version", "part"], name="one_edition_a_version")]


class ServedHash(models.Model):
    """How the match service finds a published entry: by keyed hashes of its file, and by the number of its picture."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="served")
    kind = models.CharField(max_length=8)
    lookup = models.CharField(max_length=64, db_index=True)
    # db_default: an older version of this software, still running beside, writes none.
    canonical = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="of a picture: which form of it was hashed; empty: not kept",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "kind"], name="one_served_hash_a_kind")]


class StreamStage(models.Model):
    """How much of a stream the match service answers for: a new stream is tried with a share of its entries first."""

    stream = models.CharField(max_length=24, unique=True)
    percent = models.PositiveSmallIntegerField(default=100)
    set_at = models.DateTimeField()
