"""What every test gets: the cast, and no network but loopback."""

from hypothesis import settings

from openhotline.core.languages.catalogues import compile_all

pytest_plugins = ["network_guard", "cast", "ready_memory"]

# What check-fast runs property tests with: the whole suite tries a hundred examples each, by Hypothesis' own default.
settings.register_profile("fast", max_examples=10)


def pytest_configure() -> None:
    """Compile the catalogues that are older than their text: pages read the compiled ones."""
    compile_all()
