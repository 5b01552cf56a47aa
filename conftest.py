"""What every test gets: the cast, and no network but loopback."""

import signal

from hypothesis import settings

from openhotline.core.languages.catalogues import compile_all

pytest_plugins = ["network_guard", "cast", "ready_memory"]

# How many examples property tests try: check-fast and PostgreSQL ten, `make test` forty, pytest by itself a hundred.
settings.register_profile("fast", max_examples=10)
settings.register_profile("build", max_examples=40)


def pytest_configure() -> None:
    """Compile the catalogues that are older than their text, which pages read; and let what tests start be interrupted.

    A shell starts what runs in the background with Ctrl-C ignored, and a program inherits that.
    """
    compile_all()
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
