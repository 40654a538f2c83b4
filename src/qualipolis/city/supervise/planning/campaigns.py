"""Campaigns (监督抽查任务): scheme, bodies and size, then public rules, sampling, testing, settlement, files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.supervise.models import (
    Campaign,
    PlanLine,
    Purpose,
    Result,
    Sample,
    SamplingRule,
    SamplingTask,
    Stage,
)
from qualipolis.city.supervise.planning.plans import MOST_BATCHES, organiser_scope
from qualipolis.city.supervise.planning.rules_of_sampling import in_force
from qualipolis.law.flows import ALL
from qualipolis.methods.problems import InputError, Problem, msg

FLOW = "campaign"
OFFICE = roles_for(FLOW, "contract")
WORKED = (*ALL["sampling_task"].finals, "sampled")  # tasks on which nothing is left to do on site
TEXTS = ("name_zh", "name_en", "scheme_zh", "scheme_en")
CHOSEN = ("sampling_body", "laboratory", "rule", "on_site_test", "size", "reserve", "budget", "begins_on", "ends_on",
          "purpose", "stage")  # fmt: skip
AFTER_CONTRACT = (*TEXTS, "begins_on", "ends_on")  # bodies, size and price are part of the agreement


@verb("supervise.create_campaign", roles=OFFICE, scope=organiser_scope)
def create_campaign(actor: Any, thing: Organisation, rule: SamplingRule, size: int, **values: Any) -> Campaign:
    """Begin a campaign of the organisation ``thing`` by detailed rules; ``line`` names the line of the plan."""
    line: PlanLine | None = values.pop("line", None)
    synthetic = bool(values.pop("synthetic", False))
    category = rule.category
    filled = {
        "name_zh": f"{category}产品质量监督抽查", "name_en": f"Supervision sampling of {category}",
        "reserve": -(-size // 3), "purpose": Purpose.RANDOM, "stage": Stage.PRODUCTION,
    } | values  # fmt: skip
    said = _values(filled | {"rule": rule, "size": size})
    _check_line(line, said)
    made = Campaign.objects.create(
        number=next_number("JC", timezone.localdate().year), organiser=thing, line=line, synthetic=synthetic,
        created_by=person_of(actor), **said,
    )  # fmt: skip
    payload = {"of": made.number, "category": category, "size": made.size, "purpose": made.purpose}
    record(actor, "supervise.create_campaign", made, payload | {"line": line.pk if line else None})
    return made


@verb("supervise.campaign_from_line", roles=OFFICE, scope=organiser_scope)
def from_line(actor: Any, thing: PlanLine, **values: Any) -> Campaign:
    """Begin the campaign of a line of an approved plan, by the rules of its product class in force today."""
    rule = values.pop("rule", None) or in_force(thing.category) or _any_rule(thing.category)
    if rule is None:
        what = msg("There are no detailed rules for %(category)s; write and publish them first.")
        raise InputError([Problem("no_rule", what, params={"category": thing.category})])
    filled = {"purpose": thing.purpose, "stage": thing.stage, "budget": thing.budget}
    filled |= ({"name_en": thing.name_en} if thing.name_en else {}) | values
    size = filled.pop("size", thing.batches)
    made: Campaign = create_campaign(actor, thing.plan.organiser, rule, size, line=thing, **filled)
    return made


@verb("supervise.edit_campaign", roles=OFFICE, scope=organiser_scope)
def edit_campaign(actor: Any, thing: Campaign, **values: Any) -> Campaign:
    """Change a campaign before it is approved; after the agreements only the scheme and the days."""
    row = locked(thing)
    if row.status not in ("draft", "contracted"):
        raise InputError([Problem("campaign_fixed", msg("The scheme has been approved; it no longer changes."))])
    allowed = (*TEXTS, *CHOSEN) if row.status == "draft" else AFTER_CONTRACT
    barred = [name for name in values if name not in allowed]
    if barred:
        what = msg("Bodies, size and price are part of the agreement and stay as they are.")
        raise InputError([Problem("contracted", what, place=name) for name in barred])
    said = _values({name: getattr(row, name) for name in (*TEXTS, *CHOSEN)} | values)
    for name, value in said.items():
        setattr(row, name, value)
    row.save()
    payload = {name: _plain(said[name]) for name in values if name in said}
    record(actor, "supervise.edit_campaign", row, {"of": row.number} | payload)
    return row


@verb("supervise.contract_campaign", roles=OFFICE, scope=organiser_scope)
def contract(actor: Any, thing: Campaign, document_no: str) -> Campaign:
    """Note the agreements with the sampling body and the laboratory, which are not the same body."""
    said = document_no.strip()
    return _step(actor, thing, "contract", {"document_no": said}, contract_no=said)


@verb("supervise.approve_campaign", roles=roles_for(FLOW, "approve"))
def approve(actor: Any, thing: Campaign, document_no: str) -> Campaign:
    """Approve scheme and detailed rules."""
    said = document_no.strip()
    if not thing.scheme_zh.strip():
        raise InputError([Problem("no_scheme", msg("The campaign has no scheme yet."))])
    return _step(actor, thing, "approve", {"document_no": said}, document_no=said)


@verb("supervise.publish_campaign_rules", roles=OFFICE, scope=organiser_scope)
def publish_rules(actor: Any, thing: Campaign) -> Campaign:
    """Make scheme and detailed rules public; sampling begins on a later day."""
    if thing.rule.published_on is None:
        raise InputError([Problem("rule_not_public", msg("Publish the detailed rules of the product class first."))])
    return _step(actor, thing, "publish_rules", rules_public_on=timezone.localdate())


@verb("supervise.begin_campaign", roles=OFFICE, scope=organiser_scope)
def begin(actor: Any, thing: Campaign) -> Campaign:
    """Begin the sampling."""
    changes = {} if thing.begins_on else {"begins_on": timezone.localdate()}
    return _step(actor, thing, "begin", **changes)


@verb("supervise.end_sampling", roles=OFFICE, scope=organiser_scope)
def end_sampling(actor: Any, thing: Campaign) -> Campaign:
    """End the sampling when no task is open; a campaign without a task has not sampled anything."""
    if not thing.tasks.exists():
        raise InputError([Problem("no_tasks", msg("Nothing has been sampled: there is no task yet."))])
    return _step(actor, thing, "end_sampling")


@verb("supervise.resume_sampling", roles=OFFICE, scope=organiser_scope)
def resume_sampling(actor: Any, thing: Campaign, reason: str) -> Campaign:
    """Sample again in place of a sample that the laboratory refused."""
    return _step(actor, thing, "resume_sampling", {"reason": reason.strip()})


@verb("supervise.settle_campaign", roles=OFFICE, scope=organiser_scope)
def settle(actor: Any, thing: Campaign) -> Campaign:
    """Say that every result is final."""
    return _step(actor, thing, "settle")


@verb("supervise.reopen_campaign", roles=roles_for(FLOW, "reopen"))
def reopen(actor: Any, thing: Campaign, reason: str, document_no: str) -> Campaign:
    """Open a settled campaign again for a result that was reversed later."""
    return _step(actor, thing, "reopen", {"reason": reason.strip(), "document_no": document_no.strip()})


@verb("supervise.archive_campaign", roles=OFFICE, scope=organiser_scope)
def archive(actor: Any, thing: Campaign) -> Campaign:
    """Put the files away; they are kept for at least two years."""
    return _step(actor, thing, "archive")


@verb("supervise.cancel_campaign", roles=roles_for(FLOW, "cancel"))
def cancel(actor: Any, thing: Campaign, reason: str) -> Campaign:
    """Cancel a campaign before its sampling begins."""
    return _step(actor, thing, "cancel", {"reason": reason.strip()})


def _step(actor: Any, thing: Campaign, step: str, told: Mapping[str, Any] | None = None, **changes: Any) -> Campaign:
    row = locked(thing, "rule", "sampling_body", "laboratory")
    names = {"publish_rules": "publish_campaign_rules", "end_sampling": "end_sampling",
             "resume_sampling": "resume_sampling"}  # fmt: skip
    name = names.get(step, f"{step}_campaign")
    move(actor, row, step, f"supervise.{name}", told, facts=campaign_facts(row), **changes)
    return row


def campaign_facts(campaign: Campaign) -> dict[str, Any]:
    """Return what the guards of a campaign read: its bodies by code, the day its rules became public, what is open."""
    return {
        "sampling_body": campaign.sampling_body.code if campaign.sampling_body else None,
        "testing_body": campaign.laboratory.code if campaign.laboratory else None,
        "on_site_test": campaign.on_site_test,
        "rules_public_on": campaign.rules_public_on,
        "today": timezone.localdate(),
        "open_tasks": open_tasks(campaign),
        "open_results_left": open_results(campaign),
    }


def open_tasks(campaign: Campaign) -> int:
    """Return how many tasks have neither a sample nor an end."""
    return SamplingTask.objects.filter(campaign=campaign).exclude(status__in=WORKED).count()


def sampled_out() -> QuerySet[Campaign]:
    """Return the campaigns under sampling whose tasks have all ended or given a sample, in one question."""
    tasks = SamplingTask.objects.filter(campaign=OuterRef("pk"))
    return Campaign.objects.filter(Exists(tasks), ~Exists(tasks.exclude(status__in=WORKED)), status="sampling")


def open_results(campaign: Campaign) -> int:
    """Return how many results are not final, with the test samples that still lead to one."""
    ended = ALL["result"].finals
    results = Result.objects.filter(sample__task__campaign=campaign).exclude(status__in=ended).count()
    over = (*ALL["sample"].finals, *ALL["food_sample"].finals)
    waiting = Sample.objects.filter(task__campaign=campaign, part=Sample.Part.TEST, result=None)
    return results + waiting.exclude(status__in=over).count()


def _any_rule(category: str) -> SamplingRule | None:
    return SamplingRule.objects.filter(category=category).order_by("-version").first()


def _check_line(line: PlanLine | None, said: Mapping[str, Any]) -> None:
    if line is None:
        return
    problems = []
    if line.plan.status not in ("approved", "filed", "public"):
        problems.append(Problem("plan_not_approved", msg("The plan of this line has not been approved yet.")))
    if line.category != said["rule"].category:
        what = msg("The rules are for %(rule)s, the line of the plan is for %(line)s.")
        problems.append(Problem("other_class", what, "", {"rule": said["rule"].category, "line": line.category}))
    if problems:
        raise InputError(problems)


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {name: str(values.get(name) or "").strip() for name in TEXTS}
    said |= {name: values[name] for name in CHOSEN if name in values}
    begins, ends = said.get("begins_on"), said.get("ends_on")
    size, reserve, budget = said.get("size"), said.get("reserve", 0), said.get("budget", 0)
    checks = (
        ("name_zh", bool(said["name_zh"]) and len(said["name_zh"]) <= 200, msg("Give it a Chinese name.")),
        ("size", isinstance(size, int) and 1 <= size <= MOST_BATCHES,
         msg("A number of batches is whole and at least 1.")),
        ("reserve", isinstance(reserve, int) and 0 <= reserve <= MOST_BATCHES, msg("A reserve is not below 0.")),
        ("budget", budget is None or 0 <= budget < 10**10, msg("A budget is not below 0.")),
        ("purpose", said.get("purpose") in Purpose.values, msg("Choose the purpose.")),
        ("stage", said.get("stage") in Stage.values, msg("Choose where it is sampled.")),
        ("ends_on", not (begins and ends) or begins <= ends, msg("The last day is not before the first.")),
    )  # fmt: skip
    problems = [Problem(f"bad_{name}", what, place=name) for name, holds, what in checks if not holds]
    if problems:
        raise InputError(problems)
    return said


def _plain(value: Any) -> Any:
    return value.pk if hasattr(value, "pk") else value
