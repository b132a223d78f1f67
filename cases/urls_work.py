"""Addresses of handling: dashboard, reports, cases, Board."""

from django.urls import path

from cases.views import board, dashboard, work, work_cases, work_triage

urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("handover/", dashboard.hand_over, name="hand_over"),
    path("handover/confirm/", dashboard.confirm_handover, name="confirm_handover"),
    path("on-call-card/", dashboard.on_call_card, name="on_call_card"),
    path("board/", board.board, name="board"),
    path("reports/", work.reports, name="reports"),
    path("reports/<slug:reference>/", work.report, name="report"),
    path("reports/<slug:reference>/names/", work.names, name="names"),
    path("reports/<slug:reference>/history/", work.history, name="history"),
    path("reports/<slug:reference>/acknowledge/", work.acknowledge, name="acknowledge"),
    path("reports/<slug:reference>/safety/", work.safety, name="safety"),
    path("reports/<slug:reference>/triage/", work_triage.triage_report, name="triage"),
    path("reports/<slug:reference>/hold/<slug:code>/", work_triage.hold, name="hold"),
    path("reports/<slug:reference>/not-a-concern/", work_triage.not_a_concern, name="not_a_concern"),
    path("reports/<slug:reference>/identify/", work_triage.identify, name="identify"),
    path("reports/<slug:reference>/steps/add/", work.add_step, name="add_step"),
    path("steps/<slug:reference>/done/", work.finish_step, name="finish_step"),
    path("referrals/<slug:reference>/", work.referral, name="referral"),
    path("cases/", work_cases.cases, name="cases"),
    path("cases/<slug:reference>/", work_cases.case, name="case"),
    path("cases/<slug:reference>/grants/", work_cases.grants, name="grants"),
]
