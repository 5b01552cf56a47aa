"""The settings of the suite: the real ones, with a data folder of this test process and a fast password hash."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

from dice import without_dice

sys.path.append(str(Path(__file__).resolve().parent.parent / "scripts"))
from ready import TEMPLATE, ready_cluster

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

if ready_cluster() and DATABASES["default"]["ENGINE"].endswith("postgresql"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"TEMPLATE": TEMPLATE}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
