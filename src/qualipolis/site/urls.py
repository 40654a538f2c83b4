"""Every address of the site."""

from django.urls import include, path, re_path

from qualipolis.site import demo_login, pages

closed = [
    path("account/signup/", pages.closed, name="account_signup"),
    path("account/email/", pages.closed, name="account_email"),
    path("account/confirm-email/", pages.closed, name="account_email_verification_sent"),
    re_path(r"^account/confirm-email/(?P<key>[-:\w]+)/$", pages.closed, name="account_confirm_email"),
    path("account/login/code/confirm/", pages.closed, name="account_confirm_login_code"),
    path("account/password/set/", pages.closed, name="account_set_password"),
    path("account/password/reset/", pages.ask_administrator, name="account_reset_password"),
    re_path(r"^account/password/reset/.+$", pages.closed),
]

FACES = {"": "portal", "desk/": "desk", "lists/": "report", "api/": "api", "field/": "field"}
faces = [path(prefix, include(f"qualipolis.faces.{name}.urls")) for prefix, name in FACES.items()]

urlpatterns = [
    *closed,
    path("account/", include("allauth.account.urls")),
    path("account/mfa/", include("allauth.mfa.urls")),
    path("account/demo/", demo_login.choose, name="demo_login"),
    path("health/", pages.health, name="health"),
    path("", include("qualipolis.city.core.urls")),
    *faces,
]
