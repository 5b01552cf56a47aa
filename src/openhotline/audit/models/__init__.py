"""Tables of the audit log, its tree, its signed checkpoints and the place they are shipped to."""

from openhotline.audit.models.checkpoint import Checkpoint
from openhotline.audit.models.leaf import Leaf
from openhotline.audit.models.record import Record
from openhotline.audit.models.second_place import SecondPlace
from openhotline.audit.models.taken_back import ChainPlace, TakenBack

__all__ = ["ChainPlace", "Checkpoint", "Leaf", "Record", "SecondPlace", "TakenBack"]
