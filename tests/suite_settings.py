"""The settings of the suite: the real ones, with a data folder of this test process and a fast password hash."""

import os
import tempfile

os.environ["OPENHOTLINE_VAR"] = tempfile.mkdtemp(prefix="openhotline-test-")
os.environ["OPENHOTLINE_MODE"] = "practice"

from openhotline.config.settings import *  # noqa: F403 - after the environment is set

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
