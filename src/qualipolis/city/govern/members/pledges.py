"""Pledges: a firm promises something in public, the secretariat publishes plain words, a doubt is heard before it is decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Person
from qualipolis.city.core.moves import move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import System, can, verb
from qualipolis.city.core.sweeps import one_by_one, sweep
from qualipolis.city.govern.bodies import SECRETARY, of_federation, of_pledge
from qualipolis.city.govern.checks import WHY, ahead, row_for, too_long, written
from qualipolis.city.govern.models import Pledge
from qualipolis.city.registry.models import Enterprise
from qualipolis.law.federation.competition import endorsing
from qualipolis.methods.problems import Problem, msg, refuse

FIRM, RELATED = ("enterprise",), ("enterprise",)
SYSTEM = System("federation")
CONTENT = msg("Write what the firm pledges.")


@verb("federation.write_pledge", roles=FIRM, scope=of_pledge)
def write_pledge(actor: Any, thing: Enterprise, content: str, valid_to: date | None, content_en: str = "") -> Pledge:
    """Write a pledge."""
    refuse(_wrong(content, valid_to, content_en))
    made = Pledge.objects.create(
        number=next_number("CN", timezone.localdate().year), enterprise=thing, content=content.strip(),
        content_en=content_en.strip(), valid_to=valid_to,
    )  # fmt: skip
    record(actor, "federation.write_pledge", made, {"of": made.number, "valid_to": valid_to})
    return made


@verb("federation.edit_pledge", roles=FIRM, scope=of_pledge)
def edit_pledge(actor: Any, thing: Pledge, content: str, valid_to: date | None, content_en: str = "") -> Pledge:
    """Change a draft; what was published is never changed, a new pledge is made."""
    row = row_for(actor, thing, *RELATED)
    draft = None if row.status == "drafted" else Problem("not_draft", msg("Only a draft can be changed."))
    refuse([draft, *_wrong(content, valid_to, content_en)])
    row.content, row.content_en = content.strip(), content_en.strip()
    row.valid_to = valid_to or row.valid_to
    row.save(update_fields=["content", "content_en", "valid_to"])
    record(actor, "federation.edit_pledge", row, {"of": row.number, "valid_to": valid_to})
    return row


def _wrong(content: str, valid_to: date | None, content_en: str) -> list[Problem | None]:
    return [
        written(content, "content", CONTENT, 2000),
        too_long(content_en, "content_en", 2000),
        ahead(valid_to, "valid_to"),
    ]


@verb("federation.hand_in_pledge", roles=FIRM, scope=of_pledge)
def hand_in_pledge(actor: Any, thing: Pledge) -> Pledge:
    """Hand a pledge in."""
    row = row_for(actor, thing, *RELATED)
    move(actor, row, "hand_in", "federation.hand_in_pledge", facts={"content": row.content, "valid_to": row.valid_to})
    return row


@verb("federation.return_pledge", roles=SECRETARY, scope=of_federation)
def return_pledge(actor: Any, thing: Pledge, reason: str) -> Pledge:
    """Return a pledge to the firm."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY)])
    move(actor, row, "return", "federation.return_pledge", facts={"reason": reason}, reason=reason.strip())
    return row


@verb("federation.publish_pledge", roles=SECRETARY, scope=of_federation)
def publish_pledge(actor: Any, thing: Pledge) -> Pledge:
    """Publish a pledge in plain words; what reads as a recommendation is returned."""
    row = row_for(actor, thing, *RELATED)
    facts = {
        "content": row.content,
        "valid_to": row.valid_to,
        "endorsement": endorsing(f"{row.content}\n{row.content_en}"),
    }
    move(actor, row, "publish", "federation.publish_pledge", facts=facts, for_good=True, reason="",
         published_on=timezone.localdate())  # fmt: skip
    return row


