"""A pact is written, checked for fair competition by two people other than its author, and cleared or stopped."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.govern.bodies import REPRESENTATIVES, SECRETARY, of_federation, of_members
from qualipolis.city.govern.checks import WHY, cleaned, lengths, row_for, written
from qualipolis.city.govern.models import Committee, CompetitionCheck, Pact
from qualipolis.law.federation.competition import check_problems
from qualipolis.methods.problems import Problem, msg, refuse

TEXTS = {"title": 160, "title_en": 160, "text": 12000, "text_en": 12000}
LIVING = ("published", "monitored")


def digest(row: Pact) -> str:
    """Return the digest of every word of a pact."""
    return hashlib.sha256("\x1f".join(getattr(row, name) for name in TEXTS).encode()).hexdigest()


@verb("federation.draft_pact", roles=SECRETARY, scope=of_federation)
def draft_pact(
    actor: Any, thing: Pact | None = None, *, committee: Committee | None = None, **given: Any
) -> Pact:  # fmt: skip
    """Draft a pact; ``thing`` is the published one that it is to replace."""
    values = cleaned(given, TEXTS)
    what = msg("Only a published pact without a newer version is replaced.")
    old = thing is not None and (
        thing.status not in LIVING or thing.newer.exclude(status__in=("discarded", "stopped")).exists()
    )
    refuse([*_wrong(values), Problem("not_living", what) if old else None])
    made = Pact.objects.create(
        number=next_number("GY", timezone.localdate().year), committee=committee or (thing.committee if thing else None),
        replaces=thing, written_by=person_of(actor), **values,
    )  # fmt: skip
    record(actor, "federation.draft_pact", made, {"of": made.number, "replaces": str(thing or "")})
    return made


def _wrong(values: Mapping[str, str]) -> list[Problem | None]:
    return [
        written(values.get("title"), "title", msg("Give the pact a title."), 160),
        written(values.get("text"), "text", msg("Write the text of the pact."), 12000),
        *lengths(values, {"title_en": 160, "text_en": 12000}),
    ]


@verb("federation.edit_pact", roles=SECRETARY, scope=of_federation)
def edit_pact(actor: Any, thing: Pact, *, committee: Committee | None = None, **given: Any) -> Pact:
    """Change a draft; who changes it last counts as its author."""
    row, values = row_for(actor, thing), cleaned(given, TEXTS)
    draft = None if row.status == "draft" else Problem("not_draft", msg("Only a draft can be changed."))
    refuse([draft, *_wrong({name: getattr(row, name) for name in TEXTS} | values)])
    for name, said in values.items():
        setattr(row, name, said)
    row.written_by, row.committee = person_of(actor), committee or row.committee
    row.save(update_fields=[*values, "written_by", "committee"])
    record(actor, "federation.edit_pact", row, {"of": row.number, "fields": sorted(values)})
    return row


@verb("federation.hand_in_pact", roles=SECRETARY, scope=of_federation)
def hand_in_pact(actor: Any, thing: Pact) -> Pact:
    """Give a draft to the fair-competition check; every turn of the check begins anew."""
    row = row_for(actor, thing)
    facts = {"title": row.title, "text": row.text, "committee": row.committee_id}
    move(actor, row, "hand_in", "federation.hand_in_pact", facts=facts, turn=row.turn + 1, checked_digest="")
    return row


def checkers_of(thing: Any) -> list[int | None]:
    """The secretariat and the members: a person of any of them may check."""
    return [*of_federation(), *of_members()]


@verb("federation.check_pact", roles=(*SECRETARY, *REPRESENTATIVES), scope=checkers_of)
def check_pact(actor: Any, thing: Pact, answers: Mapping[str, str], note: str = "") -> CompetitionCheck:
    """Answer every point of the check; nobody checks what they wrote, and each person answers once in a turn."""
    row = row_for(actor, thing)
    key = getattr(actor, "pk", None)
    own = Problem("own_pact", msg("Who wrote a pact does not check it."))
    refuse([
        None if row.status == "checking" else Problem("not_checking", msg("This pact is not in the check.")),
        own if key is None or key == row.written_by_id else None,
        Problem("checked", msg("You have answered already in this turn.")) if checks(row).filter(person=key).exists() else None,
        *check_problems(answers, note),
    ])  # fmt: skip
    made = CompetitionCheck.objects.create(
        pact=row, turn=row.turn, person_id=key, answers=dict(answers), note=note.strip()[:2000], digest=digest(row)
    )
    record(actor, "federation.check_pact", row, {"of": row.number, "turn": row.turn, "doubts": made.doubts})
    return made


def checks(row: Pact) -> Any:
    """Return the answers of the present turn."""
    return CompetitionCheck.objects.filter(pact=row, turn=row.turn).select_related("person")


def check_facts(row: Pact) -> dict[str, Any]:
    """Return what the guard of the check reads: who answered about the text as it is, and how many doubts are open."""
    found = [one for one in checks(row) if one.digest == digest(row)]
    return {
        "author": row.written_by_id,
        "checkers": tuple(one.person_id for one in found),
        "doubts": len({code for one in found for code in one.doubts}),
        "digest": digest(row),
        "checked_digest": row.checked_digest,
    }


@verb("federation.clear_pact", roles=SECRETARY, scope=of_federation)
def clear_pact(actor: Any, thing: Pact) -> Pact:
    """Conclude the check: two people other than the author found nothing that restricts competition."""
    row = row_for(actor, thing)
    move(actor, row, "clear", "federation.clear_pact", {"turn": row.turn}, facts=check_facts(row), for_good=True,
         checked_digest=digest(row), cleared_on=timezone.localdate())  # fmt: skip
    return row


@verb("federation.return_pact", roles=SECRETARY, scope=of_federation)
def return_pact(actor: Any, thing: Pact, reason: str) -> Pact:
    """Return a pact to its author; what others answered stays on record."""
    row = row_for(actor, thing)
    refuse([written(reason, "reason", WHY, 2000)])
    move(actor, row, "return", "federation.return_pact", facts={"reason": reason}, for_good=True, reason=reason.strip(),
         checked_digest="")  # fmt: skip
    return row


@verb("federation.stop_pact", roles=SECRETARY, scope=of_federation)
def stop_pact(actor: Any, thing: Pact, reason: str) -> Pact:
    """Stop a pact that would restrict competition; if it was in force before, it is no longer."""
    row = row_for(actor, thing)
    refuse([written(reason, "reason", WHY, 2000)])
    today = timezone.localdate()
    move(actor, row, "stop", "federation.stop_pact", facts={"reason": reason}, reason=reason.strip(), ended_on=today)
    row.signatures.filter(ended_on=None).update(ended_on=today, ended_why="stopped")
    return row


@verb("federation.discard_pact", roles=SECRETARY, scope=of_federation)
def discard_pact(actor: Any, thing: Pact, reason: str) -> Pact:
    """Discard a draft."""
    row = row_for(actor, thing)
    refuse([written(reason, "reason", WHY, 2000)])
    move(actor, row, "discard", "federation.discard_pact", facts={"reason": reason}, reason=reason.strip())
    return row
