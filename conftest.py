"""What every test gets: the cast, and no network but loopback."""

from hypothesis import settings

pytest_plugins = ["network_guard", "cast"]

# What check-fast runs property tests with: the whole suite tries a hundred examples each, by Hypothesis' own default.
settings.register_profile("fast", max_examples=10)
