"""Verbs of the check on site (现场核查): planned with a seed, drawn, made by two people, signed by the town, acted on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.assess.adjustments import adjust
from qualipolis.city.assess.drawing import Drawn, candidates, draw
from qualipolis.city.assess.evidence import unit_scope
from qualipolis.city.assess.models import Adjustment, SiteCheck, SiteFinding, SiteVisit
from qualipolis.city.core.ledger import canonical, record
from qualipolis.city.core.models import Person
from qualipolis.city.core.policy import System, person_of, roles_of, verb
from qualipolis.city.measure import service as measure
from qualipolis.city.measure.figures import figure, problems
from qualipolis.city.measure.models import CollectionRound, Observation
from qualipolis.city.measure.service import advance, fields_of, reversible, roles_for
from qualipolis.lake.canonical import sha256
from qualipolis.methods.problems import InputError, Problem, msg

FLOW = "site_check"
CHECKERS = ("inspector", "department", "reviewer")
Result = SiteFinding.Result
Status = SiteVisit.Status


@verb("assess.plan_site_check", roles=("planner",))
def plan_site_check(
    actor: Any,
    thing: CollectionRound,
    seed: str,
    seed_source: str,
    *,
    by_risk: int = 3,
    at_random: int = 3,
    values_each: int = 6,
) -> SiteCheck:
    """Write down, before anything is drawn, the seed of the lots, where it comes from, and how many are checked."""
    wrong = []
    if not seed.strip() or not seed_source.strip() or "|" in seed:
        what = msg("The draw needs a seed without a bar, and where the seed comes from.")
        wrong.append(Problem("no_seed", what, msg("Take a public number nobody here can choose."), place="seed"))
    if not (0 <= by_risk <= 500 and 0 <= at_random <= 500 and by_risk + at_random and 1 <= values_each <= 50):
        what = msg("Draw 1 to 500 units and 1 to 50 values in each.")
        wrong.append(Problem("bad_size", what, place="at_random"))
    if wrong:
        raise InputError(wrong)
    made = SiteCheck.objects.create(
        round=thing,
        seed=seed.strip()[:80],
        seed_source=seed_source.strip()[:200],
        by_risk=by_risk,
        at_random=at_random,
        values_each=values_each,
        planned_by=person_of(actor),
    )
    size = {"by_risk": by_risk, "at_random": at_random, "values_each": values_each}
    record(actor, "assess.plan_site_check", made, {"seed": made.seed, "seed_source": made.seed_source} | size)
    return made


@verb("assess.draw_site_check", roles=("planner",))
def draw_site_check(actor: Any, thing: SiteCheck, checkers: Collection[Person] = ()) -> list[SiteVisit]:
    """Draw the units and values of a plan, once; ``checkers`` are named for every visit (they can be changed)."""
    row = SiteCheck.objects.select_for_update(of=("self",)).select_related("round__set").get(pk=thing.pk)
    if row.drawn_at is not None:
        raise InputError([Problem("drawn", msg("This plan has been drawn already."))])
    _fit_to_check(checkers)
    pool = candidates(row.round)
    found = draw(row.seed, pool, row.by_risk, row.at_random, row.values_each)
    row.drawn_at, row.population = timezone.now(), population_hash([one.code for one in pool])
    row.save(update_fields=["drawn_at", "population"])
    visits = _write(row, found)
    links = SiteVisit.checkers.through
    links.objects.bulk_create(links(sitevisit=visit, person=person) for visit in visits for person in checkers)
    payload = {
        "population": row.population,
        "units": [[one.candidate.code, one.chosen, one.ticket[:16]] for one in found],
        "checkers": [person.username for person in checkers],
    }
    record(actor, "assess.draw_site_check", row, payload | {"count": len(visits)})
    return visits


def population_hash(codes: Iterable[str]) -> str:
    """Return the SHA-256 of the codes that lots were drawn from."""
    return sha256(canonical(sorted(codes)).encode())


def _write(row: SiteCheck, found: list[Drawn]) -> list[SiteVisit]:
    visits = SiteVisit.objects.bulk_create(
        SiteVisit(
            check_plan=row,
            unit_id=one.candidate.pk,
            chosen=one.chosen,
            reasons=list(one.candidate.reasons),
            ticket=one.ticket,
        )
        for one in found
    )
    SiteFinding.objects.bulk_create(
        SiteFinding(visit=visit, observation_id=pk, ticket=lot, reported=value)
        for visit, one in zip(visits, found, strict=True)
        for pk, lot, value in one.values
    )
    return visits


def _fit_to_check(people: Collection[Person]) -> None:
    wrong = [
        Problem("no_checker", msg("%(name)s has no role that checks on site."), params={"name": str(person)})
        for person in people
        if not person.is_active or not roles_of(person) & {*CHECKERS, "planner"}
    ]
    if wrong:
        raise InputError(wrong)


@verb("assess.name_checkers", roles=("planner",))
def name_checkers(actor: Any, thing: SiteVisit, people: Collection[Person]) -> SiteVisit:
    """Name who checks one unit; at least two before it begins."""
    row = SiteVisit.objects.select_for_update(of=("self",)).select_related("unit").get(pk=thing.pk)
    if row.status != Status.PLANNED:
        raise InputError([Problem("begun", msg("The check has begun; its checkers stay."))])
    _fit_to_check(people)
    row.checkers.set(people)
    names = sorted(person.username for person in people)
    record(actor, "assess.name_checkers", row, {"unit": row.unit.code, "checkers": names, "count": len(names)})
    return row


def only_checkers(actor: Any, visit: SiteVisit) -> None:
    """Refuse everybody who was not named for this visit."""
    if isinstance(actor, System) or visit.checkers.filter(pk=getattr(actor, "pk", None)).exists():
        return
    raise PermissionDenied(_("Only the people named for this check can do this."))


def _locked(thing: SiteVisit) -> SiteVisit:
    rows = SiteVisit.objects.select_for_update(of=("self",))
    return rows.select_related("unit", "check_plan__round").get(pk=thing.pk)


def facts(row: SiteVisit) -> dict[str, int]:
    """Return the facts that the guards of the table read."""
    found = list(row.findings.values_list("result", "settled_at"))
    return {
        "checkers": row.checkers.count(),
        "open_findings": sum(1 for result, _at in found if not result),
        "unsettled_findings": sum(1 for result, at in found if result != Result.CONFIRMED and at is None),
    }


def _step(actor: Any, row: SiteVisit, step: str, name: str, told: dict[str, Any], **changes: Any) -> SiteVisit:
    before = fields_of(row, "status", "due_on", *changes)
    took = advance(actor, FLOW, step, row.status, **facts(row), **told)
    row.status, row.due_on = took.target, took.due(timezone.localdate())
    for field, value in changes.items():
        setattr(row, field, value)
    row.save()
    event = record(actor, name, row, {"unit": row.unit.code, "to": row.status} | told, rule_version=took.rule)
    reversible(event, actor, row, before, "status")
    return row


@verb("assess.start_visit", roles=roles_for(FLOW, "start"))
def start_visit(actor: Any, thing: SiteVisit, visited_on: date | None = None) -> SiteVisit:
    """Begin the check of one unit; two people at least must be named."""
    row = _locked(thing)
    if "planner" not in roles_of(actor):
        only_checkers(actor, row)
    return _step(actor, row, "start", "assess.start_visit", {}, visited_on=visited_on or timezone.localdate())


@verb("assess.record_finding", roles=CHECKERS)
def record_finding(
    actor: Any,
    thing: SiteFinding,
    result: str,
    words: str,
    *,
    numerator: float | None = None,
    denominator: float | None = None,
    value: float | None = None,
) -> SiteFinding:
    """Write what was found about one value: confirmed, evidence missing, a different value (with it), or falsified."""
    visit = _locked(SiteVisit(pk=thing.visit_id))
    only_checkers(actor, visit)
    rows = SiteFinding.objects.select_for_update(of=("self",)).select_related("observation__indicator")
    row = rows.get(pk=thing.pk)
    leaf = row.observation.indicator
    found = figure(leaf.kind, leaf.factor, numerator, denominator, value)
    wrong = list(_finding_problems(visit, result, words, found.value))
    if result == Result.DIFFERENT:
        wrong += problems(found, proportion=leaf.is_proportion, place=leaf.code)
    if wrong:
        raise InputError(wrong)
    before = fields_of(row, "result", "words", "numerator", "denominator", "value", "found_by_id", "found_at")
    row.result, row.words = result, words.strip()[:2000]
    different = result == Result.DIFFERENT
    row.numerator = found.numerator if different else None
    row.denominator = found.denominator if different else None
    row.value = found.value if different else None
    row.found_by, row.found_at = person_of(actor), timezone.now()
    row.save()
    payload = {"unit": visit.unit.code, "indicator": leaf.code, "result": result, "value": row.value}
    event = record(actor, "assess.record_finding", visit, payload | {"reported": row.reported, "words": row.words})
    reversible(event, actor, row, before, "result", "found_at", "settled_at")
    return row


def _finding_problems(visit: SiteVisit, result: str, words: str, value: float | None) -> Iterator[Problem]:
    if visit.status != Status.RUNNING:
        yield Problem("not_running", msg("Findings are written while the check runs."))
    if result not in Result.values:
        yield Problem("bad_result", msg("Say what was found."), place="result")
    if result != Result.CONFIRMED and not words.strip():
        yield Problem("no_words", msg("Write what was seen."), place="words")
    if result == Result.DIFFERENT and value is None:
        yield Problem("no_value", msg("Give the value that was found."), place="value")


@verb("assess.sign_visit", roles=roles_for(FLOW, "sign"), scope=unit_scope)
def sign_visit(actor: Any, thing: SiteVisit, signatory: str) -> SiteVisit:
    """Sign the record of the check for the town."""
    told = {"signatory": signatory.strip()[:80]}
    return _step(actor, _locked(thing), "sign", "assess.sign_visit", told, **told, signed_at=timezone.now())


@verb("assess.object_visit", roles=roles_for(FLOW, "object"), scope=unit_scope)
def object_visit(actor: Any, thing: SiteVisit, signatory: str, reason: str) -> SiteVisit:
    """Object to the findings for the town, with the reason; the term to answer starts today."""
    told = {"signatory": signatory.strip()[:80], "reason": reason.strip()[:2000]}
    changes = {"signatory": told["signatory"], "signed_at": timezone.now(), "objection": told["reason"]}
    return _step(actor, _locked(thing), "object", "assess.object_visit", told, **changes)


@verb("assess.answer_visit", roles=roles_for(FLOW, "recheck", "maintain"))
def answer_visit(actor: Any, thing: SiteVisit, reply: str, *, again: bool) -> SiteVisit:
    """Answer a town's objection in writing: check ``again``, or keep the findings."""
    told = {"reply": reply.strip()[:2000]}
    step = "recheck" if again else "maintain"
    return _step(actor, _locked(thing), step, "assess.answer_visit", told, **told)


