"""The ledger for people: who did what, one line for each, and whether the chain holds."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from qualipolis.city.core.forms import LedgerFilter
from qualipolis.city.core.ledger import digest
from qualipolis.city.core.listings import Params, listing
from qualipolis.city.core.models import Checkpoint, Event
from qualipolis.city.core.policy import page, visible
from qualipolis.city.core.queries import LEDGER_READERS, ledger
from qualipolis.city.core.sentences import payload_of, sentence, verbs
from qualipolis.city.core.verification import verify_ledger

READERS = LEDGER_READERS
TITLES = (_("No."), _("Time"), _("Who"), _("Role"), _("Step"), _("Thing"), _("In words"), _("Payload"), _("Hash"))


@page(*READERS)
@require_safe
def event_list(request: Any) -> HttpResponse:
    """List the events, the latest first, narrowed by who, step and thing."""
    form = LedgerFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = Paginator(ledger(request.user, chosen), 50).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "rows": rows,
        "told": [(event, sentence(event)) for event in rows],
        "verbs": verbs(),
        "checkpoint": Checkpoint.objects.last(),
        "query": query.urlencode(),
        "filtered": any(chosen.values()),
    }
    return render(request, "core/ledger.html", context)


@page(*READERS)
@require_safe
def event_detail(request: Any, seq: int) -> HttpResponse:
    """Show one event with everything its hash covers."""
    event = get_object_or_404(visible(request.user, Event.objects.all()), seq=seq)
    payload = json.dumps(payload_of(event), ensure_ascii=False, indent=2, sort_keys=True)
    context = {"event": event, "said": sentence(event), "payload": payload, "holds": digest(event) == event.hash}
    context["checkpoint"] = Checkpoint.objects.filter(seq__gte=seq).first()
    return render(request, "core/event.html", context)


@page(*READERS)
@require_POST
def check(request: Any) -> HttpResponse:
    """Read the whole chain now and say whether it holds."""
    found = verify_ledger()
    words = found.finding.text(gettext) if found.finding else ""
    return render(request, "core/ledger_check.html", {"found": found, "words": words})


def _in_words(params: Params) -> list[str]:
    named = {"who": gettext("Who"), "verb": gettext("Step"), "thing": gettext("Thing")}
    return [f"{words}: {params[key]}" for key, words in named.items() if params.get(key)]


@listing("ledger", _("Ledger"), roles=READERS, describe=_in_words)
def ledger_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the filtered events for export."""
    rows = [
        (e.seq, e.at, e.actor, e.role, e.verb, e.thing, sentence(e), e.payload, e.hash)
        for e in ledger(actor, params).iterator(chunk_size=2000)
    ]
    return pl.DataFrame(rows, schema=[str(title) for title in TITLES], orient="row")
