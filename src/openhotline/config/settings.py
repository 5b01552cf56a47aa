"""Django settings, read from the environment. Unsafe combinations refuse to start, with a sentence."""

import os
from datetime import date, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

import environ
from limits import RateLimitItem, parse_many

from openhotline.config.declared import DEFAULTS
from openhotline.config.deployment import ORIGIN_DOORS, PRACTICE_MARK, faults_of, onion_host
from openhotline.config.doors import DOORS
from openhotline.core.errors import Misconfigured
from openhotline.core.keys import make_for_new, secret_of
from openhotline.core.languages.places import LOCALE
from openhotline.core.net.dns import Server
from openhotline.core.net.inbox import Mailbox

env = environ.Env()


def _text(name: str) -> str:
    return str(env.str(name, default=DEFAULTS[name]))


def _one_of(name: str, *allowed: str) -> str:
    value = _text(name)
    if value not in allowed:
        raise Misconfigured(f"{name} is {value!r}; it must be one of: {', '.join(allowed)}.")
    return value


def _https(name: str) -> str:
    value = _text(name)
    if not value.startswith("https://"):
        raise Misconfigured(f"{name} is {value!r}; it must be an address that begins with https://.")
    return value


def _object_store() -> dict[str, str]:
    """The operator's object store; empty where there is none."""
    name = "OPENHOTLINE_OBJECT_STORE"
    told = {part: _text(f"OPENHOTLINE_OBJECT_STORE_{part.upper()}") for part in ("region", "key_id", "secret")}
    origin = _text(name).rstrip("/")
    if not origin:
        return {"origin": "", **told}
    parts = urlsplit(origin)
    here = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if parts.path or parts.query or parts.scheme not in ({"https", "http"} if here else {"https"}):
        raise Misconfigured(f"{name} is {origin!r}; it must be an origin such as https://s3.example, without a path.")
    if PRACTICE and not here:
        raise Misconfigured(f"{name} is {origin!r}. Practice never leaves this machine: it must be on localhost.")
    if "" in {told["key_id"], told["secret"]}:
        raise Misconfigured(f"{name} needs {name}_KEY_ID and {name}_SECRET, of a key that may list and read there.")
    return {"origin": origin, **told}


def _proxy(name: str) -> tuple[str, int] | None:
    """An IP address and a port; a name would have to be looked up."""
    value = _text(name)
    if not value:
        return None
    host, _, port = value.rpartition(":")
    try:
        return str(ip_address(host.strip("[]"))), int(port)
    except ValueError:
        raise Misconfigured(f"{name} is {value!r}; it must be an IP address and a port, as 127.0.0.1:9050.") from None


def _day(name: str) -> date | None:
    value = _text(name)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise Misconfigured(f"{name} is {value!r}; it must be a day, as 2027-01-31, or empty.") from error


def _path(name: str) -> Path | None:
    return Path(_text(name)).resolve() if _text(name) else None


def _inbox() -> Mailbox | None:
    """The mailbox for replies to notices, for the worker alone; its password stands in a file and no environment."""
    host, file = _text("OPENHOTLINE_INBOX_HOST"), _text("OPENHOTLINE_INBOX_PASSWORD_FILE")
    if not host or DOOR not in {"all", "worker"}:
        return None
    try:
        password = Path(file).read_text(encoding="utf-8").strip()
    except OSError:
        raise Misconfigured(
            f"OPENHOTLINE_INBOX_PASSWORD_FILE is {file!r}, which cannot be read; it names the file with the password."
        ) from None
    port = int(_text("OPENHOTLINE_INBOX_PORT"))
    return Mailbox(host, port, _text("OPENHOTLINE_INBOX_USER"), password, loopback_only=PRACTICE)


