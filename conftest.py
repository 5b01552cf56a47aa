"""What every test gets: the cast, and no network but loopback."""

pytest_plugins = ["network_guard", "cast"]
