"""The filters of the lists of the federation in words, for pages and for what is taken along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MEMBERS = {
    "waiting": gettext_lazy("applications"),
    "active": gettext_lazy("active members"),
    "association": gettext_lazy("associations"),
    "enterprise": gettext_lazy("firms"),
    "consumer": gettext_lazy("consumer representatives"),
    "suspended": gettext_lazy("membership suspended"),
    "over": gettext_lazy("no longer members"),
}
PLEDGES = {
    "read": gettext_lazy("to be read"),
    "published": gettext_lazy("pledge published"),
    "doubted": gettext_lazy("in doubt"),
    "ending": gettext_lazy("past its last day"),
    "over": gettext_lazy("concluded"),
}
PACTS = {
    "draft": gettext_lazy("drafts"),
    "checking": gettext_lazy("in the check"),
    "cleared": gettext_lazy("check passed"),
    "living": gettext_lazy("in force"),
    "over": gettext_lazy("concluded"),
}
BREACHES = {
    "new": gettext_lazy("new breaches"),
    "hearing": gettext_lazy("being heard"),
    "coaching": gettext_lazy("being coached"),
    "over": gettext_lazy("concluded"),
}
CLUES = {
    "new": gettext_lazy("to screen"),
    "screened": gettext_lazy("to pass on"),
    "out": gettext_lazy("to answer"),
    "late": gettext_lazy("past its day"),
    "high": gettext_lazy("high risk"),
    "answered": gettext_lazy("clue answered"),
}
MEETINGS = {
    "coming": gettext_lazy("to come"),
    "notes": gettext_lazy("notes to be written"),
    "published": gettext_lazy("notes published"),
    "over": gettext_lazy("concluded"),
}
TASKS = {
    "proposed": gettext_lazy("proposals"),
    "running": gettext_lazy("under way"),
    "reported": gettext_lazy("result to be looked at"),
    "done": gettext_lazy("done"),
    "over": gettext_lazy("concluded"),
}


def describe(shows: Mapping[str, Any]) -> Callable[[Mapping[str, str]], list[str]]:
    """Return what says a filter in words."""

    def words(params: Mapping[str, str]) -> list[str]:
        found = [str(shows[show])] if (show := params.get("show", "")) in shows else []
        if text := params.get("q", "").strip()[:60]:
            found.append(_("search: %(text)s") % {"text": text})
        return found

    return words