def _networks(name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """IP addresses or networks, comma-separated."""
    try:
        return tuple(ip_network(one.strip()) for one in _text(name).split(",") if one.strip())
    except ValueError:
        raise Misconfigured(
            f"{name} is {_text(name)!r}; it must be IP addresses or networks apart by commas, as 192.0.2.7,10.1.0.0/16."
        ) from None


def _limits(name: str) -> tuple[RateLimitItem, ...]:
    """How often, as 20/hour; several apart by semicolons."""
    try:
        return tuple(parse_many(_text(name)))
    except ValueError:
        raise Misconfigured(
            f"{name} is {_text(name)!r}; it must be a number, a slash and a time, as 20/hour, apart by semicolons."
        ) from None


def _refuse_unsafe() -> None:
    if faults := faults_of(os.environ):
        raise Misconfigured(" ".join(faults))


MODE = _one_of("OPENHOTLINE_MODE", "practice", "production")
DOOR = _one_of("OPENHOTLINE_DOOR", *DOORS)
PRACTICE = MODE == "practice"
DEBUG = env.bool("OPENHOTLINE_DEBUG", default=False)
VAR = Path(_text("OPENHOTLINE_VAR")).resolve()
if not PRACTICE:
    _refuse_unsafe()
for _folder in ("db", "blobs", "keys", "index", "log", "releases", "packages"):
    (VAR / _folder).mkdir(parents=True, exist_ok=True, mode=0o700)
# One process for everything makes what is missing; a door that runs alone is given its keys, and makes none.
if PRACTICE and DOOR in {"all", "worker"}:
    (VAR / "keys" / PRACTICE_MARK).touch(mode=0o600)
    make_for_new(VAR / "keys")
SECRET_KEY = secret_of(VAR / "keys")
if not SECRET_KEY and DOOR not in {"all", "worker"}:
    raise Misconfigured(
        f"The key secret.key cannot be read in {VAR / 'keys'}. Every door needs one; make it, or recover it. "
        "`openhotline check --deploy` names every key that this one needs."
    )

DATABASES = {"default": env.db_url("OPENHOTLINE_DATABASE_URL", default=f"sqlite:///{VAR}/db/openhotline.sqlite3")}
_database = DATABASES["default"]
_database["CONN_MAX_AGE"] = 600
# After a restart of the database the first request finds its connection dead: it is looked at before it is used.
_database["CONN_HEALTH_CHECKS"] = True
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = {
        # A writer takes its lock at BEGIN, so that two never deadlock half-way; FULL makes a commit survive power loss.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    _database["ENGINE"] = "openhotline.core.postgresql"
if DOOR == "public" and _database["ENGINE"].endswith("postgresql"):
    # Few statements, again and again: prepared once, PostgreSQL spends half on each. A pooler between the two has to
    # keep a connection to one server process (session pooling).
    _database["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 5}

APPS = (
    "core", "audit", "accounts", "retention", "law", "guidance", "exposure", "intake", "evidence", "hashlists",
    "triage", "assessment", "removal", "referral", "statistics", "endings", "forecast", "desk",
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
    # After ours, so that our pages stand in place of theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "openhotline.config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Before whatever compares paths with the routes: they stand under the language's code.
    "openhotline.config.languages.languages",
    "openhotline.config.headers.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before the check of tokens: who comes with a pass is known by it.
    "openhotline.config.media_door.media_door",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "openhotline.config.access.access",
    "openhotline.config.refusals.refusals",
]
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["openhotline.accounts.signing_in.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
FRESH = timedelta(minutes=int(_text("OPENHOTLINE_FRESH_MINUTES")))
IDLE = timedelta(minutes=int(_text("OPENHOTLINE_IDLE_MINUTES")))
ACCOUNT_ADAPTER = "openhotline.accounts.signing_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
# By name only: behind one proxy everybody has one address, and one person's slips must not lock out the others.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key", "reauthenticate": "10/m/user"}
MFA_ADAPTER = "openhotline.accounts.signing_in.MFAAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
# In the database, so that limits on sign-ins hold over every process of the desk.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "accounts_attempt"}}
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "desk_home"
LOGOUT_REDIRECT_URL = "sign_in"
ROOT_URLCONF = DOORS[DOOR].urlconf
WSGI_APPLICATION = "openhotline.config.wsgi.application"
ALLOWED_HOSTS = _text("OPENHOTLINE_HOSTS").split(",")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
USE_I18N = True
LOCALE_PATHS = [LOCALE]
SHOWN_LANGUAGES = frozenset(filter(None, _text("OPENHOTLINE_LANGUAGES").replace(" ", "").lower().split(",")))
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
                "openhotline.config.languages.switch",
            ],
        },
    }
]
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# Nobody signs in at the public door: a session that somebody brings there is read out of their cookie and never looked
# up, so that the door needs no right on the table of sessions.
SESSION_ENGINE = (
    "django.contrib.sessions.backends.signed_cookies" if DOOR == "public" else "openhotline.accounts.sessions"
)
# What the desk says after an act may hold the words of a receipt: not in a cookie, which the browser keeps.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
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
# Room for a megabyte of text as forms encode it, so that who pasted too much gets it back with a sentence.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4_000_000
# No page of any door takes a file: whatever is sent as one is neither read nor stored.
FILE_UPLOAD_HANDLERS = ["openhotline.core.open_forms.NoFiles"]

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

