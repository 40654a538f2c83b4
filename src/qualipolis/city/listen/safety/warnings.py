"""Verbs of public warnings: written by one, published by another, corrected by a new version, taken down with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import name_of, record
from qualipolis.city.core.models import Event
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import System, person_of, verb
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.core.sweeps import one_by_one, sweep
from qualipolis.city.listen.investigations.visibility import INVESTIGATORS
from qualipolis.city.listen.models import Investigation, PublicWarning, Recall
from qualipolis.methods.problems import Problem, msg, refuse

SIGNERS, WRITING = ("leader", "planner"), ("listen.draft_warning", "listen.edit_warning")
TEXTS = {
    "title_zh": 160,
    "title_en": 160,
    "products": 2000,
    "hazard": 2000,
    "advice": 2000,
    "body_en": 4000,
    "level": 8,
}
SYSTEM = System("listen")


def _cleaned(given: dict[str, Any]) -> dict[str, str]:
    return {name: str(given.get(name) or "").strip()[:most] for name, most in TEXTS.items() if name in given}


@verb("listen.draft_warning", roles=INVESTIGATORS)
def draft_warning(
    actor: Any, thing: PublicWarning | None = None, *, recall: Recall | None = None,
    investigation: Investigation | None = None, **given: Any,
) -> PublicWarning:  # fmt: skip
    """Draft a warning; ``thing`` is the published one that this version corrects."""
    values, thing = _cleaned(given), locked(thing) if thing is not None else None
    wrong = thing is not None and (thing.status != "published" or hasattr(thing, "replaced_by"))
    refuse(
        [
            None if values.get("title_zh") else Problem("no_title", msg("Write the title of the warning."), place="title_zh"),
            Problem("not_published", msg("Only a published warning without a newer version can be corrected.")) if wrong else None,
        ]
    )  # fmt: skip
    made = PublicWarning.objects.create(
        number=next_number("PW", timezone.localdate().year), recall=recall, investigation=investigation,
        replaces=thing, written_by=person_of(actor), **values,
    )  # fmt: skip
    record(actor, "listen.draft_warning", made, {"replaces": str(thing or "")})
    return made


@verb("listen.edit_warning", roles=INVESTIGATORS)
def edit_warning(actor: Any, thing: PublicWarning, **given: Any) -> PublicWarning:
    """Change a draft; who changes it last counts as its author."""
    row, values = locked(thing), _cleaned(given)
    refuse([None if row.status == "drafted" else Problem("wrong_state", msg("Only a draft can be changed."))])
    for name, said in values.items():
        setattr(row, name, said)
    row.written_by = person_of(actor)
    row.save(update_fields=[*values, "written_by"])
    record(actor, "listen.edit_warning", row, {"fields": sorted(values)})
    return row


@verb("listen.hand_in_warning", roles=INVESTIGATORS)
def hand_in_warning(actor: Any, thing: PublicWarning) -> PublicWarning:
    """Hand a draft in for review."""
    row = locked(thing)
    facts = {"title": row.title_zh, "hazard": row.hazard, "advice": row.advice, "products": row.products}
    move(actor, row, "hand_in", "listen.hand_in_warning", facts=facts)
    return row


@verb("listen.return_warning", roles=SIGNERS)
def return_warning(actor: Any, thing: PublicWarning, reason: str) -> PublicWarning:
    """Return a draft."""
    row = locked(thing)
    move(actor, row, "return", "listen.return_warning", facts={"reason": reason.strip()})
    return row


@verb("listen.discard_warning", roles=INVESTIGATORS)
def discard_warning(actor: Any, thing: PublicWarning, reason: str) -> PublicWarning:
    """Discard a draft; the published version that it would have replaced may be corrected again."""
    row = locked(thing)
    move(
        actor, row, "discard", "listen.discard_warning", facts={"reason": reason.strip()}, for_good=True, replaces=None
    )
    return row


def _own_words(actor: Any, row: PublicWarning) -> Problem | None:
    """Whoever wrote on a warning does not publish it, also when another changed it last."""
    wrote = Event.objects.filter(thing=name_of(row), verb__in=WRITING, actor=str(getattr(actor, "username", "")))
    what = msg("A warning is published by somebody who did not write on it.")
    return Problem("own_words", what) if getattr(actor, "pk", None) and wrote.exists() else None


@verb("listen.publish_warning", roles=SIGNERS)
def publish_warning(actor: Any, thing: PublicWarning) -> PublicWarning:
    """Publish a warning; a version that corrects another takes its place at the same moment."""
    row = locked(thing, "replaces")
    today = timezone.localdate()
    refuse([_own_words(actor, row)])
    move(actor, row, "publish", "listen.publish_warning", facts={"written_by": row.written_by_id}, published_on=today)
    if row.replaces is not None and row.replaces.status == "published":
        old = locked(row.replaces)
        move(actor, old, "replace", "listen.replace_warning", {"by": str(row)}, facts={"reason": str(row)}, for_good=True,
             ended_on=today, end_reason=str(row))  # fmt: skip
    tell(actor, "listen.warning_published", row)
    return row


@verb("listen.take_down_warning", roles=SIGNERS)
def take_down_warning(actor: Any, thing: PublicWarning, reason: str) -> PublicWarning:
    """Take a warning down; that it stood, and why it went, stays to be seen."""
    row, today = locked(thing), timezone.localdate()
    said = reason.strip()
    move(
        actor,
        row,
        "take_down",
        "listen.take_down_warning",
        facts={"reason": said},
        ended_on=today,
        end_reason=said[:400],
    )
    return row


@sweep("listen.warnings")
def sweep_warnings(now: datetime) -> int:
    """Let warnings run out whose time is over; safe to run at any time, and twice."""
    over = PublicWarning.objects.filter(status="published", due_on__lt=timezone.localdate())
    return one_by_one(over.order_by("pk"), _lapsed)


def _lapsed(warning: PublicWarning) -> int:
    row = locked(warning)
    move(SYSTEM, row, "lapse", "listen.lapse_warning", for_good=True, ended_on=timezone.localdate())
    return 1
