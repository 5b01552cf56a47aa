"""Tables of exposure, and the rules by which looking is unusual."""

from openhotline.exposure.models.alert import Alert, Reviewed
from openhotline.exposure.models.unusual import Unusual, read_rules
from openhotline.exposure.models.view import View

__all__ = ["Alert", "Reviewed", "Unusual", "View", "read_rules"]
