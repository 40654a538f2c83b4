"""Verbs of recalls: from the clue to the plan, its announcement, its progress, and the effect that was found."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import own_codes, person_of, roles_of, verb
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.listen.investigations.opening import still_open
from qualipolis.city.listen.investigations.visibility import INVESTIGATORS, changing
from qualipolis.city.listen.models import Investigation, Recall, RecallProgress, SafetyProduct
from qualipolis.city.listen.safety.visibility import acting
from qualipolis.city.registry.models import Enterprise
from qualipolis.methods.problems import Problem, msg, refuse

BOTH = ("enterprise", *INVESTIGATORS)
PLAN = {"defect": 2000, "batches": 400, "measure": 2000, "told_how": 1000}


@verb("listen.note_recall_clue", roles=BOTH)
def note_recall_clue(
    actor: Any, product: SafetyProduct, clue: str, *, enterprise: Enterprise | None = None, producer_name: str = "",
    investigation: Investigation | None = None,
) -> Recall:  # fmt: skip
    """Note a clue that a product may be defective; a firm may do so for its own."""
    offices = roles_of(actor) & {*INVESTIGATORS, SYSTEM}
    own = enterprise is not None and own_codes(actor).filter(code=enterprise.credit_code).exists()
    if not offices and not own:
        raise PermissionDenied(_("A firm recalls its own products."))
    if investigation is not None:
        still_open(changing(actor, investigation))
    name = enterprise.name_zh if enterprise else producer_name.strip()[:160]
    refuse(
        [
            None if clue.strip() else Problem("no_clue", msg("Say what the clue is."), place="clue"),
            None if name else Problem("no_producer", msg("Name the producer."), place="producer_name"),
        ]
    )
    made = Recall.objects.create(
        number=next_number("RC", timezone.localdate().year), product=product, enterprise=enterprise, producer_name=name,
        clue=clue.strip()[:2000], investigation=investigation,
    )  # fmt: skip
    record(actor, "listen.note_recall_clue", made, {"product": product.pk})
    return made


@verb("listen.assess_defect", roles=INVESTIGATORS)
def assess_defect(actor: Any, thing: Recall) -> Recall:
    """Begin to assess whether the product is defective."""
    row = acting(actor, thing)
    move(actor, row, "assess", "listen.assess_defect")
    return row


@verb("listen.find_no_defect", roles=INVESTIGATORS)
def find_no_defect(actor: Any, thing: Recall, reason: str) -> Recall:
    """No defect was found."""
    row = acting(actor, thing)
    move(
        actor,
        row,
        "no_defect",
        "listen.find_no_defect",
        facts={"reason": reason.strip()},
        finding=reason.strip()[:2000],
    )
    return row


@verb("listen.find_defect", roles=INVESTIGATORS)
def find_defect(actor: Any, thing: Recall, defect: str) -> Recall:
    """A defect was found: the producer files a plan."""
    return _defect(actor, thing, defect, "find_defect", "listen.find_defect")


@verb("listen.declare_defect", roles=("enterprise",))
def declare_defect(actor: Any, thing: Recall, defect: str) -> Recall:
    """The producer declares the defect itself."""
    return _defect(actor, thing, defect, "declare_defect", "listen.declare_defect")


def _defect(actor: Any, thing: Recall, defect: str, step: str, name: str) -> Recall:
    row, said = acting(actor, thing), defect.strip()[:2000]
    move(actor, row, step, name, facts={"reason": said}, defect=said)
    tell(actor, "listen.defect_found", row)
    return row


@verb("listen.reopen_recall", roles=INVESTIGATORS)
def reopen_recall(actor: Any, thing: Recall, reason: str) -> Recall:
    """Assess again on new facts."""
    row = acting(actor, thing)
    move(actor, row, "reopen", "listen.reopen_recall", facts={"reason": reason.strip()})
    return row


@verb("listen.order_recall", roles=INVESTIGATORS)
def order_recall(actor: Any, thing: Recall, document_no: str, reason: str, second_person: Any) -> Recall:
    """Order the recall, or order it again after an evaluation that found it without effect; two people decide."""
    row = acting(actor, thing)
    step = "order_again" if row.status == "evaluated" else "order"
    told = {"document_no": document_no.strip()[:60], "second_person": getattr(second_person, "pk", None)}
    if second_person is not None and not roles_of(second_person) & set(INVESTIGATORS):
        refuse(
            [
                Problem(
                    "wrong_second",
                    msg("The second person must work in an office that investigates."),
                    place="second_person",
                )
            ]
        )
    move(actor, row, step, "listen.order_recall", told, facts={"reason": reason.strip()}, ordered=True,
         document_no=told["document_no"])  # fmt: skip
    return row


@verb("listen.file_recall_plan", roles=BOTH)
def file_recall_plan(
    actor: Any, thing: Recall, *, units: int | None = None, until: date | None = None, **given: Any
) -> Recall:
    """File the plan: measure, pieces, how owners are told, until when."""
    row = acting(actor, thing)
    values: dict[str, Any] = {
        name: str(given.get(name, getattr(row, name)) or "").strip()[:most] for name, most in PLAN.items()
    }
    refuse(
        [
            None if units is None or 0 < units < 10**9 else Problem("bad_units", msg("Say how many products are affected."), place="units"),
            Problem("past_day", msg("The term lies in the past."), place="until") if until and until < timezone.localdate() else None,
            Problem("fewer", msg("%(floor)s were corrected already."), "", {"floor": row.corrected}, "units")
            if units and row.corrected and units < row.corrected else None,
        ]
    )  # fmt: skip
    values |= {"units": units, "until": until}
    move(actor, row, "file_plan", "listen.file_recall_plan", {"units": units, "until": until}, facts=values, **values)
    return row


@verb("listen.return_recall_plan", roles=INVESTIGATORS)
def return_recall_plan(actor: Any, thing: Recall, reason: str) -> Recall:
    """Return the plan."""
    row = acting(actor, thing)
    move(actor, row, "return_plan", "listen.return_recall_plan", facts={"reason": reason.strip()})
    return row


@verb("listen.announce_recall", roles=INVESTIGATORS)
def announce_recall(actor: Any, thing: Recall, body_en: str = "") -> Recall:
    """Announce the recall to the public, with its words in English where somebody wrote them."""
    row = acting(actor, thing)
    english = body_en.strip()[:4000] or row.body_en
    move(actor, row, "announce", "listen.announce_recall", {"units": row.units}, announced_on=timezone.localdate(),
         body_en=english)  # fmt: skip
    tell(actor, "listen.recall_announced", row)
    return row


@verb("listen.report_recall_progress", roles=BOTH)
def report_recall_progress(
    actor: Any, thing: Recall, on: date, corrected: int, *, notified: int | None = None, note: str = ""
) -> RecallProgress:
    """Report how many products are corrected so far; the figure never falls and never exceeds the plan."""
    row = acting(actor, thing)
    last, said = row.progress.order_by("-on", "-pk").first(), (on, corrected, notified, note.strip()[:400])
    floor = last.corrected if last else 0
    refuse(
        [
            *not_ahead(on, "on", last.on if last else row.announced_on),
            Problem("twice", msg("This was reported already.")) if last and said == (last.on, last.corrected, last.notified, last.note) else None,
            None if notified is None or 0 <= notified < 10**9 else Problem("bad_notified", msg("Say how many were told, from 0 on."), place="notified"),
            None if corrected >= floor else Problem("fewer", msg("%(floor)s were corrected already."), "", {"floor": floor}, "corrected"),
            Problem("too_many", msg("The plan names %(units)s products."), "", {"units": row.units}, "corrected")
            if row.units is not None and corrected > row.units
            else None,
        ]
    )  # fmt: skip
    told = {"on": on, "corrected": corrected}
    move(
        actor,
        row,
        "report_progress",
        "listen.report_recall_progress",
        told,
        start=on,
        for_good=True,
        corrected=corrected,
    )
    return RecallProgress.objects.create(
        recall=row, on=on, corrected=corrected, notified=notified, note=said[-1], reported_by=person_of(actor)
    )


@verb("listen.complete_recall", roles=BOTH)
def complete_recall(actor: Any, thing: Recall, report: str) -> Recall:
    """Hand in the summary."""
    row, said = acting(actor, thing), report.strip()[:4000]
    move(actor, row, "complete", "listen.complete_recall", facts={"report": said}, summary=said)
    return row


@verb("listen.evaluate_recall", roles=INVESTIGATORS)
def evaluate_recall(
    actor: Any, thing: Recall, finding: str, *, sampled: int | None = None, reached: int | None = None
) -> Recall:
    """Evaluate the effect: what was found, and of the owners or shops checked how many the recall had reached."""
    row = acting(actor, thing)
    pair = (sampled is None) == (reached is None)
    fits = not pair or sampled is None or 0 <= (reached or 0) <= sampled < 10**9
    refuse(
        [
            None if pair else Problem("half_a_sample", msg("Give both: how many were checked, and how many were reached."), place="sampled"),
            None if fits else Problem("bad_sample", msg("No more can be reached than were checked."), place="reached"),
        ]
    )  # fmt: skip
    said = finding.strip()[:2000]
    facts = {"finding": said, "corrected": row.corrected}
    move(actor, row, "evaluate", "listen.evaluate_recall", {"sampled": sampled, "reached": reached}, facts=facts,
         finding=said, sampled=sampled, sampled_reached=reached)  # fmt: skip
    return row


@verb("listen.close_recall", roles=INVESTIGATORS)
def close_recall(actor: Any, thing: Recall) -> Recall:
    """Close the recall."""
    row = acting(actor, thing)
    move(actor, row, "close", "listen.close_recall")
    return row
