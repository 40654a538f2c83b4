"""The second random: who samples where, drawn by the tickets of the published seed, with stated probabilities.

At least two inspectors go, certified on the day, of the region, none recused, not both of the last time, and the load of
the year is kept even. What the roster was is in the ledger by its hash, so that the draw can be made again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from qualipolis.city.core.ledger import canonical, name_of, record
from qualipolis.city.core.models import Event, Grant, Organisation, Person
from qualipolis.city.core.moves import locked
from qualipolis.city.core.policy import roles_of, verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.supervise.draws import frequency
from qualipolis.city.supervise.draws.drawn_units import campaign_scope
from qualipolis.city.supervise.field.tasks import assign_task, skip_recent
from qualipolis.city.supervise.models import Assignment, Campaign, InspectorProfile, SamplingTask
from qualipolis.law.supervision.guards import SAMPLERS
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws import inspectors
from qualipolis.methods.sampling.draws.tickets import ticket

OFFICE = roles_for("sampling_task", "assign")
CERTIFIED = "sampling"
AUTHORITIES = (Organisation.Kind.BUREAU, Organisation.Kind.BRANCH, Organisation.Kind.DEPARTMENT)


@dataclass(frozen=True)
class Team:
    """Who was drawn for a task, by which ticket, with what probability among how many teams."""

    members: list[Person]
    ticket: str
    probability: float
    candidates: int
    possible: int
    roster: str

    @property
    def lots(self) -> dict[int, tuple[str, float | None]]:
        """Ticket and probability by person."""
        return {one.pk: (self.ticket, self.probability) for one in self.members}


@dataclass(frozen=True)
class Assigned:
    """What a draw of samplers came to: tasks with a team, and tasks whose product was sampled too lately."""

    assigned: tuple[SamplingTask, ...]
    skipped: tuple[SamplingTask, ...]


@verb("supervise.assign_samplers", roles=OFFICE, scope=campaign_scope)
def assign(actor: Any, thing: Campaign, *, size: int = SAMPLERS, slack: int = 0) -> Assigned:
    """Draw a team for every task of a campaign that waits for one.

    A task whose product turns out to have been sampled within six months gets no team but its reason; the reserve
    steps in. ``slack`` lets the load be uneven by that much for the sake of more candidates.

    Raises
    ------
    InputError
        Every task for which no team can go, with the reason; then nobody is assigned.
    """
    row = locked(thing, "rule", "sampling_body")
    waiting = list(_tasks(row).filter(status__in=("drawn", "returned")).order_by("number"))
    if not waiting:
        raise InputError([Problem("nothing_to_assign", msg("No task of this campaign waits for samplers."))])
    free, skipped = [], []
    for task in waiting:
        until = blocked(task)
        if until is not None and task.status == "drawn":
            skipped.append(skip_recent(actor, task, f"→ {until}"))
        else:
            free.append(task)
    seed = seed_of(row, free) if free else ""
    teams = _draw(actor, row, free, seed, size, slack) if free else {}
    done = [assign_task(actor, task, teams[task.number].members, teams[task.number].lots) for task in free]
    payload = {"of": row.number, "tasks": len(done), "skipped": len(skipped), "seed": seed}
    payload |= {"roster": next(iter(teams.values())).roster} if teams else {}
    record(actor, "supervise.assign_samplers", row, payload)
    return Assigned(tuple(done), tuple(skipped))


@verb("supervise.reassign_samplers", roles=OFFICE, scope=campaign_scope)
def reassign(actor: Any, thing: SamplingTask, reason: str, without: Sequence[int] = ()) -> SamplingTask:
    """Draw another team for one task that nobody has begun, with a reason; ``without`` are people who cannot go."""
    row = locked(thing)
    said = reason.strip()
    problems = []
    if not said:
        problems.append(Problem("needs_reason", msg("Give the reason."), place="reason"))
    if row.status not in ("assigned", "returned"):
        problems.append(Problem("begun", msg("Samplers change only before they are on site.")))
    if problems:
        raise InputError(problems)
    task = _tasks(row.campaign).get(pk=row.pk)
    again = f"{seed_of(task.campaign, [task])}|again {task.number} {_times_drawn(task) + 1}"
    team = _draw(actor, task.campaign, [task], again, SAMPLERS, 0, frozenset(without))[task.number]
    payload = {"of": task.number, "reason": said, "seed": again, "candidates": team.candidates, "roster": team.roster}
    if task.status == "assigned":
        task.assignments.all().delete()
        Assignment.objects.bulk_create(
            Assignment(task=task, person=one, ticket=team.ticket, probability=team.probability) for one in team.members
        )
    else:
        task = assign_task(actor, task, team.members, team.lots)
    record(actor, "supervise.reassign_samplers", task, payload)
    return task


def _times_drawn(task: SamplingTask) -> int:
    """Return how often a task was drawn again; words that somebody chooses would let them choose the team."""
    return Event.objects.filter(thing=name_of(task), verb="supervise.reassign_samplers").count()


@verb("supervise.save_inspector", roles=("planner", "admin"))
def save_profile(
    actor: Any, thing: Any, certificate_no: str, certified_until: date, *, regions: Iterable[Any] = (),
    recusals: Iterable[Any] = (),
) -> InspectorProfile:  # fmt: skip
    """Write what the draw knows of the inspector ``thing`` (a person): certificate, regions, firms to keep out of."""
    problems = []
    if not certificate_no.strip():
        problems.append(Problem("no_certificate", msg("Give the number of the certificate."), place="certificate_no"))
    if not Grant.objects.filter(person=thing, role="inspector").exists():
        problems.append(Problem("no_inspector", msg("This person has not the role of an inspector."), place="person"))
    if problems:
        raise InputError(problems)
    values = {"certificate_no": certificate_no.strip()[:40], "certified_until": certified_until}
    made, _new = InspectorProfile.objects.update_or_create(person=thing, defaults=values)
    made.regions.set(regions)
    made.recusals.set(recusals)
    payload = {"of": made.certificate_no, "certified_until": certified_until, "regions": made.regions.count(),
               "recusals": made.recusals.count()}  # fmt: skip
    record(actor, "supervise.save_inspector", made, payload)
    return made


@verb("supervise.recuse", roles=("inspector", "planner"))
def recuse(actor: Any, thing: InspectorProfile, enterprise: Any, reason: str) -> InspectorProfile:
    """Keep an inspector out of a firm; an inspector says so of themselves only."""
    row = InspectorProfile.objects.select_for_update().get(pk=thing.pk)
    if not reason.strip():
        raise InputError([Problem("needs_reason", msg("Give the reason."), place="reason")])
    own = row.person_id == getattr(actor, "pk", None)
    if not own and not roles_of(actor) & {"planner", "system"}:
        raise InputError([Problem("not_own", msg("You may only keep yourself out of a firm."))])
    row.recusals.add(enterprise)
    record(actor, "supervise.recuse", row, {"of": row.certificate_no, "firm": enterprise.credit_code})
    return row


def blocked(task: SamplingTask) -> date | None:
    """Return the day until which the product of a task may not be sampled, or None; a follow-up may repeat."""
    keys = {"category": task.campaign.rule.category, "product": task.product_id}
    keys["standard"] = task.product.standard if task.product else task.campaign.rule.standard
    today = timezone.localdate()
    return frequency.blocked_until(task.enterprise, keys, today, task.campaign.purpose, apart_from=task)


def roster(campaign: Campaign, without: frozenset[int] = frozenset()) -> list[inspectors.Inspector]:
    """Return who may be drawn today: inspectors by role and body, with their regions, certificate and load of the year.

    When an institution was hired to sample, only its people go; else those of the bureau and its branches.
    """
    today = timezone.localdate()
    now = Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gte=today))
    grants = Grant.objects.filter(now, role="inspector", person__is_active=True)
    body = campaign.sampling_body
    if body is not None and body.kind not in AUTHORITIES:
        grants = grants.filter(scope=body)
    else:
        grants = grants.filter(Q(scope=None) | Q(scope__kind__in=AUTHORITIES))
    people = set(grants.order_by().values_list("person_id", flat=True)) - set(without)
    loads = _loads(today.year)
    profiles = InspectorProfile.objects.filter(person__in=people).prefetch_related("regions")
    return [
        inspectors.Inspector(
            one.certificate_no,
            frozenset(unit.code for unit in one.regions.all()),
            frozenset({CERTIFIED} if one.certified_until >= today else ()),
            loads.get(one.person_id, 0),
        )
        for one in profiles.order_by("certificate_no")
    ]


def seed_of(campaign: Campaign, tasks: Sequence[SamplingTask]) -> str:
    """Return the published seed of the draw that the tasks come from; samplers have tickets of their own purpose."""
    seeds = [task.draw.seed for task in tasks if task.draw is not None and task.draw.seed]
    if seeds:
        return str(seeds[0])
    run = campaign.draws.exclude(seed="").order_by("-number").first()
    if run is None:
        what = msg("Samplers are drawn by the seed of a published draw, and there is none.")
        raise InputError([Problem("no_seed", what)])
    return str(run.seed)


def _tasks(campaign: Campaign) -> Any:
    related = ("enterprise", "unit", "product", "draw", "campaign__rule", "campaign__sampling_body")
    return SamplingTask.objects.filter(campaign=campaign).select_related(*related).prefetch_related("assignments")


def _draw(
    actor: Any, campaign: Campaign, tasks: list[SamplingTask], seed: str, size: int, slack: int,
    without: frozenset[int] = frozenset(),
) -> dict[str, Team]:  # fmt: skip
    """Return the team of each task; ``InputError`` with every task for which nobody can go."""
    people = roster(campaign, without)
    held = dict(InspectorProfile.objects.values_list("certificate_no", "person_id"))
    drawn = inspectors.assign([_asked(task, held) for task in tasks], people, seed, size, slack)
    rows, found = {row.task: row for row in drawn.rows}, {}
    digest = sha256(canonical([_shown(person) for person in people]).encode()).hexdigest()
    named = {one.pk: one for one in Person.objects.filter(pk__in=held.values())}
    for task in tasks:
        row = rows[task.number]
        shown = ticket(seed, task.unit.code, task.number, inspectors.TEAM).hex()
        members = [named[held[key]] for key in row.team]
        found[task.number] = Team(members, shown, row.probability, row.candidates, row.possible, digest)
    return found


def _asked(task: SamplingTask, held: dict[str, int]) -> inspectors.Task:
    firm = task.enterprise
    recused = frozenset(firm.recused_inspectors.values_list("certificate_no", flat=True))
    earlier = SamplingTask.objects.filter(enterprise=firm, sampled_on__isnull=False).exclude(pk=task.pk)
    last = earlier.order_by("-sampled_on", "-pk").first()
    names = {person: key for key, person in held.items()}
    went = [names[one.person_id] for one in last.assignments.all() if one.person_id in names] if last else []
    return inspectors.Task(task.number, task.unit.code, CERTIFIED, recused, frozenset(went))


def _loads(year: int) -> dict[int, int]:
    rows = Assignment.objects.filter(task__created_at__year=year).order_by()
    return dict(Counter(dict(rows.values_list("person_id").annotate(n=Count("pk")))))


def _shown(person: inspectors.Inspector) -> list[Any]:
    return [person.key, sorted(person.regions), sorted(person.fields), person.load]
