"""Routes of the public figures and reports."""

from django.urls import path

from openhotline.statistics.views.findings import findings, findings_file
from openhotline.statistics.views.numbers import numbers

urlpatterns = [
    path("numbers/", numbers, name="numbers"),
    path("numbers/<slug:public_id>/", findings, name="findings"),
    path("numbers/<slug:public_id>/<str:file>", findings_file, name="findings_file"),
]
