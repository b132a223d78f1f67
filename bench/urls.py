"""The application's addresses and the null page: signed-in layout, full middleware, session query, empty body."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from aset_safeguarding.urls import urlpatterns as application


@login_required
def null_page(request: HttpRequest) -> HttpResponse:
    """What a page costs that says nothing."""
    return render(request, "base.html")


urlpatterns = [path("bench-null/", null_page), *application]
