"""The components of a page: ``{% load desk %}``. The gallery (``desk:components``) shows each with its call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from math import asin, cos, degrees, radians, sin
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from qualipolis.faces.desk import charts, loop, parts
from qualipolis.faces.desk.deadlines import deadline_words, moment_words

register = template.Library()

CHIP_ICONS = {
    "ok": "circle-check",
    "warn": "alert-triangle",
    "bad": "square-x",
    "wait": "hourglass",
    "idle": "",
    "same": "equal",
}
EXPORTS = {
    "xlsx": "file-type-xls",
    "csv": "file-type-csv",
    "pdf": "file-type-pdf",
    "svg": "file-type-svg",
    "json": "api",
}


# ---------------------------------------------------------------- marks


@register.simple_tag
def icon(name: str, cls: str = "", label: str = "") -> SafeString:
    """An icon of the sprite; with a label it is an image of its own, without one it is decoration."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" {} focusable="false"><use href="{}#{}"></use></svg>',
        cls,
        spoken,
        static("dist/icons.svg"),
        name,
    )


def _arc(index: int, outer: float = 22, inner: float = 14.6, gap: float = 1.45) -> str:
    middle = -90 + 45 * index
    spans = [22.5 - degrees(asin(gap / radius)) for radius in (outer, inner)]

    def point(radius: float, angle: float) -> str:
        return f"{24 + radius * cos(radians(angle)):.2f} {24 + radius * sin(radians(angle)):.2f}"

    return (
        f"M{point(outer, middle - spans[0])}A{outer} {outer} 0 0 1 {point(outer, middle + spans[0])}"
        f"L{point(inner, middle + spans[1])}A{inner} {inner} 0 0 0 {point(inner, middle - spans[1])}Z"
    )


ARCS = [_arc(k) for k in range(8)]


@register.simple_tag
def ring(stage: str = "", size: str = "") -> SafeString:
    """The mark: eight arcs round one square; the arc of ``stage`` is lit. Size: sm, lg, xl."""
    order = [s.slug for s in loop.STAGES]
    drawn = "".join(
        f'<path class="arc{" lit" if slug == stage else ""}" d="{arc}"/>' for slug, arc in zip(order, ARCS, strict=True)
    )
    cls = " ".join(["ring", f"ring-{size}" if size else "", "" if stage in order else "whole"]).strip()
    return format_html(
        '<svg class="{}" viewBox="0 0 48 48" aria-hidden="true" focusable="false">{}'
        '<rect class="hub" x="17.7" y="17.7" width="12.6" height="12.6" rx="1.6"/></svg>',
        cls,
        mark_safe(drawn),  # noqa: S308 - built from constants
    )


@register.simple_tag
def stop(stage: str) -> SafeString:
    """The one-character mark of a stage on tiles and tasks."""
    known = loop.BY_SLUG.get(stage)
    return format_html('<span class="stop" aria-hidden="true">{}</span>', known.letter if known else "·")


@register.simple_tag
def stage_name(stage: str) -> str:
    known = loop.BY_SLUG.get(stage)
    return str(known.name) if known else ""


@register.simple_tag(takes_context=True)
def stage_rooms(context: Any) -> list[tuple[str, Any, bool]]:
    """The rooms of this page's stage as (address, label, current)."""
    here = context.get("desk")
    return here.rooms(context.get("stage") or "") if here else []


@register.simple_tag(takes_context=True)
def stage_root(context: Any) -> tuple[str, Any] | None:
    """The address and name that the crumbs of a stage with rooms begin with, unless they do so already."""
    here, crumbs = context.get("desk"), context.get("crumbs") or []
    root = here.root(context.get("stage") or "") if here else None
    return None if root is None or any(url == root[0] for _words, url in crumbs) else root


# ---------------------------------------------------------------- chips


@register.simple_tag
def chip(kind: str, text: Any, icon_name: str | None = None, size: str = "") -> SafeString:
    """A state, always with its word: ``{% chip "ok" "Passed" %}``."""
    name = CHIP_ICONS.get(kind, "") if icon_name is None else icon_name
    tone = "idle" if kind == "same" else kind
    return format_html(
        '<span class="chip chip-{}{}">{}{}</span>',
        tone,
        " chip-lg" if size == "lg" else "",
        icon(name) if name else "",
        text,
    )


@register.simple_tag
def verdict(result: str) -> SafeString:
    """The verdict of a test: pass, watch, fail, wait or same."""
    words = {
        "pass": ("ok", pgettext("verdict", "Passed")),
        "watch": ("warn", pgettext("verdict", "To watch")),
        "fail": ("bad", pgettext("verdict", "Failed")),
        "wait": ("wait", pgettext("verdict", "Waiting")),
        "same": ("same", pgettext("verdict", "Unchanged")),
    }
    kind, text = words[result]
    return chip(kind, text)


