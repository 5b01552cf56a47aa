"""The hotline's own figures as studies take them, and the studies."""

from openhotline.forecast.queries.measured import MAY_ASSUME, Measured, measured
from openhotline.forecast.queries.pictures import Known, known_files, leading_hashes
from openhotline.forecast.queries.studies import latest_made, latest_study

__all__ = [
    "MAY_ASSUME",
    "Known",
    "Measured",
    "known_files",
    "latest_made",
    "latest_study",
    "leading_hashes",
    "measured",
]
