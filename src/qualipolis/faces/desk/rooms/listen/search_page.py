"""Searching everything that the city has heard, as far as somebody may see it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page
from qualipolis.city.listen import search_index
from qualipolis.city.listen.search_sources import SOURCES
from qualipolis.city.listen.searching import READERS, Answer, Found, kinds, search
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.loop import address, open_to
from qualipolis.faces.desk.rooms.assess.frame import address as with_params
from qualipolis.methods.problems import InputError

HOW = {"pinyin": gettext_lazy("read as pinyin"), "initials": gettext_lazy("read as the initials of pinyin")}


@page(*READERS)
@require_safe
def listen_search(request: HttpRequest) -> HttpResponse:
    """The box, and what it finds."""
    query, kind = request.GET.get("q", "").strip()[:200], request.GET.get("kind", "")
    with suppress(InputError, OSError):  # another process writes: the next search finds what is new
        search_index.catch_up(wait=False, most=search_index.AT_ONCE)
    whole = search(request.user, query) if query else Answer()
    answer = search(request.user, query, kind) if query and kind in SOURCES else whole
    count = len(answer.found)
    context = {
        "stage": "listen", "q": query, "kind": kind, "answer": answer, "count": count,
        "heading": _heading(query, count, answer.more), "results": [_result(request.user, one) for one in answer.found],
        "segments": _segments(request, whole, kind) if whole.found else [],
        "corrected": [(one.typed, one.meant, HOW.get(one.how, "")) for one in answer.corrected],
        "searched": [str(one.name) for one in kinds(request.user).values()],
        "crumbs": [(_("Search"), "")],
    }  # fmt: skip
    return render(request, "listen/search.html", context)


def _heading(query: str, count: int, more: bool) -> str:
    if not query:
        return _("Search what the city has heard")
    if more:
        return _("More than %(n)s results for “%(q)s”") % {"n": count, "q": query[:60]}
    return ngettext("%(n)s result for “%(q)s”", "%(n)s results for “%(q)s”", count) % {"n": count, "q": query[:60]}


def _segments(request: HttpRequest, whole: Answer, kind: str) -> list[parts.Segment]:
    counts = whole.counts()
    found = [parts.Segment(_("All"), with_params(request, kind=None), kind not in SOURCES, len(whole.found))]
    return found + [
        parts.Segment(str(SOURCES[one].name), with_params(request, kind=one), one == kind, n)
        for one, n in counts.items()
    ]


def _result(user: Any, one: Found) -> dict[str, Any]:
    """Return a row that was found with its page, where somebody may open that."""
    url = address(SOURCES[one.kind].url, one.row.pk)
    day = SOURCES[one.kind].day(one.row)
    return {
        "kind": SOURCES[one.kind].name, "title": one.title, "about": one.about, "why": one.why, "day": day,
        "url": url if open_to(user, url) else "",
    }  # fmt: skip
