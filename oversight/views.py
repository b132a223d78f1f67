"""Home."""

from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("home")


exports = export_reporting_audit = export_report = export_case = home
