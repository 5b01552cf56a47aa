"""The web server of a door."""

from gunicorn.app.base import BaseApplication

from openhotline.config.wsgi import application


class Door(BaseApplication):  # type: ignore[misc] # gunicorn ships no types
    """Gunicorn with two processes of four threads; the application is loaded before they fork."""

    def __init__(self, *, port: int, host: str) -> None:
        self.address = f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        for name, value in {
            "bind": self.address,
            "workers": 2,
            "threads": 4,
            "worker_class": "gthread",
            "timeout": 60,
            "graceful_timeout": 5,
            "loglevel": "warning",
            "preload_app": True,
            "control_socket_disable": True,
        }.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> object:
        """Return the application."""
        return application
