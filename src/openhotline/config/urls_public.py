"""The public door."""

from django.urls import include, path

urlpatterns = [
    path("", include("openhotline.intake.urls")),
    path("", include("openhotline.statistics.urls")),
    path("", include("openhotline.guidance.urls")),
]
