"""Verbs of knowledge cases: written without a trace of the firm, read by it word for word, published by the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import System, verb
from qualipolis.city.core.queries import city
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import subscriber
from qualipolis.city.hospital.consultation.parties import parties, require_seen
from qualipolis.city.hospital.consultation.thread import add
from qualipolis.city.hospital.models import Case, Diagnosis, Expert, KnowledgeCase
from qualipolis.law.flows.hospital.knowledge import AUTHORS
from qualipolis.methods.problems import InputError, Problem, msg, refuse
from qualipolis.methods.text.traces import Known, traces

FLOW = "knowledge_case"
JUDGED = ("cured", "improved", "following", "closed", "deregistered")
TEXTS = {"title": (120, 160), "symptom": (2000, 2000), "cause": (2000, 2000), "treatment": (2000, 2000),
         "effect": (1000, 1000)}  # fmt: skip
FIELDS = tuple(f"{name}_{language}" for name in TEXTS for language in ("zh", "en"))
SYSTEM = System("hospital")


def known_of(case: Case) -> Known:
    """Return what must not be told: the firm, the people of the case, its numbers and addresses."""
    firm = case.enterprise
    people = [case.contact_name]
    if case.expert_id:
        people.append(str(Expert.objects.select_related("person").get(pk=case.expert_id)))
    numbers = [case.number or "", firm.credit_code, case.contact_phone]
    numbers += case.examinations.values_list("number", flat=True)
    numbers += [one for one in case.examinations.values_list("report_no", flat=True) if len(one) > 3]
    return Known([firm.name_zh, firm.name_en], [one for one in people if len(one) > 1], numbers, [firm.address])


def places_of(case: Case) -> list[str]:
    """Return the places that the name of the firm may begin with: city and town."""
    here = city()
    names = [here.name_zh if here else "", case.unit.name_zh]
    return [part for name in names if name for part in (name, name.rstrip("市镇街道园区县"))]


def traces_in(case: Case, texts: Mapping[str, str]) -> list[Problem]:
    """Return everything in the texts that tells whose case it was, at the field where it stands."""
    known, places = known_of(case), places_of(case)
    return [found for name, text in texts.items() for found in traces(text, known, places=places, place=name)]


def diagnosis_of(case: Case) -> Diagnosis | None:
    """Return the diagnosis in force."""
    return case.diagnoses.filter(replaced_on=None).order_by("-version").first()


def _checked(case: Case, said: Mapping[str, Any]) -> dict[str, str]:
    texts = {name: str(said.get(name) or "").strip() for name in FIELDS}
    wrong = []
    for name, lengths in TEXTS.items():
        if not texts[f"{name}_zh"]:
            wrong.append(Problem("no_text", msg("Write this part in Chinese."), place=f"{name}_zh"))
        for language, most in zip(("zh", "en"), lengths, strict=True):
            if len(texts[f"{name}_{language}"]) > most:
                what = msg("At most %(most)s characters.")
                wrong.append(Problem("too_long", what, "", {"most": most}, f"{name}_{language}"))
    if said.get("named") and case.consent != Case.Consent.NAMED:
        what = msg("The firm has not agreed to be named.")
        wrong.append(Problem("not_named", what, place="named"))
    refuse([*wrong, *traces_in(case, texts)])
    return texts


@verb("hospital.write_knowledge", roles=AUTHORS, scope=parties)
def write(actor: Any, thing: Case, said: Mapping[str, Any]) -> KnowledgeCase:
    """Write a knowledge case of a case that was judged and may be shared.

    Raises
    ------
    InputError
        the case is not judged, is not to be shared, has one already, a part is missing, or a text tells whose it was
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("enterprise", "unit").get(pk=thing.pk)
    require_seen(actor, case)
    found = diagnosis_of(case)
    refuse(_not_for_sharing(case, found))
    texts = _checked(case, said)
    assert found is not None
    made = KnowledgeCase.objects.create(
        case=case, number=next_number("KC", timezone.localdate().year), department=case.department,
        product_class=case.product_class, defect_codes=list(case.defect_codes or []), root_cause=found.root_cause,
        named=bool(said.get("named")), **texts,
    )  # fmt: skip
    record(actor, "hospital.write_knowledge", made, {"of": made.number})
    return made


def _not_for_sharing(case: Case, found: Diagnosis | None) -> Sequence[Problem]:
    wrong = []
    if case.status not in JUDGED or found is None or case.department_id is None:
        wrong.append(Problem("not_judged", msg("A case becomes knowledge when its treatment has been judged.")))
    if case.consent == Case.Consent.NONE:
        wrong.append(Problem("no_consent", msg("The firm has not agreed that its case is shared.")))
    if KnowledgeCase.objects.filter(case=case).exists():
        wrong.append(Problem("written", msg("This case has its knowledge case already.")))
    return wrong