DOOR_URLCONFS = {name: door.urlconf for name, door in DOORS.items()}
ORIGINS = {name: _text(f"OPENHOTLINE_ORIGIN_{name.upper()}") for name in ORIGIN_DOORS}
# TLS ends at a proxy, whose word on how a request came is not taken; forms are compared with the door's own origin.
CSRF_TRUSTED_ORIGINS = [ORIGINS[DOOR]] if ORIGINS.get(DOOR) else []
# The second name of the public door, for people who come by Tor.
ONION = _text("OPENHOTLINE_ONION") if DOOR in {"public", "all"} else ""
if ONION:
    ALLOWED_HOSTS.append(onion_host(ONION))
    CSRF_TRUSTED_ORIGINS.append(ONION)
PROXIES = _networks("OPENHOTLINE_PROXIES")
FLOOD = {
    name: _limits(f"OPENHOTLINE_FLOOD_{name.upper()}")
    for name in ("sender", "site", "shared", "door", "tight", "most", "tries", "site_tries", "all_tries")
}
HOTLINE = {
    "name": _text("OPENHOTLINE_NAME"),
    "emergency_number": _text("OPENHOTLINE_EMERGENCY"),
    "police_number": _text("OPENHOTLINE_POLICE_NUMBER"),
    "hours": _text("OPENHOTLINE_HOURS"),
}
EXIT_URL = _https("OPENHOTLINE_EXIT_URL")
PRIVACY = {
    "controller": _text("OPENHOTLINE_PRIVACY_CONTROLLER"),
    "contact": _text("OPENHOTLINE_PRIVACY_CONTACT"),
    "regulator": _text("OPENHOTLINE_PRIVACY_REGULATOR"),
    "basis": _text("OPENHOTLINE_PRIVACY_BASIS"),
    "server_log": _text("OPENHOTLINE_PRIVACY_SERVER_LOG"),
}
CANARY_SITES = tuple(filter(None, _text("OPENHOTLINE_CANARY_SITES").replace(" ", "").lower().split(",")))
if PRACTICE and not CANARY_SITES:
    CANARY_SITES = ("canary.invalid",)
