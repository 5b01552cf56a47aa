"""Routes of the desk, under /desk/."""

from django.urls import path

from openhotline.desk.views import (
    alerts,
    approvals,
    assess,
    home,
    lists,
    numbers,
    referrals,
    removals,
    reports,
    sheet,
    type_in,
)

urlpatterns = [
    path("", home.home, name="desk_home"),
    path("meter/", home.meter, name="desk_meter"),
    path("queue/", assess.queue, name="desk_queue"),
    path("queue/next/", assess.take_next, name="desk_next"),
    path("assess/", assess.assess, name="desk_assess"),
    path("assess/consequence/", assess.consequence, name="desk_consequence"),
    path("assess/skip/", assess.skip, name="desk_skip"),
    path("assess/undo/", assess.undo, name="desk_undo"),
    path("sheet/", sheet.sheet, name="desk_sheet"),
    path("sheet/next/", sheet.take_next, name="desk_sheet_next"),
    path("reports/", reports.reports, name="desk_reports"),
    path("reports/<str:public_id>/", reports.report, name="desk_report"),
    path("reports/<str:public_id>/steps/", reports.report_steps, name="desk_report_steps"),
    path("type-in/", type_in.type_in, name="desk_type_in"),
    path("lists/", lists.lists, name="desk_lists"),
    path("lists/draft/", lists.draft, name="desk_list_draft"),
    path("lists/publish/", lists.publish, name="desk_list_publish"),
    path("removals/", removals.removals, name="desk_removals"),
    path("referrals/", referrals.referrals, name="desk_referrals"),
    path("referrals/draft/", referrals.draft, name="desk_referral_draft"),
    path("referrals/build/", referrals.build, name="desk_referral_build"),
    path("approvals/", approvals.approvals, name="desk_approve"),
    path("alerts/", alerts.alerts, name="desk_alerts"),
    path("alerts/seen/", alerts.seen, name="desk_alert_seen"),
    path("numbers/", numbers.numbers, name="desk_numbers"),
    path("numbers/publish/", numbers.publish, name="desk_numbers_publish"),
]
