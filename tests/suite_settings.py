"""The settings of the suite: the real ones, with a data folder of this test process and a fast password hash."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from dice import without_dice

_folder = tempfile.mkdtemp(prefix="openhotline-test-")
_owner = os.getpid()


def _remove() -> None:
    # A forked child ends too, and must not take the folder from under its parent.
    if os.getpid() == _owner:
        shutil.rmtree(_folder, ignore_errors=True)


atexit.register(_remove)
os.environ["OPENHOTLINE_VAR"] = _folder
os.environ["OPENHOTLINE_MODE"] = "practice"
os.environ.update(without_dice(Path(_folder)))

from openhotline.config.settings import *  # noqa: E402, F403 - after the environment is set

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
