"""Routes of the public door."""

from django.urls import path

from openhotline.intake.views.home import home, parents
from openhotline.intake.views.leave import leave, safety
from openhotline.intake.views.privacy import privacy, privacy_children
from openhotline.intake.views.receipt import receipt, receipt_answer, receipt_look, receipt_withdraw
from openhotline.intake.views.report import no_address, report_address, report_check, report_details, report_more
from openhotline.intake.views.young import worried, young
from openhotline.intake.views.young_codes import young_keep, young_send, young_sent, young_undo

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
    path("young/", young, name="young"),
    path("young/keep/", young_keep, name="young_keep"),
    path("young/keep/send/", young_send, name="young_send"),
    path("young/keep/sent/", young_sent, name="young_sent"),
    path("young/undo/", young_undo, name="young_undo"),
    path("worried/", worried, name="worried"),
    path("privacy/", privacy, name="privacy"),
    path("privacy/young-people/", privacy_children, name="privacy_children"),
    path("receipt/", receipt_look, name="receipt_look"),
    path("receipt/answer/", receipt_answer, name="receipt_answer"),
    path("receipt/withdraw/", receipt_withdraw, name="receipt_withdraw"),
]
