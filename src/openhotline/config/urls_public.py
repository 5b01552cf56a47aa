"""The public door. English has no prefix; the same pages in another language stand under its code: ``/cy/report/``."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    *i18n_patterns(
        path("", include("openhotline.intake.urls")),
        path("", include("openhotline.statistics.urls")),
        path("", include("openhotline.removal.urls")),
        path("", include("openhotline.guidance.urls")),
        prefix_default_language=False,
    ),
    path("api/v1/", include("openhotline.intake.api.routes")),
]
