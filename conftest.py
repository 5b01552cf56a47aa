"""What every test gets: the cast, and no network but loopback."""

from hypothesis import settings

from openhotline.core.languages.catalogues import compile_all

pytest_plugins = ["network_guard", "cast", "ready_memory"]

# How many examples property tests try: check-fast and PostgreSQL ten, `make test` forty, pytest by itself a hundred.
settings.register_profile("fast", max_examples=10)
settings.register_profile("build", max_examples=40)


def pytest_configure() -> None:
    """Compile the catalogues that are older than their text: pages read the compiled ones."""
    compile_all()
