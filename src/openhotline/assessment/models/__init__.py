"""Tables of assessment."""

from openhotline.assessment.models.assessment import Assessment
from openhotline.assessment.models.complaint import Complaint
from openhotline.assessment.models.decision import Decided, Decision, Outcome
from openhotline.assessment.models.handover import HandoverNote
from openhotline.assessment.models.reassessment import Reassessment
from openhotline.assessment.models.rederivation import OutcomeChange, Rederivation
from openhotline.assessment.models.turn import Turn
from openhotline.assessment.models.victim_flag import VictimFlag

__all__ = [
    "Assessment",
    "Complaint",
    "Decided",
    "Decision",
    "HandoverNote",
    "Outcome",
    "OutcomeChange",
    "Reassessment",
    "Rederivation",
    "Turn",
    "VictimFlag",
]
