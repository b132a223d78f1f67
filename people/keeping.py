"""Words typed into a page whose session had ended: held sealed for that user alone, offered back, forgotten after a day.

Nobody else ever reads them: the row is found by its user, the fields are sealed, and a cookie that says "the last person
signed in here was X" lets words typed after the end be laid aside for X, never shown.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone

from people.models import SealedPage, User

KEPT_FOR = timedelta(hours=24)
MOST_PAGES = 50
KEPT_FIELD = "kept_page"
COOKIE = settings.WORDS_COOKIE_NAME
_SALT = "people.keeping"
_SECRETS = ("password", "code", "credential", "csrfmiddlewaretoken", KEPT_FIELD)
_NEVER_KEPT = ("/account/", "/session/", "/language/", "/me/change/")


def keep(user: User, request: HttpRequest, *, now: datetime, even_if_empty: bool = False) -> SealedPage | None:
    """Lay aside the fields of this POST for USER; None if there was nothing worth keeping.

    Two tabs on the same page are two pages kept. `even_if_empty`: the button alone matters (an approval that first needs a
    fresh sign-in).
    """
    path, fields = request.get_full_path()[:500], _typed(request)
    if path.startswith(_NEVER_KEPT) or not (even_if_empty or _says_something(fields)):
        return None
    page = SealedPage.objects.create(user=user, path=path, fields=fields, files_lost=bool(request.FILES), kept_at=now)
    too_many = kept_for(user, now=now).values("pk")[MOST_PAGES:]
    SealedPage.objects.filter(pk__in=list(too_many)).delete()
    return page


def keep_draft(user: User, request: HttpRequest, *, path: str, now: datetime) -> None:
    """A script lays aside what stands in the form of a page; the newest state of a page replaces the one before."""
    fields = _typed(request)
    if not path.startswith(_NEVER_KEPT) and _says_something(fields):
        page = path.replace("\x00", "")[:500]
        SealedPage.objects.update_or_create(user=user, path=page, by_script=True, defaults={"fields": fields, "kept_at": now})


def _says_something(fields: dict[str, list[str]]) -> bool:
    return any(value.strip() for values in fields.values() for value in values)


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    try:
        posted = request.POST
    except (RequestDataTooBig, TooManyFieldsSent, MultiPartParserError):
        return {}
    return {
        name: [str(value).replace("\x00", "") for value in values]
        for name, values in posted.lists()
        if not any(secret in name.lower() for secret in _SECRETS)
    }


def kept_for(user: User, *, now: datetime | None = None) -> Any:
    """This user's pages, newest first; older than a day they are gone."""
    return SealedPage.objects.filter(user=user, kept_at__gt=(now or timezone.now()) - KEPT_FOR).order_by("-kept_at")


def forget(user: User, reference: str) -> None:
    """The words are back where they belong, or not wanted any more."""
    SealedPage.objects.filter(user=user, reference=reference).delete()


def forget_old(now: datetime | None = None) -> int:
    """Delete what nobody came back for; called with every tick."""
    old = SealedPage.objects.filter(kept_at__lte=(now or timezone.now()) - KEPT_FOR)
    return old.delete()[0]


def remember_person(response: HttpResponse, user: User) -> None:
    """Who signed in on this browser, signed, for a day: only to know for whom to lay words aside."""
    response.set_cookie(
        COOKIE,
        signing.dumps(user.reference, salt=_SALT),
        max_age=int(KEPT_FOR.total_seconds()),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def forget_person(response: HttpResponse) -> None:
    """Whoever signs out in so many words leaves nothing behind on the device."""
    response.delete_cookie(COOKIE, samesite="Lax")


def person_before(request: HttpRequest) -> User | None:
    """The user whose session ended on this browser within the day."""
    try:
        reference = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    return User.objects.filter(reference=reference, is_active=True).first()
