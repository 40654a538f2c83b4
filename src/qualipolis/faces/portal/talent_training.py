"""Officers and training for everyone: coverage by town and size, the calendar, the check of a certificate."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import ANYONE, page
from qualipolis.city.talent import service
from qualipolis.city.talent.models import TrainingCertificate
from qualipolis.city.talent.training import queries
from qualipolis.city.talent.training.certificates import masked
from qualipolis.city.talent.training.signing import public_keys, register_text
from qualipolis.faces.desk.rooms.talent import training_words
from qualipolis.faces.desk.rooms.talent.officers import coverage_context
from qualipolis.faces.portal import frame
from qualipolis.methods.exams.certificate import Verdict, key_id

PLACE, LONGEST, MOST = "talent", 8192, 60
KINDS = {
    "good": "ok", "expired": "warn", "not_yet": "warn", "revoked": "bad", "replaced": "warn", "altered": "bad",
    "forged": "bad", "unregistered": "bad", "unreadable": "bad",
}  # fmt: skip


def show(request: HttpRequest, template: str, crumbs: list[tuple[str, str]], context: dict[str, Any]) -> HttpResponse:
    """Answer with a page of officers and training."""
    first = [frame.home_crumb(), (_("Officers and training"), reverse("portal:talent") if crumbs else "")]
    shared = {"stage": "build", "crumbs": first + crumbs, "chinese": (get_language() or "zh").startswith("zh")}
    return frame.show(request, f"talent/{template}", PLACE, shared | context)


@frame.open_page
def talent(request: HttpRequest) -> HttpResponse:
    """Coverage, the next courses, and where a certificate is checked."""
    context = coverage_context() | {"calendar": [_card(row) for row in queries.calendar()[:6]]}
    return show(request, "home", [], context)


@frame.open_page
def calendar(request: HttpRequest) -> HttpResponse:
    """The announced courses."""
    rows = [_card(row) for row in queries.calendar()[:MOST]]
    return show(request, "calendar", [(_("Training calendar"), "")], {"calendar": rows, "courses": queries.courses()})


def _card(row: Any) -> dict[str, Any]:
    return {"row": row, "days": training_words.days_of(row), "left": queries.seats_left(row),
            "state": training_words.state_chip(row)}  # fmt: skip


@page(ANYONE)
def certificate_check(request: HttpRequest) -> HttpResponse:
    """Check a certificate by its number, or by the text of its code; the text is posted, so that no log holds a name."""
    text = request.POST.get("text", "")[:LONGEST] if request.method == "POST" else ""
    number = request.GET.get("no", "").strip()[:32]
    context: dict[str, Any] = {"text": text, "number": number, "keys": [(key, key_id(key)) for key in public_keys()]}
    if text.strip():
        context |= _of_text(service.checked(text))
    elif number:
        context |= _of_number(number)
    return show(request, "certificate", [(_("Check a certificate"), "")], context)


def _of_text(found: Verdict) -> dict[str, Any]:
    """Return the verdict on a text; what a text says is shown only when we signed it."""
    said = dict(found.said) if found.genuine else {}
    chinese = (get_language() or "zh").startswith("zh")
    course = said.get("course_zh", "") if chinese else said.get("course_en") or said.get("course_zh", "")
    since = found.entry.on if found.entry and found.entry.state != "issued" else None
    return {"verdict": _(found.words), "kind": KINDS[found.kind], "said": said, "course": course, "since": since,
            "notes": [_(note) for note in found.notes], "by_text": True}  # fmt: skip


def _of_number(number: str) -> dict[str, Any]:
    row = service.by_number(number)
    if row is None:
        return {"verdict": _("No certificate has this number."), "kind": "bad", "unknown": True}
    return {"row": row, "kind": _kind(row), "verdict": training_words.state_chip(row).text, "holder": masked(row.learner.name),
            "later": getattr(row, "replaced_by", None)}  # fmt: skip


def _kind(row: TrainingCertificate) -> str:
    over = row.status == "issued" and row.valid_to < timezone.localdate()
    return "warn" if over else {"issued": "ok", "expired": "warn", "replaced": "warn"}.get(row.status, "bad")


@frame.open_page
def certificate_register(request: HttpRequest) -> HttpResponse:
    """The signed register, to keep beside the public key; it names nobody."""
    newest = TrainingCertificate.objects.order_by("-pk").values_list("pk", flat=True).first()
    ended = TrainingCertificate.objects.exclude(ended_on=None).count()
    key = f"talent.register.{timezone.localdate()}.{newest}.{ended}.{key_id(public_keys()[-1])}"
    told = cache.get(key) or register_text()
    cache.set(key, told, 3600)
    answer = HttpResponse(told, content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="certificate-register.json"'
    return answer


@frame.open_page
def certificate_key(request: HttpRequest) -> HttpResponse:
    """The public keys, one in hex on each line."""
    answer = HttpResponse("\n".join(public_keys()) + "\n", content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="certificate.pub"'
    return answer
