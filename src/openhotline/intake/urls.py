"""Routes of the public door."""

from django.urls import path

from openhotline.intake.views.home import home, parents
from openhotline.intake.views.leave import leave, safety
from openhotline.intake.views.privacy import privacy, privacy_children
from openhotline.intake.views.receipt import receipt, receipt_answer, receipt_look, receipt_withdraw
from openhotline.intake.views.report import no_address, report_address, report_check, report_details, report_more

urlpatterns = [
    path("", home, name="home"),
    path("parents/", parents, name="parents"),
    path("leave/", leave, name="leave"),
    path("safety/", safety, name="safety"),
    path("report/", report_address, name="report_address"),
    path("report/no-address/", no_address, name="no_address"),
    path("report/details/", report_details, name="report_details"),
    path("report/more/", report_more, name="report_more"),
    path("report/check/", report_check, name="report_check"),
    path("report/receipt/", receipt, name="receipt"),
    path("privacy/", privacy, name="privacy"),
    path("privacy/young-people/", privacy_children, name="privacy_children"),
    path("receipt/", receipt_look, name="receipt_look"),
    path("receipt/answer/", receipt_answer, name="receipt_answer"),
    path("receipt/withdraw/", receipt_withdraw, name="receipt_withdraw"),
]