@verb("assess.settle_finding", roles=("planner",))
def settle_finding(actor: Any, thing: SiteFinding, reply: str, document: str = "") -> SiteFinding:
    """Act on a finding of a signed visit: correct a different value, enter falsified data, or write what follows.

    A different value goes through the observation's own steps (questioned, then corrected with ``reply``); in a locked
    round that needs the reopening by two people first. Falsified data become an adjustment by ``document``.
    """
    visit = _locked(SiteVisit(pk=thing.visit_id))
    rows = SiteFinding.objects.select_for_update(of=("self",))
    row = rows.select_related("observation__indicator", "observation__unit").get(pk=thing.pk)
    wrong = []
    if visit.status != Status.SIGNED or row.settled_at is not None:
        wrong.append(Problem("not_signed", msg("Findings are acted on once, after the town has signed.")))
    if not reply.strip():
        wrong.append(Problem("no_reply", msg("Write what follows from the finding."), place="reply"))
    if wrong:
        raise InputError(wrong)
    _act(actor, visit, row, reply.strip(), document.strip())
    row.action, row.document = reply.strip()[:2000], document.strip()[:80]
    row.settled_by, row.settled_at = person_of(actor), timezone.now()
    row.save(update_fields=["action", "document", "settled_by", "settled_at"])
    payload = {"unit": visit.unit.code, "indicator": row.observation.indicator.code, "result": row.result}
    record(actor, "assess.settle_finding", visit, payload | {"reply": row.action, "document": row.document})
    return row


def _act(actor: Any, visit: SiteVisit, row: SiteFinding, reply: str, document: str) -> None:
    seen = row.observation
    if row.result == Result.FALSIFIED:
        round_, code = visit.check_plan.round, seen.indicator.code
        adjust(actor, round_, visit.unit, Adjustment.Kind.FALSIFIED, document, reply, indicator=code)
    elif row.result == Result.DIFFERENT:
        if seen.status in (Observation.Status.VERIFIED, Observation.Status.CORRECTED):
            seen = measure.question(actor, seen, row.words or reply)
        parts = {"numerator": row.numerator, "denominator": row.denominator, "value": row.value}
        measure.decide_dispute(actor, seen, reply, keep=False, **parts)


@verb("assess.conclude_visit", roles=roles_for(FLOW, "conclude"))
def conclude_visit(actor: Any, thing: SiteVisit) -> SiteVisit:
    """End the check of one unit, once every finding has been acted on."""
    return _step(actor, _locked(thing), "conclude", "assess.conclude_visit", {})
