"""Tables of exposure, the limits on looking, and the rules by which looking is unusual."""

from openhotline.exposure.models.alert import Alert, Reviewed
from openhotline.exposure.models.limits import SHIPPED_LIMITS, read_limits
from openhotline.exposure.models.unusual import Unusual, read_rules
from openhotline.exposure.models.view import View
from openhotline.exposure.models.wellbeing import Wellbeing

__all__ = ["SHIPPED_LIMITS", "Alert", "Reviewed", "Unusual", "View", "Wellbeing", "read_limits", "read_rules"]
