"""Settings. Everything a city changes comes from the environment; the defaults serve one machine.

QUALIPOLIS_HOME      folder of the database, files, lake and keys (default: ./var/home)
DATABASE_URL         postgresql://user:password@host:port/name (default: SQLite in the home)
QUALIPOLIS_HOSTS     host names that may be served, separated by commas
QUALIPOLIS_HTTPS     1 when a reverse proxy terminates TLS: cookies and HSTS are then strict
QUALIPOLIS_LICENCE   the licence of the open data, in the city's words
QUALIPOLIS_CONTACT   whom the public asks; QUALIPOLIS_SECURITY_CONTACT whom to tell of a weakness (RFC 9116)
QUALIPOLIS_DEMO_LOGIN  set by ``qualipolis demo`` alone; see :mod:`qualipolis.site.demo_login`

Passwords are given by the administrator, so no mail is sent.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from qualipolis.site.database import database_from
from qualipolis.site.home import secret_key
from qualipolis.site.loopback import LOOPBACK_HOSTS, refuse_demo_login_elsewhere

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("QUALIPOLIS_HOME", "var/home")).resolve()
SECRET_KEY = secret_key(HOME)
DEBUG = False
HTTPS = os.environ.get("QUALIPOLIS_HTTPS") == "1"
ALLOWED_HOSTS = [h for h in os.environ.get("QUALIPOLIS_HOSTS", ",".join(LOOPBACK_HOSTS)).split(",") if h]
DEMO_LOGIN = os.environ.get("QUALIPOLIS_DEMO_LOGIN") == "1"
refuse_demo_login_elsewhere(DEMO_LOGIN, HTTPS, ALLOWED_HOSTS)
OPEN_DATA_LICENCE = os.environ.get("QUALIPOLIS_LICENCE", "")
PUBLIC_CONTACT = os.environ.get("QUALIPOLIS_CONTACT", "")
SECURITY_CONTACT = os.environ.get("QUALIPOLIS_SECURITY_CONTACT", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "qualipolis.city.core",
    "qualipolis.city.registry",
    "qualipolis.city.measure",
    "qualipolis.city.supervise",
    "qualipolis.city.listen",
    "qualipolis.city.hospital",
    "qualipolis.city.nqi",
    "qualipolis.city.talent",
    "qualipolis.city.govern",
    "qualipolis.city.assess",
    "qualipolis.faces.desk",
    "qualipolis.faces.portal",
    "qualipolis.faces.api",
    "qualipolis.faces.field",
    "qualipolis.faces.report",
    "qualipolis.law",
    "qualipolis.lake",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "qualipolis.site.headers.Headers",
    "qualipolis.site.plain_text.PlainText",
    "qualipolis.site.first_password.FirstPassword",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "qualipolis.site.urls"
WSGI_APPLICATION = "qualipolis.site.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qualipolis.faces.desk.context.desk",
                "qualipolis.site.demo_login.offered",
            ],
        },
    }
]

DATABASES = {"default": database_from(os.environ.get("DATABASE_URL", ""), HOME)}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "core.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "portal:home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "qualipolis.city.core.accounts.ClosedSignup"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip"}
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_ADAPTER = "qualipolis.city.core.sign_in.SealedSecrets"
MFA_TOTP_ISSUER = "Qualipolis"
MFA_FORMS = {"add_webauthn": "qualipolis.site.passkey_form.AddPasskey"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
AXES_CLIENT_IP_CALLABLE = "qualipolis.city.core.accounts.address_of"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_USERNAME_CALLABLE = "qualipolis.city.core.accounts.name_tried"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / part / "locale" for part in ("methods", "law", "cli", "demo", "site")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [PACKAGE / "faces" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = HOME / "files"

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "axes": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"] if not HTTPS else []