@verb("federation.doubt_pledge", roles=SECRETARY, scope=of_federation)
def doubt_pledge(actor: Any, thing: Pledge, reason: str) -> Pledge:
    """Note a doubt about a pledge; the firm is heard."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY)])
    move(actor, row, "doubt", "federation.doubt_pledge", facts={"reason": reason}, reason=reason.strip(), statement="")
    return row


@verb("federation.answer_doubt", roles=FIRM, scope=of_pledge)
def answer_doubt(actor: Any, thing: Pledge, statement: str) -> Pledge:
    """Answer a doubt about one's own pledge."""
    row = row_for(actor, thing, *RELATED)
    refuse([
        None if row.status == "doubted" else Problem("no_doubt", msg("Nobody has raised a doubt about this pledge.")),
        written(statement, "statement", msg("Write your statement."), 2000),
    ])  # fmt: skip
    row.statement = statement.strip()
    row.save(update_fields=["statement"])
    record(actor, "federation.answer_doubt", row, {"of": row.number})
    return row


@verb("federation.keep_pledge", roles=SECRETARY, scope=of_federation)
def keep_pledge(actor: Any, thing: Pledge, reason: str) -> Pledge:
    """Find that a pledge is kept."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY)])
    move(actor, row, "keep", "federation.keep_pledge", facts={"reason": reason}, reason=reason.strip())
    return row


@verb("federation.break_pledge", roles=SECRETARY, scope=of_federation)
def break_pledge(actor: Any, thing: Pledge, reason: str, second_person: Person | None) -> Pledge:
    """Find with a second person that a pledge was broken, once the firm was heard or its term is over."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY), second_wrong(second_person, "federation.break_pledge")])
    facts = {"reason": reason, "statement": row.statement, "due_on": row.due_on}
    move(actor, row, "break", "federation.break_pledge", {"second_person": second_person.pk if second_person else None},
         facts=facts, reason=reason.strip(), second_person=second_person, ended_on=timezone.localdate())  # fmt: skip
    return row


def second_wrong(person: Person | None, name: str) -> Problem | None:
    """Return what is wrong with the second person of a decision."""
    if person is not None and can(person, name):
        return None
    return Problem("no_second", msg("Name the second person who agrees."), place="second_person")


@verb("federation.fulfil_pledge", roles=SECRETARY, scope=of_federation)
def fulfil_pledge(actor: Any, thing: Pledge, report: str) -> Pledge:
    """Note that a pledge was fulfilled, with what shows it."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(report, "report", msg("Write what was done."), 2000)])
    move(actor, row, "fulfil", "federation.fulfil_pledge", facts={"report": report, "valid_to": row.valid_to},
         report=report.strip(), ended_on=timezone.localdate())  # fmt: skip
    return row


@verb("federation.take_back_pledge", roles=FIRM, scope=of_pledge)
def take_back_pledge(actor: Any, thing: Pledge, reason: str) -> Pledge:
    """Take a pledge back; that it was given and taken back stays to be read."""
    row = row_for(actor, thing, *RELATED)
    refuse([written(reason, "reason", WHY)])
    move(actor, row, "take_back", "federation.take_back_pledge", facts={"reason": reason}, for_good=True,
         reason=reason.strip(), ended_on=timezone.localdate())  # fmt: skip
    return row


@verb("federation.lapse_pledge", roles=SECRETARY, scope=of_federation)
def lapse_pledge(actor: Any, thing: Pledge) -> Pledge:
    """Note that a pledge has run out."""
    row = row_for(actor, thing, *RELATED)
    move(
        actor, row, "lapse", "federation.lapse_pledge", facts={"valid_to": row.valid_to}, ended_on=timezone.localdate()
    )
    return row


@sweep("federation.pledges")
def lapse_old(now: datetime) -> int:
    """Let pledges run out a month after their last day, so that the secretariat can note what became of them."""
    until = timezone.localdate(now)
    rows = Pledge.objects.filter(status="published", valid_to__lt=date.fromordinal(until.toordinal() - 30))
    return one_by_one(rows, lambda row: bool(lapse_pledge(SYSTEM, row)))