EXPLOITATIVE_STREAM = _one_of("OPENHOTLINE_EXPLOITATIVE", "0", "1") == "1"
MATCH_STREAMS = tuple(filter(None, _text("OPENHOTLINE_MATCH_STREAMS").replace(" ", "").split(",")))
INDEX_MEMORY = _path("OPENHOTLINE_INDEX_MEMORY")
JURISDICTION = _text("OPENHOTLINE_JURISDICTION")
TRIAGE = _text("OPENHOTLINE_TRIAGE")
C2PA_TRUST = _path("OPENHOTLINE_C2PA_TRUST")
UNUSUAL = _text("OPENHOTLINE_UNUSUAL")
LOOKING_LIMITS = _text("OPENHOTLINE_LOOKING_LIMITS")
RETENTION = _text("OPENHOTLINE_RETENTION")
LAW = Path(_text("OPENHOTLINE_LAW")).resolve() if _text("OPENHOTLINE_LAW") else None
GUIDANCE = Path(_text("OPENHOTLINE_GUIDANCE")).resolve() if _text("OPENHOTLINE_GUIDANCE") else None
DEVICE_CODES = (_one_of("OPENHOTLINE_DEVICE_CODES", "", "yes", "no") or ("yes" if PRACTICE else "no")) == "yes"
HELP_SERVICES = _text("OPENHOTLINE_HELP_SERVICES")
AUDIT_SHIP = Path(_text("OPENHOTLINE_AUDIT_SHIP")).resolve() if _text("OPENHOTLINE_AUDIT_SHIP") else None
UNDO_SECONDS = int(_text("OPENHOTLINE_UNDO_SECONDS"))
SECOND_OPINIONS = _text("OPENHOTLINE_SECOND_OPINIONS")
MAIL = {
    "host": _text("OPENHOTLINE_MAIL_HOST"),
    "port": int(_text("OPENHOTLINE_MAIL_PORT")),
    "from": _text("OPENHOTLINE_MAIL_FROM"),
}
OBJECT_STORE = _object_store()
SITE_PORT = int(_text("OPENHOTLINE_SITE_PORT"))
RDAP_PORT = int(_text("OPENHOTLINE_RDAP_PORT"))
RDAP_SERVERS = tuple(filter(None, _text("OPENHOTLINE_RDAP").split(","))) or (
    (f"http://127.0.0.1:{RDAP_PORT}/",) if PRACTICE else ()
)
RDAP_BOOTSTRAP = _path("OPENHOTLINE_RDAP_BOOTSTRAP")
DNS_SERVERS = tuple(Server(str(one.network_address)) for one in _networks("OPENHOTLINE_DNS"))
NETWORK_TABLES = tuple(Path(one.strip()).resolve() for one in _text("OPENHOTLINE_NETWORKS").split(",") if one.strip())
CDNS, HOLDS = _path("OPENHOTLINE_CDNS"), _path("OPENHOTLINE_HOLDS")
HOTLINES, NOTICES = _path("OPENHOTLINE_HOTLINES"), _path("OPENHOTLINE_NOTICES")
TRUSTED_FLAGGER = _text("OPENHOTLINE_TRUSTED_FLAGGER").strip()
CONTACTS_BY_TWO = _one_of("OPENHOTLINE_CONTACTS_BY_TWO", "yes", "no") == "yes"
INBOX = _inbox()
POLICE_KEY = _text("OPENHOTLINE_POLICE_KEY")
POLICE_KEY_EXPIRES = _day("OPENHOTLINE_POLICE_KEY_EXPIRES")
CYBERTIPLINE = _one_of("OPENHOTLINE_CYBERTIPLINE", "0", "1") == "1"
# The hotline fetches neither itself nor, unless Tor's proxy is named, any onion site.
# A worker answers to no door's name, so the doors' origins say more than its own hosts do.
_own_origins = {urlsplit(one).hostname or "" for one in (*ORIGINS.values(), _text("OPENHOTLINE_ONION"))}
OWN_NAMES = frozenset() if PRACTICE else frozenset(name.lower() for name in {*ALLOWED_HOSTS, *_own_origins} if name)
TOR = _proxy("OPENHOTLINE_TOR")
# In practice nothing but these two servers on loopback is ever connected to.
FETCH_ONLY = (
    frozenset({("127.0.0.1", SITE_PORT), ("localhost", SITE_PORT), ("127.0.0.1", RDAP_PORT)}) if PRACTICE else None
)
