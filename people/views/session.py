"""Staying signed in, unlocking with the password only, and the words kept meanwhile."""

from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from audit.recording import record
from people import keeping
from people.middleware import unlock, wants_json
from people.models import SealedPage, User
from people.signed_in import SignedInRequest, posted


class UnlockForm(forms.Form):
    """The password of the person whose session it is; nobody else's opens it."""

    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True})
    )

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.user = user

    def clean_password(self) -> str:
        """Counted and throttled like a sign-in."""
        password: str = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.user, password):
            raise ValidationError(gettext("That password was not right. Please try again."))
        return password


@require_POST
def ping(request: HttpRequest) -> HttpResponse:
    """Typing counts as being there; a session that is over answers 401 and the page hides itself."""
    return HttpResponse(status=204 if request.user.is_authenticated else 401)


def unlock_session(request: HttpRequest) -> HttpResponse:
    """Asks only for the password; the same person goes back to the same page and finds every word."""
    if not request.user.is_authenticated:
        address = f"{reverse('account_login')}?{urlencode({'next': _page_before(request)})}"
        return JsonResponse({"signin": address}, status=401) if wants_json(request) else redirect(address)
    request = cast(SignedInRequest, request)
    form = UnlockForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        return _unlocked(request)
    if wants_json(request):
        return JsonResponse({"error": " ".join(str(error) for error in form.errors.get("password", []))}, status=400)
    context = {"form": form, "next": _back(request)}
    return render(request, "people/unlock.html", context, status=200 if request.method == "GET" else 400)


def _unlocked(request: SignedInRequest) -> HttpResponse:
    unlock(request, request.user, timezone.now())
    record("user.unlocked", request.user, by=request.user)
    if wants_json(request):
        ends_at = datetime.fromtimestamp(request.session["ends_at"], UTC)
        return JsonResponse({"csrf": get_token(request), "absolute_at": ends_at.isoformat()})
    if keeping.kept_for(request.user).exists():
        return redirect("people:session_kept")
    return HttpResponseRedirect(_back(request) or reverse("home"))


def _page_before(request: HttpRequest) -> str:
    """The page whose script asks, on this site only."""
    page = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()})
    return urlsplit(page).path if ours else reverse("home")


def _back(request: HttpRequest) -> str:
    """The page one came from, on this site only."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else ""


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """A script lays aside the fields of the form at ?for=/path/ before the page hides; they are offered back like any others.

    Also after the session ended: then for the one who was signed in here.
    """
    path = request.GET.get("for", "")
    user = request.user if isinstance(request.user, User) else keeping.person_before(request)
    if user is None:
        return HttpResponse(status=401)
    if not url_has_allowed_host_and_scheme(path, allowed_hosts=None) or not path.startswith("/"):
        return HttpResponse(status=400)
    keeping.keep_draft(user, request, path=path, now=timezone.now())
    return HttpResponse(status=204)


@login_required
def kept(request: HttpRequest) -> HttpResponse:
    """Your words are kept: send them on to the page they were meant for, or delete them."""
    request = cast(SignedInRequest, request)
    pages = list(keeping.kept_for(request.user))
    if not pages:
        return redirect("home")
    return render(request, "people/kept.html", {"pages": [(page, _shown(page)) for page in pages], "kept_field": keeping.KEPT_FIELD})


def _shown(page: SealedPage) -> dict[str, object]:
    """The fields as hidden inputs, and the longer ones as text one can read and copy."""
    fields = [(name, value) for name, values in page.fields.items() for value in values]
    return {"fields": fields, "texts": [value for _name, value in fields if len(value) > 15]}


@require_POST
@login_required
def forget(request: HttpRequest, reference: str) -> HttpResponse:
    """The words are not wanted any more."""
    request = cast(SignedInRequest, request)
    get_object_or_404(keeping.kept_for(request.user), reference=reference)
    keeping.forget(request.user, reference)
    return redirect("people:session_kept")
