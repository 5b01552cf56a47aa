"""What every test gets: the cast, and no network but loopback."""

from openhotline.core.languages.catalogues import compile_all

pytest_plugins = ["network_guard", "cast"]


def pytest_configure() -> None:
    """Compile the catalogues that are older than their text: pages read the compiled ones."""
    compile_all()
