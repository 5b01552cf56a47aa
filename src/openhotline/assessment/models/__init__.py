"""Tables of assessment."""

from openhotline.assessment.models.assessment import Assessment
from openhotline.assessment.models.decision import Decided, Decision, Outcome
from openhotline.assessment.models.rederivation import OutcomeChange, Rederivation
from openhotline.assessment.models.turn import Turn

__all__ = ["Assessment", "Decided", "Decision", "Outcome", "OutcomeChange", "Rederivation", "Turn"]
