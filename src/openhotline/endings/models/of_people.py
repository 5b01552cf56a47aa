"""How people, partners, alerts, the directory and permissions end."""

from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery

from openhotline.accounts.models import Approval, Authority, Contact, Person, RoleChange
from openhotline.accounts.states import PersonState, Purpose
from openhotline.audit.models import Record
from openhotline.endings.models.rows import Ends, Kept, Records, blank, goes
from openhotline.evidence.models import KeyWork
from openhotline.exposure.models import Alert
from openhotline.hashlists.models import Member
from openhotline.hashlists.states import MemberState
from openhotline.intake.models import AskedKey, Partner, Sweep
from openhotline.intake.states import SweepState
from openhotline.retention.models import Hold


def _left(before: datetime) -> Any:
    # The log alone has the day: a person who came back and left again left on the later one.
    days = Record.objects.filter(action="person_disabled", subject=OuterRef("public_id")).order_by("-pk")
    left = Person.objects.filter(state=PersonState.DISABLED).annotate(left_at=Subquery(days.values("at")[:1]))
    return left.filter(left_at__lt=before).order_by("left_at", "pk")


PEOPLE = Ends(
    (
        Records(
            model="accounts.Person",
            prefix="per",
            due=_left,
            kept=(Kept(~Q(state=PersonState.DISABLED), "this person has not left. Disable them first."),),
            parts=(
                goes("mfa.Authenticator", "user"),
                goes("account.EmailConfirmation", "email_address__user"),
                goes("account.EmailAddress", "user"),
                goes("accounts.KeyChoice", "person"),
                goes("accounts.OnCall", "person"),
                goes("accounts.Invitation", "person"),
                goes("exposure.Wellbeing", "person", named=True),
                blank(
                    "accounts.Person",
                    username=F("public_id"),
                    name=F("public_id"),
                    password="!",  # noqa: S106 - no password
                    last_login=None,
                    vetted_until=None,
                    trained_until=None,
                    epoch=F("epoch") + 1,
                    state=PersonState.FORGOTTEN,
                ),
            ),
        ),
    ),
)

ALERTS = Ends(
    (
        Records(
            model="exposure.Alert",
            prefix="alt",
            due=lambda before: Alert.objects.filter(seen_at__lt=before).order_by("seen_at", "pk"),
            subjects=("subject",),
            parts=(goes("exposure.Alert"),),
        ),
    ),
    stays={"exposure.Reviewed": "one row: up to when looks were reviewed"},
)

PARTNERS = Ends(
    (
        Records(
            model="intake.Partner",
            prefix="par",
            due=lambda before: Partner.objects.filter(ended_at__lt=before).order_by("ended_at", "pk"),
            subjects=("reports__report__public_id",),
            kept=(
                Kept(
                    Q(member__isnull=False) & ~Q(member__state=MemberState.ENDED),
                    "it is still a member. End that first: openhotline member end.",
                ),
                Kept(Q(webhook_messages__next_at__isnull=False), "it is still to be told something."),
            ),
            parts=(
                goes("intake.Webhook", "partner"),
                goes("hashlists.QueryFlag", "member__partner"),
                blank("hashlists.Member", "partner", identity="", agreement_sha256=""),
                blank("intake.PartnerKey", "partner", lookup=F("public_id")),
                blank("intake.Partner", name=F("public_id")),
            ),
        ),
    ),
    stays={
        "hashlists.Edition": "which version was out when; whose is a number by then",
        "hashlists.SealedEdition": "which version was out when; whose is a number by then",
    },
)

DIRECTORY = Ends(
    (
        Records(
            model="accounts.Contact",
            prefix="con",
            due=lambda before: Contact.objects.filter(retired_at__lt=before).order_by("retired_at", "pk"),
            parts=(goes("accounts.Contact"),),
        ),
    ),
)

_IN_FORCE = Q(purpose=Purpose.MEMBER) & Q(
    subject__in=Member.objects.exclude(state=MemberState.ENDED).values("partner__public_id")
) | Q(purpose=Purpose.SWEEP, subject__in=Sweep.objects.exclude(state=SweepState.ENDED).values("public_id"))

PERMISSIONS = Ends(
    (
        Records(
            model="accounts.Approval",
            prefix="apr",
            due=lambda before: Approval.objects.filter(expires_at__lt=before).order_by("pk"),
            kept=(Kept(_IN_FORCE, "what it permitted is still in force."),),
            parts=(goes("accounts.Approval"),),
        ),
        Records(
            model="intake.Sweep",
            prefix="swp",
            due=lambda before: Sweep.objects.filter(until__lt=before).order_by("pk"),
            kept=(
                Kept(~Q(state=SweepState.ENDED), "it was not ended. End it under Sweeps first."),
                Kept(Q(pages__isnull=False), "an address of its list is still here. End that first."),
            ),
            parts=(goes("intake.Sweep"),),
        ),
        Records(
            model="accounts.Authority",
            prefix="aut",
            due=lambda before: Authority.objects.filter(expires_at__lt=before).order_by("pk"),
            parts=(goes("accounts.Authority"),),
        ),
        Records(
            model="accounts.RoleChange",
            prefix="rch",
            due=lambda before: RoleChange.objects.filter(asked_at__lt=before).order_by("pk"),
            parts=(goes("accounts.RoleChange"),),
        ),
        Records(
            model="intake.AskedKey",
            prefix="pka",
            due=lambda before: AskedKey.objects.filter(asked_at__lt=before).order_by("pk"),
            kept=(
                Kept(
                    Q(key__isnull=False, key__revoked_at=None, key__partner__ended_at=None), "its key was not revoked."
                ),
            ),
            parts=(goes("intake.AskedKey"),),
        ),
        Records(
            model="evidence.KeyWork",
            prefix="kwk",
            due=lambda before: KeyWork.objects.filter(asked_at__lt=before).order_by("pk"),
            parts=(goes("evidence.KeyWork"),),
        ),
        Records(
            model="retention.Hold",
            prefix="hld",
            due=lambda before: Hold.objects.filter(Q(until__lt=before) | Q(lifted_at__lt=before)).order_by("pk"),
            parts=(goes("retention.Hold"),),
        ),
    ),
)
