"""Which laboratory rechecks: qualified for every item, another than the first, and drawn by lots that anyone replays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from qualipolis.city.registry.models import Institution, Qualification
from qualipolis.city.registry.validity import valid_on
from qualipolis.city.supervise.laboratory.scope_check import out_of_scope, wanted_of
from qualipolis.city.supervise.models import Recheck, Result, TestItem
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws.tickets import ticket

PURPOSE = "recheck laboratory"


@dataclass(frozen=True)
class Lot:
    """A laboratory and its ticket; the lowest ticket is drawn."""

    code: str
    name: str
    ticket: str


def items_out_of_scope(result: Result, laboratory: Institution | None) -> int | None:
    """Return how many of the tested items lie outside the scope of a laboratory today; None when none is known."""
    if laboratory is None:
        return None
    rule = result.sample.task.campaign.rule
    items = TestItem.objects.filter(report=result.report).exclude(outcome=TestItem.Outcome.NOT_TESTED)
    asked = wanted_of(rule.category, rule.standard, items.values_list("name_zh", "method"))
    return out_of_scope(laboratory, asked, timezone.localdate())


def qualified(result: Result, *, first_too: bool = False) -> list[Institution]:
    """Return the laboratories that may recheck a result, by code; the first one only when it is asked for."""
    today = timezone.localdate()
    certified = valid_on(today, Qualification.objects.filter(kind=Qualification.Kind.CMA))
    rows = Institution.objects.filter(pk__in=certified.values("institution")).order_by("code")
    rows = rows if first_too else rows.exclude(pk=result.report.laboratory_id)
    return [one for one in rows if items_out_of_scope(result, one) == 0]


def lots(recheck: Recheck, seed: str) -> list[Lot]:
    """Return the qualified laboratories with their tickets, the one drawn first.

    The ticket is that of every draw here: SHA-256 over purpose, seed and stratum (the number of the recheck), then
    over that secret and the code of the laboratory. ``qualipolis.methods.sampling.draws.tickets`` says it in full.
    """
    found = [
        Lot(one.code, one.name_zh, ticket(seed, recheck.number, one.code, PURPOSE).hex())
        for one in qualified(recheck.result)
    ]
    return sorted(found, key=lambda lot: lot.ticket)


def replays(recheck: Recheck) -> bool:
    """Whether the lots that are on file give the laboratory that is on file, and every ticket is the one it must be."""
    rows = recheck.draw_lots
    if not rows or not recheck.draw_seed or recheck.laboratory is None:
        return False
    again = [ticket(recheck.draw_seed, recheck.number, one["code"], PURPOSE).hex() for one in rows]
    same = again == [one["ticket"] for one in rows] and again == sorted(again)
    return same and rows[0]["code"] == recheck.laboratory.code and again[0] == recheck.drawn_ticket


def drawn(recheck: Recheck, seed: str, source: str) -> tuple[Institution, dict[str, Any]]:
    """Draw the laboratory: return it with the fields that let anyone replay the draw."""
    seed, source = seed.strip()[:80], source.strip()[:200]
    if not seed or not source or "\n" in seed:
        what = msg("The draw needs a seed in one line, and where the seed comes from.")
        raise InputError([Problem("no_seed", what, msg("Take a public number nobody here can choose."), place="seed")])
    rows = lots(recheck, seed)
    if not rows:
        raise InputError([Problem("no_laboratory_left", msg("No other laboratory is qualified for every item."))])
    kept = [{"code": one.code, "name": one.name, "ticket": one.ticket} for one in rows]
    fields = {"draw_seed": seed, "draw_source": source, "draw_lots": kept, "drawn_ticket": rows[0].ticket}
    return Institution.objects.get(code=rows[0].code), fields


def fit(result: Result, laboratory: Institution | None, *, only: bool) -> list[Problem]:
    """Return what speaks against a laboratory: items outside its scope, or others that are qualified beside it."""
    if laboratory is None:
        return []
    found = []
    outside = items_out_of_scope(result, laboratory) or 0
    if outside:
        what = msg("%(count)s items are outside the scope of %(name)s today.")
        params = {"count": outside, "name": laboratory.name_zh}
        found.append(Problem("out_of_scope", what, "", params, "laboratory"))
    others = qualified(result) if only and laboratory.pk == result.report.laboratory_id else []
    if others:
        what = msg("It is not the only one qualified: %(names)s may test these items as well.")
        names = "、".join(one.name_zh for one in others[:5])
        found.append(Problem("not_only", what, "", {"names": names}, "only_laboratory"))
    return found
