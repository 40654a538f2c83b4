"""The yearly plan: lines by product class, what higher levels sample themselves, approval, filing, publication."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.steps import advance, roles_for
from qualipolis.city.supervise.models import Campaign, HigherLevelTask, PlanLine, Purpose, SamplingPlan, Stage
from qualipolis.law.flows import ALL
from qualipolis.methods.problems import InputError, Problem, msg

FLOW = "supervision_plan"
OFFICE = roles_for(FLOW, "submit")
OPEN = ("draft", "returned")
MOST_BATCHES = 100_000
LINE_FIELDS = ("category", "name_zh", "name_en", "standard", "purpose", "stage", "batches", "quarter", "budget",
               "expected_rate", "margin", "reason")  # fmt: skip


def organiser_scope(row: Any) -> list[int | None]:
    """Return the organisation a row of a plan belongs to; an organisation stands for itself."""
    if isinstance(row, Organisation):
        return [row.pk]
    return [row.plan.organiser_id if isinstance(row, PlanLine) else row.organiser_id]


@verb("supervise.create_plan", roles=OFFICE, scope=organiser_scope)
def create_plan(
    actor: Any, thing: Organisation, year: int, *, name_zh: str = "", name_en: str = "", basis: str = "", **more: Any
) -> SamplingPlan:
    """Begin the plan of a year for the organisation ``thing``; a year has one, and amendments are its versions."""
    problems = []
    if not 2000 <= year <= timezone.localdate().year + 2:
        problems.append(Problem("bad_year", msg("A plan is for a year up to two years ahead."), place="year"))
    if SamplingPlan.objects.filter(year=year).exists():
        what = msg("The plan of %(year)s is there already; amend it when it has been approved.")
        problems.append(Problem("plan_exists", what, params={"year": year}, place="year"))
    if problems:
        raise InputError(problems)
    made = SamplingPlan.objects.create(
        year=year,
        organiser=thing,
        name_zh=name_zh.strip() or f"{year}年产品质量监督抽查计划",
        name_en=name_en.strip() or f"Plan of supervision sampling {year}",
        basis=basis.strip(),
        created_by=person_of(actor),
        synthetic=bool(more.get("synthetic")),
    )
    record(actor, "supervise.create_plan", made, {"of": str(made), "year": year, "organiser": thing.code})
    return made


@verb("supervise.edit_plan", roles=OFFICE, scope=organiser_scope)
def edit_plan(actor: Any, thing: SamplingPlan, **changes: Any) -> SamplingPlan:
    """Change the names of an open plan or what it rests on."""
    row = _open(thing)
    said = {name: str(changes[name]).strip() for name in ("name_zh", "name_en", "basis") if name in changes}
    if not said.get("name_zh", row.name_zh):
        raise InputError([Problem("no_name", msg("Give it a Chinese name."), place="name_zh")])
    for name, value in said.items():
        setattr(row, name, value)
    row.save(update_fields=list(said))
    record(actor, "supervise.edit_plan", row, {"of": str(row)} | said)
    return row


@verb("supervise.add_plan_line", roles=OFFICE, scope=organiser_scope)
def add_line(actor: Any, thing: SamplingPlan, **values: Any) -> PlanLine:
    """Add a product class to an open plan."""
    row = _open(thing)
    said = line_values(values)
    last = row.lines.aggregate(last=Max("position"))["last"] or 0
    made = PlanLine.objects.create(plan=row, position=last + 1, **said)
    record(actor, "supervise.add_plan_line", row, {"of": str(row), "line": made.position} | said)
    return made


@verb("supervise.edit_plan_line", roles=OFFICE, scope=organiser_scope)
def edit_line(actor: Any, thing: PlanLine, **values: Any) -> PlanLine:
    """Change a line of an open plan."""
    _open(thing.plan)
    row = PlanLine.objects.get(pk=thing.pk)
    said = line_values({name: getattr(row, name) for name in LINE_FIELDS} | values)
    for name, value in said.items():
        setattr(row, name, value)
    row.save()
    record(actor, "supervise.edit_plan_line", row.plan, {"of": str(row.plan), "line": row.position} | said)
    return row


@verb("supervise.remove_plan_line", roles=OFFICE, scope=organiser_scope)
def remove_line(actor: Any, thing: PlanLine) -> SamplingPlan:
    """Take a line out of an open plan; one that a campaign rests on stays."""
    plan = _open(thing.plan)
    row = PlanLine.objects.get(pk=thing.pk)
    if row.campaigns.exists():
        raise InputError([Problem("line_used", msg("A campaign rests on this line; it stays in the plan."))])
    payload = {"of": str(plan), "line": row.position, "category": row.category}
    row.delete()
    record(actor, "supervise.remove_plan_line", plan, payload)
    return plan


@verb("supervise.import_plan_lines", roles=OFFICE, scope=organiser_scope)
def import_lines(actor: Any, thing: SamplingPlan, data: bytes, name: str, *, replace: bool = False) -> int:
    """Read lines from xlsx or csv into an open plan, all of them or none; ``replace`` takes the old lines out first."""
    from qualipolis.city.supervise.planning.plan_import import read_lines

    row = _open(thing)
    found = read_lines(data, name)
    if replace:
        if Campaign.objects.filter(line__plan=row).exists():
            raise InputError([Problem("line_used", msg("A campaign rests on a line of this plan; add lines instead."))])
        row.lines.all().delete()
    last = row.lines.aggregate(last=Max("position"))["last"] or 0
    PlanLine.objects.bulk_create([PlanLine(plan=row, position=last + n, **said) for n, said in enumerate(found, 1)])
    payload = {"of": str(row), "lines": len(found), "file": name, "replaced": replace}
    record(actor, "supervise.import_plan_lines", row, payload)
    return len(found)


@verb("supervise.enter_higher_task", roles=OFFICE, scope=organiser_scope)
def enter_higher_task(
    actor: Any, thing: Organisation, year: int, level: str, category: str, document: str, *, standard: str = "",
    stage: str = "",
) -> HigherLevelTask:  # fmt: skip
    """Note, for the organisation ``thing``, what the state or the province samples itself in a year."""
    wanted = [("category", category), ("document", document)]
    problems = [Problem(f"no_{name}", msg("Fill this in."), place=name) for name, text in wanted if not text.strip()]
    if level not in HigherLevelTask.Level.values:
        problems.append(Problem("no_level", msg("Choose the level."), place="level"))
    if stage and stage not in Stage.values:
        problems.append(Problem("no_stage", msg("Choose where it is sampled."), place="stage"))
    if problems:
        raise InputError(problems)
    made = HigherLevelTask.objects.create(
        year=year, level=level, category=category.strip(), document=document.strip(), standard=standard.strip(),
        stage=stage,
    )  # fmt: skip
    payload = {"of": str(made), "year": year, "level": level, "category": made.category, "document": made.document}
    record(actor, "supervise.enter_higher_task", made, payload)
    return made


@verb("supervise.remove_higher_task", roles=("planner",))
def remove_higher_task(actor: Any, thing: HigherLevelTask, reason: str) -> None:
    """Take back a note of a higher-level task that was entered by mistake."""
    if not reason.strip():
        raise InputError([Problem("needs_reason", msg("Give the reason."), place="reason")])
    payload = {"of": str(thing), "year": thing.year, "category": thing.category, "reason": reason.strip()}
    record(actor, "supervise.remove_higher_task", thing, payload)
    thing.delete()


@verb("supervise.submit_plan", roles=OFFICE, scope=organiser_scope)
def submit_plan(actor: Any, thing: SamplingPlan) -> SamplingPlan:
    """Hand the plan to the leader; a plan has lines, and none that a higher level samples."""
    row = locked(thing)
    if not row.lines.exists():
        raise InputError([Problem("no_lines", msg("The plan has no lines yet."))])
    move(actor, row, "submit", "supervise.submit_plan", facts=plan_facts(row))
    return row


@verb("supervise.return_plan", roles=roles_for(FLOW, "return"))
def return_plan(actor: Any, thing: SamplingPlan, reason: str) -> SamplingPlan:
    """Give the plan back to be corrected."""
    row = locked(thing)
    move(actor, row, "return", "supervise.return_plan", {"reason": reason.strip()})
    return row


@verb("supervise.approve_plan", roles=roles_for(FLOW, "approve"))
def approve_plan(actor: Any, thing: SamplingPlan, document_no: str) -> SamplingPlan:
    """Approve the plan by a numbered document."""
    row, said = locked(thing), document_no.strip()
    told = {"document_no": said}
    move(actor, row, "approve", "supervise.approve_plan", told, facts=plan_facts(row), document_no=said)
    return row


@verb("supervise.file_plan", roles=OFFICE, scope=organiser_scope)
def file_plan(
    actor: Any, thing: SamplingPlan, authority: str, document_no: str, filed_on: date | None = None
) -> SamplingPlan:
    """Note that the plan was filed with the next higher level."""
    row, day = locked(thing), filed_on or timezone.localdate()
    if day > timezone.localdate():
        raise InputError([Problem("future_day", msg("This day has not come yet."), place="filed_on")])
    told = {"authority": authority.strip(), "document_no": document_no.strip()}
    changes = {"filed_with": told["authority"], "filed_no": told["document_no"], "filed_on": day}
    move(actor, row, "file", "supervise.file_plan", told | {"filed_on": day}, **changes)
    return row


@verb("supervise.publish_plan", roles=OFFICE, scope=organiser_scope)
def publish_plan(actor: Any, thing: SamplingPlan) -> SamplingPlan:
    """Make the filed plan public."""
    row = locked(thing)
    move(actor, row, "publish", "supervise.publish_plan", published_at=timezone.now())
    return row


@verb("supervise.amend_plan", roles=roles_for(FLOW, "amend"))
def amend_plan(actor: Any, thing: SamplingPlan, reason: str, document_no: str) -> SamplingPlan:
    """Begin the next version of a filed plan with its lines; the version before stays as it is."""
    row = locked(thing)
    told = {"reason": reason.strip(), "document_no": document_no.strip()}
    took = advance(actor, FLOW, "amend", row.status, today=timezone.localdate(), **told)
    last = SamplingPlan.objects.filter(year=row.year).aggregate(last=Max("version"))["last"]
    if last != row.version:
        what = msg("Version %(version)s of this plan is already there; go on with that one.")
        raise InputError([Problem("newer_version", what, params={"version": last})])
    made = SamplingPlan.objects.create(
        year=row.year, version=row.version + 1, status=took.target, organiser_id=row.organiser_id, basis=row.basis,
        name_zh=row.name_zh, name_en=row.name_en, amends=row, synthetic=row.synthetic,
        created_by=person_of(actor),
    )  # fmt: skip
    lines = row.lines.values("position", *LINE_FIELDS)
    PlanLine.objects.bulk_create([PlanLine(plan=made, **line) for line in lines])
    payload = {"of": str(made), "to": took.target, "version": made.version, "amends": row.pk} | told
    record(actor, "supervise.amend_plan", made, payload, rule_version=took.rule)
    return made


@verb("supervise.close_plan", roles=OFFICE, scope=organiser_scope)
def close_plan(actor: Any, thing: SamplingPlan) -> SamplingPlan:
    """Close the plan, with its earlier versions, when all its campaigns have ended."""
    row = locked(thing)
    facts = plan_facts(row)
    earlier = SamplingPlan.objects.filter(year=row.year, version__lt=row.version, status="public").order_by("version")
    for one in (*earlier, row):
        move(actor, locked(one), "close", "supervise.close_plan", facts=facts)
    row.refresh_from_db()
    return row


def plan_facts(plan: SamplingPlan) -> dict[str, Any]:
    """Return what the guards of the plan read: lines a higher level samples, campaigns that have not ended."""
    ended = ALL["campaign"].finals
    running = Campaign.objects.filter(line__plan__year=plan.year).exclude(status__in=ended).count()
    return {"higher_level_repeats": len(repeats_of(plan)), "open_tasks": running}


def repeats_of(plan: SamplingPlan) -> dict[int, HigherLevelTask]:
    """Return lines (by key) that repeat what a higher level samples in the year: same class, and the same standard and
    place where both name one."""
    tasks = list(HigherLevelTask.objects.filter(year=plan.year).order_by("pk"))
    found: dict[int, HigherLevelTask] = {}
    for line in plan.lines.all():
        task = next((task for task in tasks if _repeats(line, task)), None)
        if task is not None:
            found[line.pk] = task
    return found


def _repeats(line: PlanLine, task: HigherLevelTask) -> bool:
    pairs = ((line.standard, task.standard), (line.stage, task.stage))
    return line.category == task.category and all(not (a and b) or a == b for a, b in pairs)


def line_values(values: Mapping[str, Any], place: str = "") -> dict[str, Any]:
    """Return the values of a line, checked; ``InputError`` with all that is wrong."""
    said = {name: values.get(name) for name in LINE_FIELDS}
    for name in ("category", "name_zh", "name_en", "standard", "reason"):
        said[name] = str(said[name] or "").strip()
    said["name_zh"] = said["name_zh"] or said["category"]
    said["purpose"], said["stage"] = said["purpose"] or Purpose.RANDOM, said["stage"] or Stage.PRODUCTION
    said["quarter"], said["budget"] = said["quarter"] or 1, said["budget"] or 0
    problems = _line_problems(said, place)
    if problems:
        raise InputError(problems)
    return said


def _line_problems(said: Mapping[str, Any], place: str) -> list[Problem]:
    rate, margin = said["expected_rate"], said["margin"]
    checks = (
        ("category", bool(said["category"]) and len(said["category"]) <= 60, msg("Name the product class.")),
        ("purpose", said["purpose"] in Purpose.values, msg("Choose the purpose.")),
        ("stage", said["stage"] in Stage.values, msg("Choose where it is sampled.")),
        ("batches", isinstance(said["batches"], int) and 1 <= said["batches"] <= MOST_BATCHES,
         msg("A number of batches is whole and at least 1.")),
        ("quarter", said["quarter"] in (1, 2, 3, 4), msg("A quarter is 1, 2, 3 or 4.")),
        ("budget", 0 <= said["budget"] < 10**10, msg("A budget is not below 0.")),
        ("expected_rate", rate is None or 0 < rate <= 1, msg("An expected pass rate lies above 0 and at most at 1.")),
        ("margin", margin is None or 0 < margin < 0.5, msg("A margin lies between 0 and 0.5.")),
    )  # fmt: skip
    return [Problem(f"bad_{name}", what, place=place or name) for name, holds, what in checks if not holds]


def _open(plan: SamplingPlan) -> SamplingPlan:
    """Return the plan, kept for this transaction; only one in work or returned may be changed."""
    row = locked(plan)
    if row.status not in OPEN:
        raise InputError(
            [Problem("plan_fixed", msg("The plan has been handed in; it changes by return or amendment."))]
        )
    return row


def current(year: int) -> SamplingPlan | None:
    """Return the version of a year's plan that is in force: the newest that was published."""
    public = Q(status__in=("public", "closed"))
    return SamplingPlan.objects.filter(public, year=year).order_by("-version").first()
