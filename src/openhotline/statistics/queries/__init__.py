"""Every figure, counted from the rows of the stages; nothing is kept here."""

from openhotline.statistics.queries.figures import Figures, figures

__all__ = ["Figures", "figures"]
