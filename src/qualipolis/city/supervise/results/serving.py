"""Verbs of a result (检验结果): sent, served party by party with proof, given up, its windows opened, made final."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.core.undo import fields_of
from qualipolis.city.supervise.models import Objection, Result, ServedResult
from qualipolis.city.supervise.results.clocks import OPEN, clock, final_since, finality, rule_of
from qualipolis.city.supervise.results.steps import (
    RELATED,
    SYSTEM,
    firm_of,
    firm_or_organiser,
    go,
    jointly,
    keep_due,
    keep_files,
    on_file,
    open_when_served,
    organiser_of,
    result_locked,
)
from qualipolis.law.supervision.clocks import final_on
from qualipolis.methods.problems import Problem, msg, refuse

FLOW = "result"
ORGANISERS = roles_for(FLOW, "serve")
SERVICE_FIELDS = ("sent_on", "served_on", "way", "proof_id", "proof_words")
CONFIRMED = msg("receipt confirmed in this system by the firm's own account")


@verb("supervise.send_result", roles=ORGANISERS, scope=organiser_of)
def send(actor: Any, thing: Result, sent_on: date | None = None, parties: Collection[str] = ()) -> int:
    """Record that the notice with its rights went out to the parties (all that have not got it); no window begins."""
    row, day = result_locked(thing), sent_on or timezone.localdate()
    refuse(not_ahead(day, "sent_on", row.reported_on))
    rows = row.services.filter(sent_on=None, ceased_on=None)
    rows = rows.filter(party__in=parties) if parties else rows
    names = list(rows.values_list("party", flat=True))
    if not names:
        refuse([Problem("nobody_left", msg("Every party has been sent its notice."))])
    rows.update(sent_on=day)
    record(actor, "supervise.send_result", row, {"of": row.number, "parties": sorted(names), "sent_on": day})
    return len(names)


@verb("supervise.serve_result", roles=ORGANISERS, scope=organiser_of)
def serve(
    actor: Any, thing: ServedResult, served_on: date, way: str, *, proof_words: str = "", proof: Any = None
) -> ServedResult:
    """Record the receipt of one party with its proof; its window runs from that day. The first proved receipt counts.

    Parameters
    ----------
    served_on : day of receipt; not in the future, not before the result was reported
    way : one of ``ServedResult.Way``
    proof : an uploaded file; ``proof_words`` in its place names the receipt or the number of the mail
    """
    row, party = result_locked(thing), _party(thing)
    words, wrong = proof_words.strip()[:200], not_ahead(served_on, "served_on", row.reported_on)
    if way not in ServedResult.Way.values:
        wrong.append(Problem("bad_way", msg("Choose how it was served."), place="way"))
    refuse(wrong)
    if row.ended:
        refuse([Problem("ended", msg("This result has come to its end; nobody is served any more."))])
    if party.served_on and party.proved and party.served_on <= served_on:
        said = {"of": row.number, "party": party.party, "served_on": served_on, "counts_from": party.served_on}
        record(actor, "supervise.serve_again", row, said)
        return party
    return _serve(actor, row, party, served_on, way, words, proof)


def _serve(actor: Any, row: Result, party: ServedResult, day: date, way: str, words: str, proof: Any) -> ServedResult:
    before = fields_of(party, *SERVICE_FIELDS), fields_of(row, "status", "due_on")
    kept = keep_files(actor, party, [proof])
    party.served_on, party.way, party.proof_words = day, way, words
    party.proof, party.sent_on = (kept[0] if kept else None), party.sent_on or day
    party.save(update_fields=list(SERVICE_FIELDS))
    told = {"party": party.party, "served_on": day, "way": way, "proof": words or (kept[0].name if kept else "")}
    if row.status in ("reported", "notified"):
        event = go(actor, row, "serve", "supervise.serve_result", told, start=day)
        open_when_served(row)
    else:
        event = record(actor, "supervise.serve_result", row, {"of": row.number, "to": row.status} | told)
        keep_due(row)
    jointly(actor, event, (party, before[0], ("served_on", "way")), (row, before[1], ("status",)))
    return party


@verb("supervise.confirm_receipt", roles=("enterprise",), scope=firm_of)
def confirm_receipt(actor: Any, thing: ServedResult) -> ServedResult:
    """Confirm, as the firm itself, that the notice was received today; that is the proof of its service."""
    row, party = result_locked(thing), _party(thing)
    if party.sent_on is None or row.ended:
        refuse([Problem("not_sent", msg("There is no notice to confirm."))])
    if party.served_on and party.proved:
        return party
    today, words = timezone.localdate(), on_file(CONFIRMED)
    record(actor, "supervise.confirm_receipt", row, {"of": row.number, "party": party.party, "served_on": today})
    return _serve(SYSTEM, row, party, today, ServedResult.Way.ONLINE, words, None)


@verb("supervise.waive_objection", roles=("enterprise", *ORGANISERS), scope=firm_or_organiser)
def waive(
    actor: Any, thing: ServedResult, waived_on: date | None = None, words: str = "", proof: Any = None
) -> ServedResult:
    """Record the written word of a party that it does not object; its window ends on that day."""
    row, party = result_locked(thing), _party(thing)
    day = waived_on or timezone.localdate()
    wrong = not_ahead(day, "waived_on", party.served_on)
    if not (party.served_on and party.proved):
        wrong.append(Problem("not_served", msg("The result has not been served with proof yet.")))
    if Objection.objects.filter(service=party, status__in=OPEN).exists():
        wrong.append(Problem("has_objected", msg("This party has an open objection; it is withdrawn first.")))
    over = final_on([clock(party)], rule_of(row)).windows[0].over_on
    if row.ended or party.waived_on or (over is not None and over <= day):
        wrong.append(Problem("window_over", msg("The window of this party is over already.")))
    refuse(wrong)
    party.waived_on = day
    party.save(update_fields=["waived_on"])
    names = [one.name for one in keep_files(actor, party, [proof])]
    told = {"of": row.number, "party": party.party, "waived_on": day, "words": words.strip()[:400], "files": names}
    record(actor, "supervise.waive_objection", row, told)
    keep_due(row)
    return party


@verb("supervise.open_window", roles=ORGANISERS, scope=organiser_of)
def open_window(actor: Any, thing: Result) -> Result:
    """Say that every party is served; it happens by itself with the last proof of service."""
    row = result_locked(thing)
    go(actor, row, "open_window", "supervise.open_window")
    return row


@verb("supervise.finalise_result", roles=ORGANISERS, scope=organiser_of)
def finalise(actor: Any, thing: Result) -> Result:
    """Make a result final: every party served, every window over, every objection in time answered."""
    return finalised(actor, result_locked(thing))


def finalised(actor: Any, row: Result) -> Result:
    """Take the last step of a result and tell it: statistics, handling and publication begin here."""
    day = final_since(row)
    told = {"final_on": day, "verdict": row.verdict, "provisional": finality(row).provisional}
    go(actor, row, "finalise", "supervise.finalise_result", told, final_on=day)
    tell(actor, "supervise.result_final", row)
    if row.verdict == "fail":
        tell(actor, "sample.failed", row)
    return row


def _party(thing: ServedResult) -> ServedResult:
    rows = ServedResult.objects.select_for_update(of=("self",)).select_related("enterprise", "result")
    found = rows.get(pk=thing.pk)
    found.result = locked(found.result, *RELATED)
    return found
