"""What Django and django-allauth ask of a hotline: who may sign in, how their secrets are kept, what is noted.

A person *proves* that it is them by signing in, or again later; sensitive acts ask that this was a few minutes ago.
A session is *strong* once a passkey or a code was part of it; production opens nothing to a session that is not.
"""

import base64
import time
from datetime import datetime, timedelta
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import authentication_step_completed
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.clock import now
from openhotline.core.crypto import lock_column, open_column

PROVED_AT = "proved_at"
STRONG = "strong"
STRONG_BY = "strong_by"
SEEN_AT = "seen_at"
NOTED_EVERY = 60.0
SECRETS = "mfa_authenticator.data"
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class Backend(ModelBackend):
    """Name and password of people who work here. Practice people do not exist in production, signed in or not."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Say whether somebody may sign in; asked again at every request of a session."""
        return bool(user.is_active) and (settings.PRACTICE or not user.practice)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Nobody signs up, and "prove it again" is asked by the access table and by nothing else."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """People come by invitation."""
        return False

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:  # noqa: ARG002 - allauth's signature
        """Leave it to ``config/access.py``, which says it for every route."""
        return False

    def respond_user_inactive(self, _request: HttpRequest, _user: Person) -> HttpResponse:
        """Say no more than a wrong password does."""
        return redirect("sign_in")


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth ships no types
    """Secrets of code apps and recovery codes lie encrypted under the columns key; allauth keeps them in clear."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That did not match. Try again, with a fresh code or the right key.",
        "cannot_delete_authenticator": "This is the last way to sign in that you have. Add another one first.",
    }

    def encrypt(self, text: str) -> str:
        """Return a secret as it is stored."""
        return base64.b64encode(lock_column(text, column=SECRETS)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a stored secret. Raises core.crypto.DoesNotOpen when it was changed."""
        return open_column(base64.b64decode(encrypted_text), column=SECRETS)

    def build_totp_svg(self, url: str) -> str:
        """Return the code to scan as an SVG element: the content policy allows no data addresses."""
        drawn: str = super().build_totp_svg(url)
        return mark_safe(drawn[drawn.index("<svg") :])  # noqa: S308 - drawn by the library, of our own text

    def _get_site_name(self) -> str:
        return str(settings.HOTLINE["name"])

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the last one: without it only a new invitation lets the person in again."""
        held = Authenticator.objects.filter(user=authenticator.user, type__in=SECOND_FACTORS)
        return bool(held.exclude(pk=authenticator.pk).exists())


def has_second_factor(person: Person) -> bool:
    """Say whether a person has a passkey or a code app."""
    return bool(Authenticator.objects.filter(user=person, type__in=SECOND_FACTORS).exists())


def is_strong(request: HttpRequest, person: Person) -> bool:
    """Say whether a passkey or a code was part of this session, for this person."""
    return bool(request.session.get(STRONG) == person.public_id)


def left_alone(request: HttpRequest, limit: timedelta) -> bool:
    """Say whether nobody used a session for so long; else note, once a minute, that somebody does.

    By the machine's own clock: a practice clock that jumps a week ahead must not sign people out.
    """
    seen = float(request.session.get(SEEN_AT, time.time()))
    unused = time.time() - seen
    if unused > limit.total_seconds():
        return True
    if SEEN_AT not in request.session or unused > NOTED_EVERY:
        request.session[SEEN_AT] = time.time()
    return False


def proved_within(request: HttpRequest, limit: timedelta, moment: datetime) -> bool:
    """Say whether the person proved in this session, within a time, that it is them."""
    at = request.session.get(PROVED_AT)
    return at is not None and timedelta() <= moment - datetime.fromisoformat(at) < limit


def _on_sign_in(*, request: HttpRequest, user: Person, **_: object) -> None:
    moment, strong = now(), is_strong(request, user)
    request.session[PROVED_AT] = moment.isoformat()
    by = str(request.session[STRONG_BY]) if strong else "password"
    detail: dict[str, str | int | float | bool | None] = {"second_factor": strong, "by": by}
    record(actor=user.public_id, action="signed_in", subject=user.public_id, now=moment, detail=detail)


def _on_failure(*, credentials: dict[str, Any], **_: object) -> None:
    tried = Person.objects.filter(username=credentials.get("username", "")).first()
    record(actor="sign-in", action="sign_in_failed", subject=tried.public_id if tried else "nobody", now=now())


def _on_step(*, request: HttpRequest, user: Person, method: str, **more: Any) -> None:
    by = str(more.get("type", method))
    if method == "mfa":
        _make_strong(request, user, by)
    # Where a passkey or a code is asked for, a password alone proves nothing later either.
    if more.get("reauthenticated") and (method == "mfa" or not has_second_factor(user)):
        request.session[PROVED_AT] = now().isoformat()
        record(actor=user.public_id, action="proved_again", subject=user.public_id, now=now(), detail={"by": by})


def _make_strong(request: HttpRequest, person: Person, kind: str) -> None:
    request.session[STRONG] = person.public_id
    request.session[STRONG_BY] = kind


def _on_added(*, request: HttpRequest, user: Person, authenticator: Authenticator, **_: object) -> None:
    if authenticator.type in SECOND_FACTORS:
        _make_strong(request, user, str(authenticator.type))
        # Said after the commit, when the session may have been written already.
        request.session.save()


def _on_saved(*, instance: Authenticator, created: bool, **more: Any) -> None:
    if created:
        _note("factor_added", instance)
    elif instance.type == Authenticator.Type.RECOVERY_CODES and more["update_fields"] == frozenset({"data"}):
        # A code that is used saves all of its row, and is noted as what it was used for.
        _note("recovery_codes_shown", instance)


def _on_deleted(*, instance: Authenticator, **_: object) -> None:
    _note("factor_removed", instance)


def _note(action: str, authenticator: Authenticator) -> None:
    """Record in the transaction of the change, whichever way the library went; its own signals miss some, or come late.

    What is no request of the person themselves is an operation on them, with its own line.
    """
    request, person = context.request, authenticator.user
    if request is None or request.user != person:
        return
    detail: dict[str, str | int | float | bool | None] = {"kind": str(authenticator.type)}
    record(actor=person.public_id, action=action, subject=person.public_id, now=now(), detail=detail)


def connect() -> None:
    """Listen to sign-ins; called once when the apps are loaded."""
    for signal, handler, sender in (
        (user_logged_in, _on_sign_in, None),
        (user_login_failed, _on_failure, None),
        (authentication_step_completed, _on_step, None),
        (authenticator_added, _on_added, None),
        (post_save, _on_saved, Authenticator),
        (post_delete, _on_deleted, Authenticator),
    ):
        signal.connect(handler, sender=sender, dispatch_uid=f"openhotline.{handler.__name__}")