@register.simple_tag
def deadline(due: parts.Deadline | None, size: str = "") -> SafeString:
    """The deadline chip."""
    if due is None:
        return mark_safe("")
    kind, name, words = deadline_words(due)
    drawn = chip(kind, words, name, size)
    if due.provisional:
        note = _("The holidays of that year are not published yet; the date is provisional.")
        return format_html('{} <span class="source">{}</span>', drawn, note)
    return drawn


@register.simple_tag(takes_context=True)
def demo_label(context: Any) -> SafeString:
    """The dashed label; nothing when the city is real."""
    here = context.get("city")
    if not getattr(here, "synthetic", False):
        return mark_safe("")
    return format_html('<span class="demo-label">{}</span>', _("Demo data (synthetic)"))


# ---------------------------------------------------------------- parts with a template


@register.inclusion_tag("desk/parts/loop.html", takes_context=True)
def loop_nav(context: Any) -> dict[str, Any]:
    return {"stops": _stops(context), "current": context.get("stage") or ""}


@register.inclusion_tag("desk/parts/ring_menu.html", takes_context=True)
def ring_menu(context: Any) -> dict[str, Any]:
    stops = _stops(context)
    here = next((s.slug for s in stops if s.current), "")
    links = context.get("portal_links")
    return {"stops": stops, "here": here, "links": links}


def _stops(context: Any) -> list[Any]:
    desk = context.get("desk")
    return desk.stops(context.get("stage") or "") if desk else []


@register.inclusion_tag("desk/parts/tile.html")
def tile(item: parts.Tile) -> dict[str, Any]:
    return {"tile": item, "sentence": mark_safe(item.sentence)}  # noqa: S308 - documented as safe markup


@register.inclusion_tag("desk/parts/today.html")
def today(tasks: Iterable[parts.Task]) -> dict[str, Any]:
    return {"tasks": list(tasks)[:5]}


@register.inclusion_tag("desk/parts/steps.html")
def flow_steps(steps: Iterable[parts.Step], label: str = "") -> dict[str, Any]:
    return {"steps": list(steps), "label": label or _("Progress")}


