"""Somebody who works at the hotline."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from openhotline.accounts.states import PERMISSIONS, ROLE_NAMES, Permission, PersonState, Role
from openhotline.core.ids import public_id


def _new_id() -> str:
    return public_id("per")


class People(BaseUserManager["Person"]):
    """Finds people by the name they sign in with."""


class Person(AbstractBaseUser):
    """Signs in with ``username``; leaves the hotline only as ``public_id``, never by name."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=32, choices=[(role.value, name) for role, name in ROLE_NAMES.items()])
    state = models.CharField(max_length=16, default=PersonState.WORKING)
    is_active = models.BooleanField(default=True, help_text="true exactly while the state is working")
    epoch = models.PositiveIntegerField(default=0, help_text="raised to end every session of this person")
    vetted_until = models.DateField(null=True, help_text="null: no vetting is recorded")
    trained_until = models.DateField(null=True, help_text="null: no training is recorded")
    practice = models.BooleanField(default=False, help_text="made by practice mode; refused in production")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]
    objects = People()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=PersonState.WORKING, is_active=True)
                | (~models.Q(state=PersonState.WORKING) & models.Q(is_active=False)),
                name="person_active_while_working",
            ),
        ]

    @property
    def role_name(self) -> str:
        """Return the role in words."""
        return ROLE_NAMES[Role(self.role)]

    def may(self, permission: Permission) -> bool:
        """Say whether the person's role has a permission."""
        return permission in PERMISSIONS[Role(self.role)]

    def told(self) -> dict[str, str]:
        """Return what two people agree on of this person: once any of it is another, their approval is void."""
        return {name: str(getattr(self, name)) for name in ("public_id", "username", "name", "role", "state")}

    def set_state(self, state: PersonState) -> None:
        """Set the state, and end every session. The caller saves."""
        self.state = state
        self.is_active = state is PersonState.WORKING
        self.end_sessions()

    def end_sessions(self) -> None:
        """Let no session of this person survive its next request. The caller saves."""
        self.epoch += 1

    def get_session_auth_hash(self) -> str:
        """Return what a session is compared with at each request: it changes with password, role and epoch."""
        what = f"{self.password}\n{self.role}\n{self.epoch}"
        return salted_hmac("openhotline.accounts.session", what, algorithm="sha256").hexdigest()
