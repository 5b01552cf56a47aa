"""The story in one file: after which event which step follows."""


def connect() -> None:
    """Declare every step. Called once when all apps are loaded."""
