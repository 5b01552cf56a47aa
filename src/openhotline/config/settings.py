"""Django settings, read from the environment. Unsafe combinations refuse to start, with a sentence."""

from pathlib import Path

import environ

from openhotline.config.declared import DEFAULTS
from openhotline.core.errors import Misconfigured
from openhotline.core.keys import make_for_new, secret_of

env = environ.Env()


def _text(name: str) -> str:
    return str(env.str(name, default=DEFAULTS[name]))


def _one_of(name: str, *allowed: str) -> str:
    value = _text(name)
    if value not in allowed:
        raise Misconfigured(f"{name} is {value!r}; it must be one of: {', '.join(allowed)}.")
    return value


MODE = _one_of("OPENHOTLINE_MODE", "practice", "production")
DOOR = _one_of("OPENHOTLINE_DOOR", "public", "desk", "media", "members", "all")
PRACTICE = MODE == "practice"
DEBUG = env.bool("OPENHOTLINE_DEBUG", default=False)
VAR = Path(_text("OPENHOTLINE_VAR")).resolve()
for _folder in ("db", "blobs", "keys", "index", "log", "releases", "packages"):
    (VAR / _folder).mkdir(parents=True, exist_ok=True, mode=0o700)

if PRACTICE:
    make_for_new(VAR / "keys")
elif DEBUG or DOOR == "all":
    raise Misconfigured(
        "Production refuses OPENHOTLINE_DEBUG and OPENHOTLINE_DOOR=all: run each door as its own process."
    )
SECRET_KEY = secret_of(VAR / "keys")

DATABASES = {"default": env.db_url("OPENHOTLINE_DATABASE_URL", default=f"sqlite:///{VAR}/db/openhotline.sqlite3")}
_database = DATABASES["default"]
_database["CONN_MAX_AGE"] = 600
if _database["ENGINE"].endswith("sqlite3"):
    if not PRACTICE:
        raise Misconfigured("Production needs PostgreSQL: set OPENHOTLINE_DATABASE_URL to postgres://…")
    _database["OPTIONS"] = {
        # A writer takes its lock at BEGIN, so that two never deadlock half-way; FULL makes a commit survive power loss.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }

APPS = (
    "core", "audit", "accounts", "law", "exposure", "intake", "evidence", "hashlists",
    "triage", "assessment", "removal", "referral", "statistics", "desk",
)  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    *(f"openhotline.{app}" for app in APPS),
    *(["openhotline.practice"] if PRACTICE else []),
    "openhotline.config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "openhotline.config.headers.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "openhotline.config.access.access",
    "openhotline.config.refusals.refusals",
]
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "desk_home"
LOGOUT_REDIRECT_URL = "sign_in"
ROOT_URLCONF = f"openhotline.config.urls_{DOOR}"
WSGI_APPLICATION = "openhotline.config.wsgi.application"
ALLOWED_HOSTS = _text("OPENHOTLINE_HOSTS").split(",")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
USE_I18N = True
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "openhotline.config.context.hotline",
            ],
        },
    }
]
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = False
CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 12 * 3600
# Not "no-referrer": browsers then send "Origin: null" with every form, which the CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
if not PRACTICE:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "file": {
            "class": "logging.FileHandler",
            "filename": VAR / "log" / "openhotline.log",
            "formatter": "line",
            "delay": True,
        },
        "null": {"class": "logging.NullHandler"},
    },
    "loggers": {
        # Request lines carry addresses of pages; what is asked for at a hotline is nobody's business.
        "django.request": {"handlers": ["file"], "level": "ERROR", "propagate": False},
        "django.server": {"handlers": ["null"], "propagate": False},
        "django_tasks": {"handlers": ["file"], "level": "WARNING", "propagate": False},
        "django_tasks_db": {"handlers": ["file"], "level": "WARNING", "propagate": False},
        "openhotline": {"handlers": ["file"], "level": "INFO", "propagate": False},
    },
}

ORIGINS = {door: _text(f"OPENHOTLINE_ORIGIN_{door.upper()}") for door in ("public", "desk", "media", "members")}
HOTLINE = {
    "name": _text("OPENHOTLINE_NAME"),
    "emergency_number": _text("OPENHOTLINE_EMERGENCY"),
    "hours": _text("OPENHOTLINE_HOURS"),
}
JURISDICTION = _text("OPENHOTLINE_JURISDICTION")
UNDO_SECONDS = int(_text("OPENHOTLINE_UNDO_SECONDS"))
SECOND_OPINION = _one_of("OPENHOTLINE_SECOND_OPINION", "criminal", "all", "none")
MAIL = {
    "host": _text("OPENHOTLINE_MAIL_HOST"),
    "port": int(_text("OPENHOTLINE_MAIL_PORT")),
    "from": _text("OPENHOTLINE_MAIL_FROM"),
}
SITE_PORT = int(_text("OPENHOTLINE_SITE_PORT"))
RDAP_PORT = int(_text("OPENHOTLINE_RDAP_PORT"))
RDAP_SERVERS = tuple(filter(None, _text("OPENHOTLINE_RDAP").split(","))) or (
    (f"http://127.0.0.1:{RDAP_PORT}/",) if PRACTICE else ()
)
POLICE_KEY = _text("OPENHOTLINE_POLICE_KEY")
# In practice nothing but these two servers on loopback is ever connected to.
FETCH_ONLY = (
    frozenset({("127.0.0.1", SITE_PORT), ("localhost", SITE_PORT), ("127.0.0.1", RDAP_PORT)}) if PRACTICE else None
)
