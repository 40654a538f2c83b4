"""A draw for everyone: the ceremony told step by step, and the page on which the visitor's browser replays it."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qualipolis.city.core.queries import file_stem
from qualipolis.city.supervise.draws import bundle as draw_bundle
from qualipolis.city.supervise.draws.frames import REASONS
from qualipolis.city.supervise.draws.plan import ALLOCATED, METHODS
from qualipolis.city.supervise.models import DrawRun
from qualipolis.faces.desk import parts
from qualipolis.faces.portal import draw_words, frame, open_draws
from qualipolis.faces.portal.supervision import DRAW_TONES, campaign_url, draw_url, show, state

MOST_SHOWN = 200


def _one(number: str, n: int) -> DrawRun:
    return get_object_or_404(open_draws.draws(), campaign__number=number, number=n)


@frame.open_page
def one(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """The ceremony of a draw: what was fixed, what came to be, what was drawn; a superseded one says why."""
    row = _one(number, n)
    plan = open_draws.plan_of(row)
    found = open_draws.counts(row)
    listed = list(open_draws.units(request.user, row)[: MOST_SHOWN + 1])
    context = _shared(request, row) | {
        "headline": headline(row, found),
        "state": state(row, DRAW_TONES),
        "plan": plan,
        "method": _(METHODS.get(plan.method, plan.method)) if plan else "",
        "allocation": _(ALLOCATED.get(plan.allocation, plan.allocation)) if plan and not plan.strata else "",
        "counts": found,
        "numbers": open_draws.numbers_shown(row),
        "revealed": _revealed(row),
        "left_out": [(_(REASONS.get(code, code)), count) for code, count in row.left_out.items()],
        "units": _units(listed[:MOST_SHOWN]),
        "more": len(listed) > MOST_SHOWN,
        "replaced": draw_url(row.superseded_by) if hasattr(row, "superseded_by") else "",
        "replaces": draw_url(row.supersedes) if row.supersedes else "",
        "new_reason": row.superseded_by.reason if hasattr(row, "superseded_by") else "",
    }
    return show(request, "draw", _crumbs(row, ""), context)


def _crumbs(row: DrawRun, last: str) -> list[tuple[str, str]]:
    name = _("Draw %(n)s") % {"n": row.number}
    found = [(row.campaign.number, campaign_url(row.campaign)), (name, draw_url(row) if last else "")]
    return [*found, (last, "")] if last else found


def _shared(request: HttpRequest, row: DrawRun) -> dict[str, Any]:
    given = open_draws.files(request.user, row)
    return {
        "draw": row,
        "open": open_draws.is_open(request.user, row),
        "files": [
            (one, reverse("portal:draw_file", args=[row.campaign.number, row.number, one.name])) for one in given
        ],
        "timeline": timeline(row),
        "due": row.random_at is None and row.source_at is not None and row.source_at <= timezone.now(),
        "verify_url": draw_url(row, "draw_verify"),
        "bundle_url": draw_url(row, "draw_bundle"),
        "command": f"unzip {file_stem(str(row))}.zip\nqualipolis verify draw {row}",
    }


def headline(row: DrawRun, found: open_draws.Count) -> str:
    """Return the title of a draw: what came out, or what is being waited for."""
    if row.status == "superseded":
        return _("This draw was replaced")
    if row.drawn_at is None:
        return _("The list is fixed, nothing has been drawn yet")
    if row.frame_rule.get("unit") == "product":
        words = ngettext("How this %(n)s product was drawn", "How these %(n)s products were drawn", found.drawn)
    else:
        words = ngettext("How this %(n)s firm was drawn", "How these %(n)s firms were drawn", found.drawn)
    return words % {"n": found.drawn}


def timeline(row: DrawRun) -> list[dict[str, Any]]:
    """Return what happened when; the gap is the time in which nobody could know the seed."""
    apart = open_draws.gap(row)
    hours = round(apart.total_seconds() / 3600) if apart else 0
    minutes = round(apart.total_seconds() / 60) if apart else 0
    gap = ""
    if apart:
        gap = (
            ngettext("%(n)s hour apart: nobody knew the seed", "%(n)s hours apart: nobody knew the seed", hours)
            % {"n": hours}
            if hours
            else ngettext("%(n)s minute apart: nobody knew the seed", "%(n)s minutes apart: nobody knew the seed", minutes)
            % {"n": minutes}
        )  # fmt: skip
    coming = row.random_at is None
    return [
        {"title": _("List frozen, rule committed"), "moment": moment(row.committed_at), "gap": True,
         "text": _("Its fingerprint is public; from here on not one character changes."), "apart": gap},
        {"title": _("Random numbers"), "moment": moment(row.source_at if coming else row.random_at), "todo": coming,
         "text": _("Announced beforehand") if coming else row.source_words or row.get_source_display()},
        {"title": pgettext("draw", "Draw"), "moment": moment(row.drawn_at), "todo": row.drawn_at is None,
         "text": _("By the public rule, without anybody's judgement")},
        {"title": _("Publication"), "moment": moment(row.published_at), "todo": row.published_at is None,
         "text": _("Names and list once sampling on site has ended")},
    ]  # fmt: skip


def moment(value: Any) -> str:
    """Return a moment for people, or a dash."""
    return str(date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")) if value else "—"


def _revealed(row: DrawRun) -> list[tuple[str, str]]:
    beacon, secret = row.revealed.get("drand") or {}, row.revealed.get("secret") or {}
    found = [
        (_("Public words"), row.revealed.get("public", "")),
        (_("Round of drand"), f"{beacon.get('chain', '')} {beacon.get('round', '')}".strip()),
        (_("Signature of the round"), beacon.get("signature", "")),
        (_("Salt"), secret.get("salt", "")),
        (_("Secret"), secret.get("secret", "")),
        (_("Seed"), row.seed),
    ]
    return [(name, str(value)) for name, value in found if value]


def _units(rows: list[Any]) -> parts.Table | None:
    if not rows:
        return None
    columns = [
        parts.Column("name", pgettext("draw", "Unit"), title=True),
        parts.Column("key", _("Key in the frame")),
        parts.Column("stratum", _("Stratum")),
        parts.Column("position", pgettext("draw", "Place"), numeric=True),
        parts.Column("kind", pgettext("draw", "Result")),
        parts.Column("ticket", _("Ticket (first 16)")),
    ]
    values = [
        {
            "name": one.enterprise.name, "key": one.key, "stratum": one.stratum or None, "position": one.position,
            "kind": one.get_kind_display(), "ticket": f"{one.ticket[:16]}…",
        }
        for one in rows
    ]  # fmt: skip
    return parts.Table(_("Who was drawn, stratum by stratum; the reserve in its order"), columns, values)


@frame.open_page
def verify(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """The page that replays a draw in the browser; it needs nothing but the files, and asks for no answer."""
    row = _one(number, n)
    shared, found = _shared(request, row), open_draws.counts(row)
    context = shared | {
        "counts": found,
        "headline": headline(row, found),
        "chip_kinds": ("ok", "bad", "warn", "wait", "idle"),
        "worker": static("dist/verify-worker.js"),
        "words": json.dumps(draw_words.words(), ensure_ascii=False),
        "links": json.dumps({file.name: url for file, url in shared["files"] if file.name in open_draws.REPLAYED}),
        "size": sum(file.bytes for file, _url in shared["files"]),
    }
    return show(request, "draw_verify", _crumbs(row, _("Verify")), context)


@frame.open_page
def file(request: HttpRequest, number: str, n: int, name: str) -> HttpResponse:
    """Give one file of a draw as it was kept; nothing before sampling has ended."""
    row = _one(number, n)
    data = open_draws.content(request.user, row, name)
    if data is None:
        raise Http404
    return _download(data, f"{file_stem(str(row))}-{name}", "application/octet-stream")


@frame.open_page
def bundle(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """Give every file of a draw as one zip."""
    row = _one(number, n)
    if not open_draws.files(request.user, row):
        raise Http404
    return _download(draw_bundle.bundle(row), f"{file_stem(str(row))}.zip", "application/zip")


def _download(data: bytes, name: str, media_type: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer
