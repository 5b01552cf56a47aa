"""Routes of the public door."""

from django.urls import include, path

from openhotline.intake.api.routes import patterns
from openhotline.intake.views.home import home
from openhotline.intake.views.privacy import privacy, privacy_children
from openhotline.intake.views.receipt import receipt, receipt_look
from openhotline.intake.views.report import report_address, report_check, report_details

urlpatterns = [
    path("", home, name="home"),
    path("report/", report_address, name="report_address"),
    path("report/details/", report_details, name="report_details"),
    path("report/check/", report_check, name="report_check"),
    path("report/receipt/", receipt, name="receipt"),
    path("privacy/", privacy, name="privacy"),
    path("privacy/young-people/", privacy_children, name="privacy_children"),
    path("receipt/", receipt_look, name="receipt_look"),
    path("api/v1/", include(patterns)),
]