@verb("hospital.edit_knowledge", roles=AUTHORS, scope=parties)
def edit(actor: Any, thing: KnowledgeCase, said: Mapping[str, Any]) -> KnowledgeCase:
    """Change the text while it is a draft."""
    row = _locked(actor, thing)
    if row.status != "draft":
        raise InputError([Problem("not_draft", msg("Only a draft can be changed; the firm has read the text."))])
    for name, text in _checked(row.case, said).items():
        setattr(row, name, text)
    row.named = bool(said.get("named"))
    row.save(update_fields=[*FIELDS, "named"])
    record(actor, "hospital.edit_knowledge", row, {"of": row.number})
    return row


def _locked(actor: Any, thing: KnowledgeCase) -> KnowledgeCase:
    row = locked(thing)
    if row.case is None:
        raise InputError([Problem("no_case", msg("The case behind this text is not known."))])
    require_seen(actor, row.case)
    return row


def _facts(row: KnowledgeCase) -> dict[str, Any]:
    return {"consent": row.case is not None and row.case.consent != Case.Consent.NONE}


@verb("hospital.ask_for_knowledge", roles=roles_for(FLOW, "ask"), scope=parties)
def ask(actor: Any, thing: KnowledgeCase) -> KnowledgeCase:
    """Ask the firm to read the text."""
    row = _locked(actor, thing)
    refuse(traces_in(row.case, {name: getattr(row, name) for name in FIELDS}))
    move(actor, row, "ask", "hospital.ask_for_knowledge", facts=_facts(row))
    return row


@verb("hospital.agree_to_knowledge", roles=roles_for(FLOW, "agree"), scope=parties)
def agree(actor: Any, thing: KnowledgeCase) -> KnowledgeCase:
    """The firm agrees to this text."""
    row = _locked(actor, thing)
    move(actor, row, "agree", "hospital.agree_to_knowledge")
    return row


@verb("hospital.refuse_knowledge", roles=roles_for(FLOW, "refuse"), scope=parties)
def refuse_text(actor: Any, thing: KnowledgeCase) -> KnowledgeCase:
    """The firm does not share its case after all."""
    row = _locked(actor, thing)
    move(actor, row, "refuse", "hospital.refuse_knowledge")
    return row


@verb("hospital.return_knowledge", roles=roles_for(FLOW, "return"), scope=parties)
def return_text(actor: Any, thing: KnowledgeCase, reason: str) -> KnowledgeCase:
    """The firm asks for changes; its words stand in the consultation of the case."""
    row = _locked(actor, thing)
    move(actor, row, "return", "hospital.return_knowledge", facts={"reason": reason.strip()}, for_good=True)
    add(actor, row.case, reason.strip()[:4000])
    return row


@verb("hospital.publish_knowledge", roles=roles_for(FLOW, "publish"), scope=parties)
def publish(actor: Any, thing: KnowledgeCase) -> KnowledgeCase:
    """Publish the text the firm has agreed to, if it still tells nobody and may still be shared."""
    row = _locked(actor, thing)
    wrong = traces_in(row.case, {name: getattr(row, name) for name in FIELDS})
    if row.case.consent == Case.Consent.NONE or (row.named and row.case.consent != Case.Consent.NAMED):
        wrong.append(Problem("no_consent", msg("The firm has not agreed that its case is shared.")))
    refuse(wrong)
    move(actor, row, "publish", "hospital.publish_knowledge", published_on=timezone.localdate())
    return row


@verb("hospital.withdraw_knowledge", roles=roles_for(FLOW, "withdraw"), scope=parties)
def withdraw(actor: Any, thing: KnowledgeCase, reason: str) -> KnowledgeCase:
    """Take the text from the public; the firm may do so at any time."""
    row = _locked(actor, thing)
    move(actor, row, "withdraw", "hospital.withdraw_knowledge", facts={"reason": reason.strip()})
    add(actor, row.case, reason.strip()[:4000])
    return row


@subscriber("hospital.case_ended")
def forget_name(actor: Any, case: Case, **facts: Any) -> None:
    """A firm that is gone cannot be asked any more: what was learned from it stays, without its name."""
    row = KnowledgeCase.objects.filter(case=case, named=True).first()
    if case.status == "deregistered" and row is not None:
        row.named = False
        row.save(update_fields=["named"])
        record(SYSTEM, "hospital.unname_knowledge", row, {"of": row.number})
