"""What comes out of a draw: units in their order, then tasks for them, then the reserve one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.registry.models import Enterprise, Product
from qualipolis.city.supervise.draws.frames import candidates, keyed
from qualipolis.city.supervise.models import Campaign, DrawnUnit, DrawRun, SamplingTask, Stage
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws.draw import Drawn

PART = 400
Kind = DrawnUnit.Kind


def make_units(run: DrawRun, drawn: Drawn) -> list[DrawnUnit]:
    """Write down who was drawn: the sample in the order of the strata, then the reserve."""
    rows = [(row, False) for row in drawn.rows()] + [(row, True) for row in drawn.rows(reserve=True)]
    firms = _firms(str(row["id"]).partition("/")[0] for row, _reserve in rows)
    products = _products(run) if run.frame_rule.get("unit") == "product" else {}
    made = []
    for position, (row, reserve) in enumerate(rows, 1):
        key, share = str(row["id"]), float(str(row["probability"]))
        kind = Kind.RESERVE if reserve else Kind.CERTAIN if share >= 1.0 else Kind.DRAWN
        made.append(
            DrawnUnit(
                draw=run, position=position, kind=kind, key=key, stratum=str(row["stratum"]), size=row["size"],
                enterprise_id=firms[key.partition("/")[0]], product_id=products.get(key), ticket=str(row["ticket"]),
                probability=None if reserve else share,
            )
        )  # fmt: skip
    return DrawnUnit.objects.bulk_create(made)


def _firms(codes: Iterable[str]) -> dict[str, int]:
    wanted = sorted(set(codes))
    found: dict[str, int] = {}
    for at in range(0, len(wanted), PART):
        part = Enterprise.objects.filter(credit_code__in=wanted[at : at + PART])
        found |= dict(part.order_by().values_list("credit_code", "pk"))
    return found


def _products(run: DrawRun) -> dict[str, int]:
    by_firm: dict[int, list[Any]] = {}
    for one in candidates(run.campaign):
        by_firm.setdefault(one.enterprise, []).append(one)
    return {key: members[0].product for firm in by_firm.values() for key, members in keyed(firm)}


def campaign_scope(row: Any) -> list[int | None]:
    """Return the organiser of a campaign, or of the campaign that a draw or a task belongs to."""
    return [row.organiser_id if isinstance(row, Campaign) else row.campaign.organiser_id]


@verb("supervise.make_tasks", roles=roles_for("draw_run", "publish"), scope=campaign_scope)
def make_tasks(actor: Any, thing: DrawRun) -> list[SamplingTask]:
    """Make a task for each unit drawn or certain that has none yet."""
    run = locked(thing, "campaign__rule")
    problems = []
    if run.status not in ("drawn", "published"):
        problems.append(Problem("not_drawn", msg("Nothing has been drawn yet.")))
    if run.campaign.status not in ("rules_public", "sampling"):
        what = msg("Tasks are made once scheme and rules are public, and until the sampling ends.")
        problems.append(Problem("campaign_not_ready", what))
    if problems:
        raise InputError(problems)
    units = run.units.exclude(kind=Kind.RESERVE).filter(task=None).select_related("enterprise")
    made = [task_for(unit, run.campaign) for unit in units]
    if made:
        record(actor, "supervise.make_tasks", run, {"of": str(run), "tasks": len(made), "first": made[0].number})
    return made


def task_for(unit: DrawnUnit, campaign: Campaign, replaces: SamplingTask | None = None) -> SamplingTask:
    """Make the task of a drawn unit inside the caller's verb; ``replaces`` is the task it stands in for."""
    firm = unit.enterprise
    place = firm.production_unit_id if campaign.stage == Stage.PRODUCTION else None
    products = [unit.product_id] if unit.product_id else _only(firm, campaign)
    return SamplingTask.objects.create(
        campaign=campaign, number=next_number("RW", timezone.localdate().year), draw_id=unit.draw_id, drawn=unit,
        enterprise=firm, product_id=products[0] if len(products) == 1 else None, unit_id=place or firm.unit_id,
        replaces=replaces, synthetic=campaign.synthetic,
    )  # fmt: skip


def _only(firm: Enterprise, campaign: Campaign) -> list[int]:
    rows = Product.objects.filter(enterprise=firm, category=campaign.rule.category).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:2])


def next_reserve(campaign: Campaign, stratum: str | None = None) -> DrawnUnit | None:
    """Return the next unit of the reserve that has no task, of one stratum where it is named; None when it is used up.

    The order is the published one; whoever replaces a task asks for the stratum of the unit it stands in for, so that
    the numbers of the strata stay those of the design.
    """
    rows = DrawnUnit.objects.filter(draw__campaign=campaign, draw__status__in=("drawn", "published"))
    rows = rows.filter(kind=Kind.RESERVE, task=None)
    if stratum is not None:
        rows = rows.filter(stratum=stratum)
    return rows.select_related("enterprise").order_by("-draw__number", "position").first()
