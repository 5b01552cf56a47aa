"""What every test gets: the cast, and no network but loopback."""

import signal

from hypothesis import HealthCheck, settings

from openhotline.core.languages.catalogues import compile_all

pytest_plugins = ["network_guard", "cast", "ready_memory"]

# How many examples property tests try: check-fast and PostgreSQL ten, `make test` forty, pytest by itself a hundred.
# None of them fails because the machine is busy.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fast", settings.get_profile("default"), max_examples=10)
settings.register_profile("build", settings.get_profile("default"), max_examples=40)
settings.load_profile("default")


def pytest_configure() -> None:
    """Compile the catalogues that are older than their text, which pages read; and let what tests start be interrupted.

    A shell starts what runs in the background with Ctrl-C ignored, and a program inherits that.
    """
    compile_all()
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
