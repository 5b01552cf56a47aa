"""Tables of exposure, and the rules by which looking is unusual."""

from openhotline.exposure.models.alert import Alert, Reviewed
from openhotline.exposure.models.unusual import Unusual, read_rules
from openhotline.exposure.models.view import View
from openhotline.exposure.models.wellbeing import Wellbeing

__all__ = ["Alert", "Reviewed", "Unusual", "View", "Wellbeing", "read_rules"]
