"""What an installation must fulfil before it may serve real children's data (R-88, R-90)."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

from deadlines.queries import holder_of
from people import roles
from people.models import BoardDecision, User

DEPLOY_CRITICAL = "deploy-critical"
DEMO_DOMAIN = "@demo.example"
_KNOWN_KEYS = (b"0123456789abcdef0123456789abcdef", b"\x00" * 32)
_KNOWN_WORDS = ("test-only", "insecure", "change-me", "demo")

_OWNED = """
SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND pg_has_role(current_user, tableowner, 'MEMBER')
"""
_POWERS = "SELECT rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


def register_checks() -> None:
    """Django's own check framework asks the same questions in production."""
    register(_as_checks, DEPLOY_CRITICAL)


def _as_checks(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.PRODUCTION:
        return []
    return [Error(text, id=f"people.E{number:03}") for number, text in enumerate(settings_problems(), start=1)]


def settings_problems() -> list[str]:
    """What is wrong with the environment alone; asks no database."""
    problems = []
    if settings.DEBUG:
        problems.append("ASET_DEBUG is on.")
    if len(settings.SECRET_KEY) < 50 or any(word in settings.SECRET_KEY.lower() for word in _KNOWN_WORDS):
        problems.append("ASET_SECRET_KEY is a default or too short (50 characters or more).")
    keys = [key for _number, key in settings.FIELD_KEYS] + [settings.INDEX_KEY]
    if any(key in _KNOWN_KEYS or len(set(key)) < 8 for key in keys):
        problems.append("ASET_FIELD_KEYS or ASET_INDEX_KEY is a default key.")
    if settings.INDEX_KEY in [key for _number, key in settings.FIELD_KEYS]:
        problems.append("ASET_INDEX_KEY must differ from every key in ASET_FIELD_KEYS.")
    if not settings.HTTPS:
        problems.append("ASET_BASE_URL must begin with https://.")
    if not settings.MFA_REQUIRED:
        problems.append("The second factor is switched off.")
    return problems


def database_problems() -> list[str]:
    """What is wrong with the data and with the role this process connects as."""
    problems = []
    with connection.cursor() as cursor:
        cursor.execute(_POWERS)
        if (cursor.fetchone() or (True,))[0]:
            problems.append("The database role of this process is a superuser, may create roles, or bypasses row security.")
        cursor.execute(_OWNED)
        if (cursor.fetchone() or (1,))[0]:
            problems.append("The database role of this process owns tables, or is a member of the role that does.")
    if User.objects.filter(is_superuser=True).exists():
        problems.append("There is a superuser account. Nobody may bypass the rules of access.")
    if User.objects.filter(login_name__endswith=DEMO_DOMAIN).exists():
        problems.append("The database holds the demonstration organisation.")
    if not BoardDecision.objects.filter(subject=BoardDecision.DPIA).exists():
        problems.append("No Board decision on the data protection impact assessment is recorded (manage.py setup).")
    if not any(holder_of(post, timezone.now()) for post in sorted({roles.CPO} | roles.BOARD)):
        problems.append("Nobody holds a post that receives reports (manage.py setup).")
    return problems


def production_problems() -> list[str]:
    """Everything that forbids this installation to serve."""
    return settings_problems() + database_problems()


def refuse_unsafe_production() -> None:
    """Called when a server starts: in production, raises ImproperlyConfigured naming everything that is wrong."""
    if not settings.PRODUCTION:
        return
    problems = production_problems()
    if problems:
        raise ImproperlyConfigured("Production refuses to start:\n- " + "\n- ".join(problems))
