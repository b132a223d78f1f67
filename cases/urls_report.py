"""Addresses of filing a concern, of one's own reports and of drafts."""

from django.urls import path

from cases.views import drafts, receipt, report

urlpatterns = [
    path("report/", report.report_start, name="report_start"),
    path("report/alert/", report.report_alert, name="report_alert"),
    path("report/when-a-child-tells-you/", report.when_a_child_tells, name="when_a_child_tells"),
    path("report/<uuid:token>/check/", report.report_check, name="report_check"),
    path("report/<uuid:token>/send/", report.report_send, name="report_send"),
    path("report/<uuid:token>/autosave/", report.report_autosave, name="report_autosave"),
    path("report/<uuid:token>/<slug:step>/", report.report_step, name="report_step"),
    path("my-reports/", receipt.my_reports, name="my_reports"),
    path("receipts/<str:reference>/", receipt.receipt, name="receipt"),
    path("receipts/<str:reference>/add/", receipt.receipt_add, name="receipt_add"),
    path("receipts/<str:reference>/why-late/", receipt.receipt_why_late, name="receipt_why_late"),
    path("receipts/<str:reference>/told/", receipt.told, name="told"),
    path("drafts/", drafts.drafts, name="drafts"),
    path("drafts/unsent/", drafts.unsent_drafts, name="unsent_drafts"),
    path("drafts/<uuid:token>/discard/", drafts.discard, name="discard_draft"),
    path("drafts/<uuid:token>/told-by-phone/", drafts.tell_by_phone, name="told_by_phone"),
]
