"""The ceremony of a draw: prepare, freeze the frame, commit rule and source, reveal the randomness and draw, publish.

What is drawn can be drawn again by anyone from the files of :mod:`.draw_bundle`. A redraw needs a reason and a leader;
the draw before it stays, and the plan of the new one names it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from qualipolis.city.core.attachments import store
from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.supervise.draws import bundle as files
from qualipolis.city.supervise.draws.drawn_units import campaign_scope, make_tasks, make_units, next_reserve, task_for
from qualipolis.city.supervise.draws.frames import Built, FrameRule, build, candidates, stratum_of
from qualipolis.city.supervise.draws.plan import DrawPlan, draw_plan_in, plan_in, toml_of
from qualipolis.city.supervise.draws.randomness import Said, named, proof_of
from qualipolis.city.supervise.models import Campaign, DrawRun, Purpose, SamplingTask
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws import plans, records
from qualipolis.methods.sampling.draws.draw import Drawn, Rule, draw

__all__ = ["commit", "current", "edit_draw", "freeze", "make_tasks", "next_reserve", "prepare", "publish", "redraw",
           "resolved", "reveal", "suggested", "task_for", "thaw"]  # fmt: skip
FLOW = "draw_run"
OFFICE = roles_for(FLOW, "freeze")
READY = ("approved", "rules_public", "sampling")
FRAME_LIMIT = 200 * 1024 * 1024


@verb("supervise.prepare_draw", roles=OFFICE, scope=campaign_scope)
def prepare(actor: Any, thing: Campaign, plan: DrawPlan | None = None, frame_rule: FrameRule | None = None) -> DrawRun:
    """Begin the draw of an approved campaign; one at a time."""
    row = locked(thing)
    if row.status not in READY:
        raise InputError([Problem("campaign_not_ready", msg("Units are drawn once the scheme has been approved."))])
    if current(row) is not None:
        raise InputError([Problem("draw_there", msg("This campaign has a draw; a new one is a redraw with a reason."))])
    frame_rule = frame_rule or suggested_frame(row)
    chosen = plan or suggested(row, frame_rule)
    last = row.draws.aggregate(last=Max("number"))["last"] or 0
    made = DrawRun.objects.create(
        campaign=row, number=last + 1, rule=toml_of(replace(chosen, title=_title(row)).table()),
        frame_rule=asdict(frame_rule), created_by=person_of(actor),
    )  # fmt: skip
    payload = {"of": str(made), "method": chosen.method, "n": chosen.n} | made.frame_rule
    record(actor, "supervise.prepare_draw", made, payload)
    return made


@verb("supervise.edit_draw", roles=OFFICE, scope=campaign_scope)
def edit_draw(actor: Any, thing: DrawRun, plan: DrawPlan, frame_rule: FrameRule) -> DrawRun:
    """Change method, numbers and frame of a draw that is still in preparation."""
    row = locked(thing, "campaign")
    if row.status != "prepared":
        raise InputError([Problem("draw_fixed", msg("The frame is frozen; open it again to change the rule."))])
    row.rule = toml_of(replace(plan, title=_title(row.campaign)).table())
    row.frame_rule = asdict(frame_rule)
    row.save(update_fields=["rule", "frame_rule"])
    payload = {"of": str(row), "method": plan.method, "n": plan.n} | row.frame_rule
    record(actor, "supervise.edit_draw", row, payload)
    return row


@verb("supervise.freeze_draw", roles=OFFICE, scope=campaign_scope)
def freeze(actor: Any, thing: DrawRun) -> DrawRun:
    """Make the frame from the registry of today and freeze it by its hash; it must bear the numbers of the rule."""
    row = locked(thing, "campaign__rule")
    found = build(row.campaign, FrameRule(**row.frame_rule))
    resolved(row.rule, found)
    kept = {files.FRAME: found.data, files.LEFT_OUT: found.left_out_bytes()}
    frame, made = _kept(actor, row, kept)
    told = {"frame_sha256": found.sha256, "units": found.rows, "left_out": found.counts}
    changes = {"frame": frame, "frame_sha256": found.sha256, "frame_rows": found.rows, "left_out": found.counts}
    move(actor, row, "freeze", "supervise.freeze_draw", told, **changes, files=made)
    return row


@verb("supervise.thaw_draw", roles=OFFICE, scope=campaign_scope)
def thaw(actor: Any, thing: DrawRun, reason: str) -> DrawRun:
    """Open a frozen frame again before anything was committed; the ledger keeps its hash."""
    row = locked(thing)
    changes: dict[str, Any] = {"frame": None, "frame_sha256": "", "frame_rows": 0, "left_out": {}, "files": {}}
    told = {"reason": reason.strip(), "frame_sha256": row.frame_sha256}
    move(actor, row, "thaw", "supervise.thaw_draw", told, **changes)
    return row


@verb("supervise.commit_draw", roles=OFFICE, scope=campaign_scope)
def commit(
    actor: Any, thing: DrawRun, source: str, source_at: datetime, *, words: str = "", secret: str = ""
) -> DrawRun:
    """Commit the rule and where the randomness will come from, before it exists; ``secret`` is ``SALT:SECRET``.

    Of a secret only the hash is kept: whoever loses it loses the draw.
    """
    row, now = locked(thing, "campaign"), timezone.now()
    promise = named(source, source_at, now, words, secret)
    table = draw_plan_in(row.rule).table() | {"randomness": promise.table} | _previous(row)
    text = toml_of(table)
    plan = plan_in(text)
    rule = plans.rule_of(plan, files.read_frame(files.content(row, files.FRAME)))
    published, working = records.plan_bytes(plan, rule), records.working_bytes(rule)
    promised = records.promise_bytes(row.frame_sha256, published, working, row.frame_rows)
    kept = {files.TOML: text.encode(), files.PLAN: published, files.WORKING: working, files.PROMISE: promised}
    _first, made = _kept(actor, row, kept)
    commitment = records.digest_of(promised)
    changes = {"source": source, "source_words": promise.words, "source_at": promise.at, "rule": text,
               "secret_hash": promise.secret_hash, "commitment": commitment, "committed_at": now}  # fmt: skip
    told = {"commitment": commitment, "source": source, "source_at": promise.at, "words": promise.words}
    move(actor, row, "commit", "supervise.commit_draw", told, **changes, files=made)
    return row


@verb("supervise.draw", roles=OFFICE, scope=campaign_scope)
def reveal(
    actor: Any, thing: DrawRun, *, numbers: str = "", beacon: str = "", secret: str = "",
    random_at: datetime | None = None,
) -> DrawRun:  # fmt: skip
    """Take the randomness that was named (numbers thrown or published, a drand round, the secret), prove it and draw."""
    row = locked(thing, "campaign__rule")
    if row.status != "committed":  # the table says so too, but there would be nothing to prove yet
        move(actor, row, "draw", "supervise.draw", facts={"committed_at": row.committed_at, "random_at": None})
    plan = plan_in(row.rule)
    found = proof_of(row, plan, Said(numbers, beacon, secret, random_at), timezone.now())
    drawn = _drawn(row, plan, found.randomness.seed)
    sample, reserve = records.list_bytes(drawn), records.list_bytes(drawn, reserve=True)
    promised = files.content(row, files.PROMISE)
    sealed = records.record_bytes(promised, found.randomness.seed, sample, reserve, found.randomness.proof)
    kept = {files.RECORD: sealed, files.SAMPLE: sample, files.RESERVE: reserve}
    attachment, made = _kept(actor, row, kept)
    told = {"seed": found.randomness.seed, "record_sha256": records.digest_of(sealed), "drawn": drawn.n,
            "reserve": int(drawn.reserve.sum()), "random_at": found.at}  # fmt: skip
    changes = {"seed": found.randomness.seed, "revealed": dict(found.randomness.proof), "random_at": found.at,
               "record": attachment, "record_sha256": told["record_sha256"], "drawn_at": timezone.now()}  # fmt: skip
    facts = {"committed_at": row.committed_at, "random_at": found.at}
    move(actor, row, "draw", "supervise.draw", told, facts=facts, **changes, files=made)
    make_units(row, drawn)
    return row


@verb("supervise.publish_draw", roles=OFFICE, scope=campaign_scope)
def publish(actor: Any, thing: DrawRun) -> DrawRun:
    """Make the whole draw public: frame, rule, record and who was drawn."""
    row = locked(thing)
    move(actor, row, "publish", "supervise.publish_draw", {"record_sha256": row.record_sha256},
         published_at=timezone.now())  # fmt: skip
    return row


@verb("supervise.redraw", roles=roles_for(FLOW, "redraw"))
def redraw(actor: Any, thing: DrawRun, reason: str) -> DrawRun:
    """Replace a committed or drawn draw by a new one with its reason; nothing of the old one disappears."""
    row = locked(thing, "campaign")
    if SamplingTask.objects.filter(draw=row).exists():
        what = msg("Tasks were made from this draw already; end them with their reasons instead.")
        raise InputError([Problem("tasks_made", what)])
    before = draw_plan_in(row.rule)
    said = reason.strip()
    move(actor, row, "redraw", "supervise.redraw", {"reason": said, "record_sha256": row.record_sha256})
    made = DrawRun.objects.create(
        campaign=row.campaign, number=row.number + 1, supersedes=row, reason=said, frame_rule=row.frame_rule,
        rule=toml_of(before.table()), created_by=person_of(actor),
    )  # fmt: skip
    payload = {"of": str(made), "method": before.method, "n": before.n, "replaces": str(row), "reason": said}
    record(actor, "supervise.prepare_draw", made, payload)
    return made


def current(campaign: Campaign) -> DrawRun | None:
    """Return the draw of a campaign that stands, in whatever state; superseded ones are only kept."""
    return campaign.draws.exclude(status="superseded").order_by("-number").first()


def suggested(campaign: Campaign, frame_rule: FrameRule) -> DrawPlan:
    """Return the plan to start from: the size of the campaign, its reserve as a share, somebody in every stratum."""
    share = min(campaign.reserve / campaign.size, 0.99) if campaign.size else 0.0
    least = 0 if frame_rule.strata == "none" else 1
    method = "pps_pareto" if frame_rule.size != "one" else "srs"
    return DrawPlan(method, campaign.size, least=least, reserve=round(share, 4))


def suggested_frame(campaign: Campaign) -> FrameRule:
    """Return the frame to start from: the finest strata of which each can have two units, risk as size where it counts."""
    roster = list(candidates(campaign))
    size = "risk" if campaign.purpose == Purpose.RISK else "one"
    for kind in ("town_size", "town", "size"):
        if 2 * len({stratum_of(one, kind) for one in roster}) <= campaign.size:
            return FrameRule("enterprise", kind, size)
    return FrameRule("enterprise", "none", size)


def resolved(text: str, found: Built) -> Rule:
    """Return the numbers of each stratum that a rule comes to in a frame; ``InputError`` when it cannot."""
    return plans.rule_of(plan_in(text), files.read_frame(found.data))


def _drawn(row: DrawRun, plan: plans.Plan, seed: str) -> Drawn:
    frame = files.read_frame(files.content(row, files.FRAME))
    rule = plans.rule_of(plan, frame)
    working = records.read_working(files.content(row, files.WORKING))
    return draw(frame, Rule(rule.method, rule.n, rule.reserve, working), seed)


def _kept(actor: Any, row: DrawRun, made: dict[str, bytes]) -> tuple[Any, dict[str, str]]:
    """Keep files of a draw; return the attachment of the first and the hashes of all that the draw has now."""
    # who was left out and why stays with the campaign: the files of a published draw are for everyone
    things = {files.LEFT_OUT: row.campaign}
    rows = [store(actor, things.get(name, row), name, [data], limit=FRAME_LIMIT) for name, data in made.items()]
    return rows[0], row.files | {name: kept.sha256 for name, kept in zip(made, rows, strict=True)}


def _title(campaign: Campaign) -> str:
    return f"{campaign.number} {campaign.name_zh}"


def _previous(row: DrawRun) -> dict[str, Any]:
    """Return what the plan of a redraw says of the draw before it."""
    if row.supersedes is None:
        return {}
    before = row.supersedes
    seal = json.loads(files.content(before, files.RECORD))["seal"] if files.RECORD in before.files else ""
    said = {"draw": str(before), "commitment": before.commitment, "seal": seal, "reason": row.reason}
    return {"previous": {name: value for name, value in said.items() if value}}
