"""Verbs of corrective actions, proved by the firm and accepted by the office, and of requests to other authorities."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.attachments import files_of
from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import own_codes, roles_of, verb, visible
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.core.steps import term
from qualipolis.city.listen.investigations.findings import keep_files
from qualipolis.city.listen.investigations.opening import still_open
from qualipolis.city.listen.investigations.visibility import INVESTIGATORS, changing, parties
from qualipolis.city.listen.models import (
    AuthorityRequest,
    CorrectiveAction,
    Investigation,
    InvestigationBusiness,
    SafetyProduct,
)
from qualipolis.law.terms import due
from qualipolis.methods.problems import Problem, msg, refuse

TERM = due("safety.corrective_action")


def parties_and_firm(thing: Any) -> Iterable[int | None]:
    """Return who may act on an action: those who change the investigation, and the firm that has to carry it out."""
    business = getattr(thing, "business", None)
    firm = business.enterprise if business is not None and business.enterprise_id else None
    codes = Organisation.objects.filter(code=firm.credit_code).values_list("pk", flat=True) if firm else ()
    return [*parties(thing), *codes]


@verb("listen.order_action", roles=INVESTIGATORS, scope=parties)
def order_action(
    actor: Any, thing: Investigation, kind: str, words: str, *, business: InvestigationBusiness | None = None,
    product: SafetyProduct | None = None, legal_basis: str = "", voluntary: bool = False, until: date | None = None,
) -> CorrectiveAction:  # fmt: skip
    """Order a corrective action, or note one that the firm takes by itself."""
    row = changing(actor, thing)
    still_open(row)
    today = timezone.localdate()
    inside = business is None or (business.investigation_id == row.pk and business.removed_on is None)
    part = product is None or row.products.filter(product=product, removed_on=None).exists()
    refuse(
        [
            None if kind in CorrectiveAction.Kind.values else Problem("bad_kind", msg("Choose the kind of the action."), place="kind"),
            None if words.strip() else Problem("no_words", msg("Say what must be done."), place="words"),
            None if inside else Problem("other_firm", msg("This firm is not part of the investigation."), place="business"),
            None if part else Problem("other_product", msg("This product is not part of the investigation."), place="product"),
            Problem("past_day", msg("The term lies in the past."), place="until") if until and until < today else None,
        ]
    )  # fmt: skip
    made = CorrectiveAction.objects.create(
        investigation=row, kind=kind, words=words.strip()[:2000], business=business, product=product,
        legal_basis=legal_basis.strip()[:200], voluntary=voluntary, ordered_on=today, due_on=until or term(TERM, today),
    )  # fmt: skip
    record(actor, "listen.order_action", made, {"of": str(row), "kind": kind, "until": made.due_on})
    return made


@verb("listen.prove_action", roles=("enterprise", *INVESTIGATORS), scope=parties_and_firm)
def prove_action(actor: Any, thing: CorrectiveAction, done: str, files: Iterable[Any] = ()) -> CorrectiveAction:
    """Show that an action was carried out, in words and with files."""
    row = _action(actor, thing, firm=True)
    keep_files(actor, row, files)
    proof = files_of([row])[row.pk]
    facts = {"proof": proof, "report": done.strip()}
    move(actor, row, "prove", "listen.prove_action", {"files": len(proof)}, facts=facts, done=done.strip()[:2000],
         remark="")  # fmt: skip
    return row


@verb("listen.accept_action", roles=INVESTIGATORS, scope=parties)
def accept_action(actor: Any, thing: CorrectiveAction) -> CorrectiveAction:
    """Accept the proof."""
    row = _action(actor, thing)
    move(actor, row, "accept", "listen.accept_action")
    return row


@verb("listen.return_action", roles=INVESTIGATORS, scope=parties)
def return_action(actor: Any, thing: CorrectiveAction, reason: str) -> CorrectiveAction:
    """Send the proof back, with the reason."""
    row = _action(actor, thing)
    said = reason.strip()[:2000]
    move(actor, row, "return", "listen.return_action", facts={"reason": said}, remark=said)
    return row


@verb("listen.withdraw_action", roles=INVESTIGATORS, scope=parties)
def withdraw_action(actor: Any, thing: CorrectiveAction, reason: str) -> CorrectiveAction:
    """Take an action back."""
    row = _action(actor, thing)
    said = reason.strip()[:2000]
    move(actor, row, "withdraw", "listen.withdraw_action", facts={"reason": said}, remark=said)
    return row


def _action(actor: Any, thing: CorrectiveAction, *, firm: bool = False) -> CorrectiveAction:
    row = locked(thing, "investigation")
    if SYSTEM in roles_of(actor):
        return row
    own = firm and row.business is not None and row.business.enterprise is not None
    if own and row.business.enterprise.credit_code in set(own_codes(actor).values_list("code", flat=True)):  # type: ignore[union-attr]
        return row
    if not visible(actor, Investigation.objects.filter(pk=row.investigation_id)).exists():
        raise PermissionDenied(_("Only those who work on the investigation may do this."))
    changing(actor, row.investigation)
    return row


@verb("listen.draft_request", roles=INVESTIGATORS, scope=parties)
def draft_request(actor: Any, thing: Investigation, authority: str, words: str) -> AuthorityRequest:
    """Draft a request to the authority of another city."""
    row = changing(actor, thing)
    still_open(row)
    refuse(
        [
            None if authority.strip() else Problem("needs_authority", msg("Name the authority."), place="authority"),
            None if words.strip() else Problem("no_words", msg("Say what is asked."), place="words"),
        ]
    )
    number = next_number("AR", timezone.localdate().year)
    made = AuthorityRequest.objects.create(
        investigation=row, number=number, authority=authority.strip()[:120], words=words.strip()[:4000]
    )
    record(actor, "listen.draft_request", made, {"of": str(row)})
    return made


@verb("listen.send_request", roles=INVESTIGATORS, scope=parties)
def send_request(actor: Any, thing: AuthorityRequest, document_no: str) -> AuthorityRequest:
    """Send the request, under the number of its document; its answer has a term."""
    row = _request(actor, thing)
    told = {"document_no": document_no.strip()[:60]}
    facts = {"authority": row.authority}
    move(actor, row, "send", "listen.send_request", told, facts=facts, sent_on=timezone.localdate(), **told)
    return row


@verb("listen.answer_request", roles=INVESTIGATORS, scope=parties)
def answer_request(actor: Any, thing: AuthorityRequest, answer: str, files: Iterable[Any] = ()) -> AuthorityRequest:
    """Record the answer of the other authority."""
    row = _request(actor, thing)
    keep_files(actor, row, files)
    said, today = answer.strip()[:4000], timezone.localdate()
    move(actor, row, "answer", "listen.answer_request", facts={"report": said}, answer=said, answered_on=today)
    return row


@verb("listen.withdraw_request", roles=INVESTIGATORS, scope=parties)
def withdraw_request(actor: Any, thing: AuthorityRequest, reason: str) -> AuthorityRequest:
    """Withdraw a request."""
    row = _request(actor, thing)
    said = reason.strip()[:2000]
    move(actor, row, "withdraw", "listen.withdraw_request", facts={"reason": said}, remark=said)
    return row


def _request(actor: Any, thing: AuthorityRequest) -> AuthorityRequest:
    row = locked(thing, "investigation")
    changing(actor, row.investigation)
    return row
