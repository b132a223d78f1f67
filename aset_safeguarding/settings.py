"""All settings, read from the environment (docs/operations.md lists the variables)."""

import sys
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from aset_safeguarding import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent

MODE = env.text("ASET_MODE")
if MODE not in {"demo", "test", "production"}:
    raise ImproperlyConfigured(f"ASET_MODE must be demo, test or production, not {MODE!r}.")
PRODUCTION, DEMO = MODE == "production", MODE == "demo"
DEBUG = env.flag("ASET_DEBUG", default=False)
APP_VERSION = (BASE_DIR / "VERSION").read_text(encoding="utf-8").strip()

SECRET_KEY = env.text("ASET_SECRET_KEY")
FIELD_KEYS = env.key_ring("ASET_FIELD_KEYS")
INDEX_KEY = env.key_bytes("ASET_INDEX_KEY", env.text("ASET_INDEX_KEY"))
ALLOWED_HOSTS = env.words("ASET_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
BASE_URL = env.text("ASET_BASE_URL", "http://localhost:8000").rstrip("/")
HTTPS = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "guardian",
    "simple_history",
    "aset_safeguarding",
    "common",
    "audit",
    "files",
    "jobs",
    "deadlines",
    "people",
    "cases",
    "oversight",
]


MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "aset_safeguarding.middleware.KnownMethods",
    "people.middleware.SessionLimits",
    "people.middleware.CompulsorySecondFactor",
    "aset_safeguarding.middleware.NoStore",
    "aset_safeguarding.middleware.UniformNotFound",
]

ROOT_URLCONF = "aset_safeguarding.urls"
WSGI_APPLICATION = "aset_safeguarding.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "aset_safeguarding.context.page",
            ],
        },
    }
]

# --- Database: the runtime role owns nothing; the owner migrates (docs/architecture.md) ---
OWNER = env.text("ASET_DB_ROLE", "app") == "owner"
_database_url = env.text("OWNER_DATABASE_URL" if OWNER else "DATABASE_URL")
DATABASES = {"default": env.database(_database_url, "DATABASE_URL")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
RUNTIME_ROLE = "aset_app"

# --- Redis and Celery: nothing of value lives there (stack.md section 4) ---
REDIS_URL = env.text("REDIS_URL", "redis://localhost:6379/0")
CACHES = {
    # Throttles must not open when Redis is down, so the cache is a database table.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries", "TIMEOUT": 900},
}
RUN_DIR = Path(env.text("ASET_RUN_DIR", str(BASE_DIR / "var" / "run")))
CELERY_BROKER_URL = env.celery_broker(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"deadlines.*": {"queue": "deadlines"}, "jobs.*": {"queue": "jobs"}}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
TICK_SECONDS = env.number("ASET_TICK_SECONDS", 15)
ESCALATOR_PERIOD = TICK_SECONDS
# In memory: a schedule file from before a clock change keeps beat silent (deadlines.md, fact 3).
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "deadlines.tasks.tick", "schedule": TICK_SECONDS, "options": {"expires": TICK_SECONDS}},
    "seal": {"task": "audit.tasks.seal", "schedule": 60, "options": {"expires": 60}},
    "jobs": {"task": "jobs.tasks.run_waiting", "schedule": 30, "options": {"expires": 30}},
}
DEADLINES_STRICT_MAIL = env.flag("ASET_STRICT_MAIL", default=False)

# --- Mail ---
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("ASET_MAIL_FROM", "no-reply@demo.example")
DEMO_MAIL_PAGE = env.text("ASET_MAIL_PAGE", "")

# --- People and sign-in ---
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.backends.SignIn", "guardian.backends.ObjectPermissionBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
if MODE == "test":
    PASSWORD_HASHERS = ["tests.hashers.QuickArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "people.passwords.OwnWords"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
MFA_REQUIRED = PRODUCTION or env.flag("ASET_MFA_REQUIRED", default=MODE == "test")
ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
MFA_ADAPTER = "people.adapters.SecondFactorAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login_name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "30/m/ip", "reauthenticate": "10/m/user"}
ACCOUNT_FORMS = {
    "login": "people.forms.sign_in.SignInForm",
    "change_password": "people.forms.sign_in.NewPasswordForm",
    "reauthenticate": "people.forms.sign_in.PasswordAgainForm",
}
MFA_FORMS = {
    "authenticate": "people.forms.sign_in.CodeForm",
    "reauthenticate": "people.forms.sign_in.CodeAgainForm",
    "activate_totp": "people.forms.sign_in.FirstCodeForm",
    "add_webauthn": "people.forms.sign_in.NewKeyForm",
    "edit_webauthn": "people.forms.sign_in.KeyNameForm",
}
MFA_TRUST_COOKIE_AGE = 7 * 24 * 3600
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "ASET Safeguarding"
MFA_TRUST_ENABLED = True
USERSESSIONS_TRACK_ACTIVITY = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("ASET_TRUSTED_PROXIES", 0)

# --- Sessions ---
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Over https a browser takes a cookie of this prefix only from this very host, and only if it is Secure (ASVS 3.3.1).
_COOKIE = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_COOKIE}session"
CSRF_COOKIE_NAME = f"{_COOKIE}csrftoken"
MFA_TRUST_COOKIE_NAME = f"{_COOKIE}own_device"
WORDS_COOKIE_NAME = f"{_COOKIE}words"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "aset_safeguarding.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Transport and content rules ---
SECURE_SSL_REDIRECT = HTTPS and PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = [
    "common.uploads.Quota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILES_DIR = Path(env.text("ASET_FILES_DIR", str(BASE_DIR / "var" / "files")))

# --- Languages and time ---
LANGUAGE_CODE = "sq"
LANGUAGES = [("sq", _("Albanian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["aset_safeguarding.formats"]
LANGUAGE_COOKIE_NAME = f"{_COOKIE}language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
USE_TZ = True
TIME_ZONE = "Europe/Tirane"

# --- Static files ---
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.text("ASET_STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = MODE == "test"
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- The organisation ---
HELP_PHONES = {
    "112": env.text("ASET_PHONE_EMERGENCY", "112"),
    "129": env.text("ASET_PHONE_POLICE", "129"),
    "116111": env.text("ASET_PHONE_CHILD_LINE", "116111"),
}
QUICK_EXIT_URL = env.text("ASET_QUICK_EXIT_URL", "https://www.google.com/search?q=moti+sot")
DEMO_PASSWORD = env.text("ASET_DEMO_PASSWORD", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "aset_safeguarding.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": sys.stderr}},
    "root": {"handlers": ["stderr"], "level": env.text("ASET_LOG_LEVEL", "INFO")},
    "loggers": {
        # Request lines and database parameters could carry a child's name.
        "django.request": {"level": "CRITICAL" if MODE == "test" else "ERROR"},
        "django.db.backends": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "celery": {"level": "WARNING"},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
    },
}
