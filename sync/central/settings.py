"""Django's settings, read from five environment variables; all else is decided here.

`CENTRAL_DATA` is the folder that holds everything the server must not lose: the database, the keys,
the evidence. `CENTRAL_DATABASE_URL` moves the database to PostgreSQL, `CENTRAL_EVIDENCE` the
evidence to another folder or to S3-compatible storage, `CENTRAL_PUBLIC_URL` is the address that
people and kiosks use, `CENTRAL_DEBUG=1` shows tracebacks to developers only.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.conf.locale import LANG_INFO

from sync.central.database import database_from_url, sqlite_database
from sync.central.evidence_place import place_from_address
from sync.central.secret_key import read_secret_key
from sync.central.translations import compile_stale

CENTRAL = Path(__file__).resolve().parent
ROOT = CENTRAL.parent.parent

DATA = Path(os.environ.get("CENTRAL_DATA", "central-data")).resolve()
PUBLIC_URL = os.environ.get("CENTRAL_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
DEBUG = os.environ.get("CENTRAL_DEBUG") == "1"
SECRET_KEY = read_secret_key(DATA)

_public = urlsplit(PUBLIC_URL)
_https = _public.scheme == "https"

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", _public.hostname or "localhost"]
ROOT_URLCONF = "sync.central.urls"
WSGI_APPLICATION = "sync.central.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "sync.central.intake",
    "sync.central.catalogue",
    "sync.central.casework",
    "sync.central.voice",
    "sync.central.insight",
    "sync.central.journeys",
    "sync.central.portal",
]

MIDDLEWARE = [
    "sync.central.head.HeadWithoutBody",
    "django.middleware.security.SecurityMiddleware",
    "sync.central.security.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "sync.central.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [CENTRAL / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

_database_url = os.environ.get("CENTRAL_DATABASE_URL")
DATABASES = {
    "default": database_from_url(_database_url) if _database_url else sqlite_database(DATA),
}

EVIDENCE = place_from_address(os.environ.get("CENTRAL_EVIDENCE"), DATA)

# People. Scrypt needs memory to guess with and is in the standard library.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/office/sign-in"
LOGIN_REDIRECT_URL = "/office/"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 12 * 60 * 60  # one working day: an officer signs in each morning
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Languages: Django does not know Lao's name by itself.
LANG_INFO.setdefault("lo", {"bidi": False, "code": "lo", "name": "Lao", "name_local": "ລາວ"})
LANGUAGES = [("lo", "ລາວ"), ("en", "English")]
LANGUAGE_CODE = "lo"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LOCALE_PATHS = [ROOT / "locales"]
compile_stale(LOCALE_PATHS[0], [code for code, _name in LANGUAGES])
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Vientiane"

# Files that pages need; served by WhiteNoise from where they lie, no collecting, no CDN.
STATIC_URL = "/static/"
STATICFILES_DIRS = [CENTRAL / "static", ("fonts", ROOT / "assets" / "fonts")]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {".ttf": "font/ttf"}

# What browsers are told.
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # stricter ones make browsers hide the Origin of our forms
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
if _https:
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # TLS ends before gunicorn
    CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 160  # a service: 150 lists, recordings and pictures, and three more
FILE_UPLOAD_HANDLERS = ["sync.central.uploads.CappedUpload"]

# Only what happened and where; never what anybody wrote.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "sync.scrubbed.Scrubbed",
            "fmt": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        },
    },
    "filters": {"unknown_host": {"()": "sync.central.unknown_host.UnknownHost"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.security.DisallowedHost": {"filters": ["unknown_host"]},
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "sync": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
