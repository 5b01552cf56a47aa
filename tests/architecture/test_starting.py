"""A process of the platform starts light, and decodes nothing by itself."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

LEFT_OUT = ("numba", "scipy", "av", "openhotline.evidence.examiner.program")
"""The compiler and what it brings, loaded in seconds, and what opens files: the sandbox has them."""
START = "import openhotline.config.cli, django, sys; django.setup(); "


def _loaded(first: str = "") -> str:
    """Return what of LEFT_OUT a command has loaded when it begins, after ``first``."""
    told = f"{first}{START}print(*[name for name in {LEFT_OUT!r} if name in sys.modules])"
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "openhotline.config.settings"}
    return subprocess.run(
        [sys.executable, "-c", told], env=env, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_command_loads_neither_the_compiler_nor_what_opens_files() -> None:
    assert _loaded() == ""


def test_one_that_did_would_be_seen() -> None:
    assert _loaded("import av; ") == "av"
