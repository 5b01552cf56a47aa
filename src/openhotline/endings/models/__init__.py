"""Tables of endings. How each class ends, ``models.table`` says: it names the tables of other apps."""

from openhotline.endings.models.ending import Ended, Ending

__all__ = ["Ended", "Ending"]