@register.inclusion_tag("desk/parts/next.html", takes_context=True)
def next_step(context: Any, box: parts.NextStep) -> dict[str, Any]:
    return {"box": box, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("desk/parts/law.html")
def legal_basis(law: parts.Law) -> dict[str, Any]:
    return {"law": law}


@register.inclusion_tag("desk/parts/empty.html")
def empty(
    item: parts.Empty | None = None, title: str = "", why: str = "", stage: str = "", label: str = "", url: str = ""
) -> dict[str, Any]:
    return {"item": item or parts.Empty(title, why, stage, label, url)}


@register.inclusion_tag("desk/parts/export.html")
def export_menu(items: Iterable[parts.Export], foot: str = "", label: str = "") -> dict[str, Any]:
    lines = [(item, EXPORTS[item.kind], _export_name(item.kind)) for item in items]
    return {"lines": lines, "foot": foot, "label": label or _("Export")}


def _export_name(kind: str) -> str:
    return {
        "xlsx": _("Excel workbook (xlsx)"),
        "csv": _("CSV (UTF-8 with BOM)"),
        "pdf": _("PDF (A4, archival)"),
        "svg": _("Picture (SVG)"),
        "json": _("Data (JSON)"),
    }[kind]


@register.inclusion_tag("desk/parts/segments.html")
def segments(items: Iterable[parts.Segment], label: str, twin: str = "") -> dict[str, Any]:
    return {"items": list(items), "label": label, "twin": twin}


@register.inclusion_tag("desk/parts/segments.html", takes_context=True)
def twin_switch(context: Any, twin: str = "", view: str = "") -> dict[str, Any]:
    """Chart or table: two links (?view=table) that a script turns into a switch in place."""
    request = context.get("request")
    query = request.GET.copy() if request else None
    now = view or (query.get("view", "") if query is not None else "")

    def link(kind: str) -> str:
        if query is None:
            return f"?view={kind}"
        query["view"] = kind
        return f"?{query.urlencode()}"

    items = [
        parts.Segment(pgettext("switch", "Chart"), link("chart"), now != "table", None, "chart-dots-2", "chart"),
        parts.Segment(pgettext("switch", "Table"), link("table"), now == "table", None, "table", "table"),
    ]
    return {"items": items, "label": _("Show as"), "twin": twin}


@register.inclusion_tag("desk/parts/table.html")
def data_table(table: parts.Table, cls: str = "") -> dict[str, Any]:
    return {"table": table, "rows": [_cells(table, row) for row in table.rows], "foot": _foot(table), "cls": cls}


def _value(row: Any, key: str) -> Any:
    value = row.get(key) if isinstance(row, Mapping) else getattr(row, key, None)
    return "—" if value is None or value == "" else value


def _cells(table: parts.Table, row: Any) -> list[dict[str, Any]]:
    link = _value(row, table.links) if table.links else "—"
    return [
        {"column": c, "value": _value(row, c.key), "url": link if c.title and link != "—" else ""}
        for c in table.columns
    ]


def _foot(table: parts.Table) -> list[dict[str, Any]]:
    if not table.foot:
        return []
    # what has no total is left blank: a dash would say that it is missing
    blank = {c.key for c in table.columns if isinstance(table.foot, dict) and c.key not in table.foot}
    return [one | ({"value": ""} if one["column"].key in blank else {}) for one in _cells(table, table.foot)]


@register.inclusion_tag("desk/parts/release.html")
def release_badge(release: parts.Release) -> dict[str, Any]:
    short = f"{release.hash[:8]}…{release.hash[-4:]}" if len(release.hash) > 12 else release.hash
    return {"release": release, "short": short, "moment": moment_words(release.frozen, year=True)}


@register.inclusion_tag("desk/parts/hash.html")
def hash_block(value: str) -> dict[str, Any]:
    return {"value": value, "groups": [value[i : i + 8] for i in range(0, len(value), 8)]}


@register.inclusion_tag("desk/parts/verdict.html")
def verify_box(item: parts.Verdict) -> dict[str, Any]:
    icons = {"ok": "circle-check", "bad": "square-x", "warn": "alert-triangle", "wait": "hourglass"}
    return {"item": item, "icon_name": icons.get(item.kind, "info-circle")}


@register.inclusion_tag("desk/parts/errors.html")
def error_summary(form: Any) -> dict[str, Any]:
    lines = [("", error) for error in form.non_field_errors()]
    lines += [
        (form[name].id_for_label or f"id_{form.add_prefix(name)}", f"{form[name].label}{_(': ')}{error}")
        for name, errors in form.errors.items()
        if name != "__all__"
        for error in errors
    ]
    return {"lines": lines, "count": len(lines)}


@register.inclusion_tag("desk/form.html")
def form_fields(form: Any) -> dict[str, Any]:
    """Every field of a form with its label, hint and error, and the summary on top."""
    return {"form": form}


@register.inclusion_tag("desk/parts/field.html")
def field(bound: Any) -> dict[str, Any]:
    """One field: label above, hint under it, error between hint and input."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "")
    if bound.name.endswith("_en"):
        widget.attrs.setdefault("lang", "en")  # what is written there is English on every page
    return {
        "field": bound,
        "group": bool(getattr(bound, "use_fieldset", False)),
        "check": kind == "checkbox" and not bound.use_fieldset,
    }


@register.inclusion_tag("desk/parts/pages.html", takes_context=True)
def pagination(context: Any, page: Any) -> dict[str, Any]:
    return {"page": page, "request": context.get("request")}


@register.inclusion_tag("desk/parts/cartogram_key.html")
def cartogram_key(counts: Iterable[tuple[int | None, str, int | None]], cut: int | None = None) -> dict[str, Any]:
    """The legend of a cartogram: (step, words, count) from the best down, and how many may change tier."""
    lines = [{"swatch": charts.step_swatch(s), "label": words, "count": n} for s, words, n in counts]
    if cut is not None:
        words = _("may belong to the next tier")
        lines.append({"swatch": charts.step_swatch(2, True), "label": words, "count": cut, "apart": True})
    return {"lines": lines}


@register.inclusion_tag("desk/parts/job.html")
def job_progress(url: str, text: str = "", reload: bool = False) -> dict[str, Any]:
    """A long job: a bar, what is running and what is left."""
    return {"url": url, "text": text or _("Starting"), "reload": reload}


@register.inclusion_tag("desk/parts/undo.html", takes_context=True)
def undo(context: Any, url: str, until: datetime, text: str = "") -> dict[str, Any]:
    left = max(0, -(-int((until - timezone.now()).total_seconds()) // 60))
    return {"url": url, "until": until, "left": left, "text": text, "csrf_token": context.get("csrf_token")}


@register.filter
def rank_word(value: str) -> str:
    """``7=`` (a tie in a table twin) as it is said in a view: tied 7."""
    text = str(value)
    return _("tied %(rank)s") % {"rank": text[:-1]} if text.endswith("=") else text


@register.filter
def span(low: Any, high: Any) -> str:
    """A range with the dash of the language, 4—11 or 4–11; one dash where neither end is known."""
    if all(end in (None, "", "—") for end in (low, high)):
        return "—"
    dash = "—" if (get_language() or "zh").startswith("zh") else "–"
    return f"{low}{dash}{high}"


@register.filter
def codes(value: Any) -> SafeString:
    """Set what stands between backticks as code: "a number, or `latest`"."""
    return mark_safe(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(str(value))))  # noqa: S308 (escaped first)
