"""Somebody who works at the hotline."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from openhotline.accounts.states import ROLE_NAMES, Role
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
    is_active = models.BooleanField(default=True)
    practice = models.BooleanField(default=False, help_text="made by practice mode; refused in production")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]
    objects = People()

    @property
    def role_name(self) -> str:
        """Return the role in words."""
        return ROLE_NAMES[Role(self.role)]
