"""The shell of the inspector's page and its service worker. The shell knows nobody: what is personal is asked for.

It is fetched once, kept by the worker and opened without a line; tasks and forms live in the store of the device.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import ANYONE, page
from qualipolis.city.supervise import queries
from qualipolis.city.supervise.models import FieldPhoto, SamplingForm
from qualipolis.faces.desk.rooms.flow_page import law_of
from qualipolis.law.flows import ALL

ASSETS = ("dist/main.css", "dist/field.css", "dist/field.js", "dist/icons.svg", "dist/mark.svg")
POLICY = settings.SECURE_CSP | {"worker-src": [CSP.SELF], "connect-src": [CSP.SELF]}
POWERS = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
ONLY = {"order": "online", "unpacking": "online", "place": "site", "stock": "site"}
OUTCOMES = (
    ("sample", _("A sample was taken")),
    ("not_sample", _("No sample may be taken")),
    ("refuse", _("The firm refuses")),
    ("stop", _("Unlawful facts: sampling stopped")),
)
GOES = (("dispatch", _("send or carry it to the laboratory")), ("leave", _("leave it sealed with the firm")))
KEEPERS = (("laboratory", _("the laboratory")), ("firm", _("the firm, under seal")), ("bureau", _("the bureau")))


@csp_override(POLICY)
@page("inspector")
@require_safe
@ensure_csrf_cookie
def shell(request: HttpRequest) -> HttpResponse:
    """The page of the inspector on site."""
    context: dict[str, Any] = {
        "kinds": [
            (kind.value, kind.label, ONLY.get(kind.value, "")) for kind in FieldPhoto.Kind if kind != "signature"
        ],
        "signatures": SamplingForm.Signature.choices,
        "reasons": queries.field_queries.not_sampled_reasons(),
        "outcomes": OUTCOMES,
        "goes": GOES,
        "keepers": KEEPERS,
        "law": law_of(ALL["sampling_task"].find("assigned", "arrive")),
        "version": version()[:8],
    }
    answer = render(request, "field/app.html", context)
    answer.headers["Permissions-Policy"] = POWERS
    return answer


def version() -> str:
    """Return the hash of all that the worker keeps: assets, shell and worker; a new one replaces the old."""
    parts = [_content(name) for name in (*ASSETS, "dist/field-worker.js")]
    template = Path(get_template("field/app.html").origin.name)
    return sha256(b"\0".join([*parts, template.read_bytes()])).hexdigest()


def _content(name: str) -> bytes:
    found = finders.find(name)
    return Path(str(found)).read_bytes() if found else b""


@page(ANYONE)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker with the list of what it keeps; open to everyone, as it holds nothing of anybody."""
    code = _content("dist/field-worker.js").decode()
    if not code:
        raise Http404
    kept = {"version": version()[:16], "assets": [static(name) for name in ASSETS]}
    answer = HttpResponse(f"self.KEPT = {json.dumps(kept)};\n{code}", content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
