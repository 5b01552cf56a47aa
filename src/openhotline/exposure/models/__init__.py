"""Tables of exposure."""

from openhotline.exposure.models.view import View

__all__ = ["View"]
