"""Who takes part in a case: the firm, the desk of its town, and the experts who were named for it, and nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.models import Grant, Organisation
from qualipolis.city.core.policy import roles_of, visible
from qualipolis.city.core.roles import SYSTEM, Role
from qualipolis.city.hospital.models import Case, Expert
from qualipolis.city.hospital.reception.visibility import treated_by
from qualipolis.methods.problems import Problem


def case_of(thing: Any) -> Case:
    """Return the case behind a row of the consultation."""
    return thing if isinstance(thing, Case) else thing.case


def named_experts(case: Case) -> QuerySet[Expert]:
    """Return who was named for a case: who treats it, who sits in a panel, who gives a second opinion."""
    named = Q(pk=case.expert_id) | Q(seats__panel__case=case) | Q(second_opinions__case=case)
    return Expert.objects.filter(named).distinct()


def parties(thing: Any) -> list[int | None]:
    """Return the organisations whose people take part: the firm, the town of its unit, those of the named experts."""
    case = case_of(thing)
    firm = Organisation.objects.filter(code=case.enterprise.credit_code).values_list("pk", flat=True)
    experts = list(named_experts(case).values_list("organisation_id", "person_id"))
    people = [person for _organisation, person in experts]
    scopes = Grant.objects.filter(person__in=people, role=Role.EXPERT).values_list("scope_id", flat=True)
    return [*firm, case.unit.government_id, *(organisation for organisation, _person in experts), *scopes]


def laboratory_of(thing: Any) -> list[int]:
    """Return the organisation whose people act for the laboratory of an examination."""
    return list(Organisation.objects.filter(code=thing.laboratory.code).values_list("pk", flat=True))


def as_expert(actor: Any) -> Expert | None:
    """Return the expert that a person is while the term runs."""
    key, today = getattr(actor, "pk", None), timezone.localdate()
    rows = Expert.objects.filter(person=key, term_from__lte=today) if key else Expert.objects.none()
    return rows.exclude(term_to__lt=today).first()


def is_system(actor: Any) -> bool:
    """Whether a command or scheduled work acts."""
    return SYSTEM in roles_of(actor)


def attends(actor: Any, case: Case) -> bool:
    """Whether the person is the expert who treats the case."""
    return case.expert_id is not None and getattr(as_expert(actor), "pk", None) == case.expert_id


def treats(actor: Any, case: Case) -> bool:
    """Whether a person sees the case as a doctor, at the desk or as the manager, and not as the firm."""
    return is_system(actor) or treated_by(actor).filter(pk=case.pk).exists()


def require_seen(actor: Any, case: Case) -> None:
    """Refuse whoever does not see the case; a role alone opens none."""
    if not is_system(actor) and not visible(actor, Case.objects.filter(pk=case.pk)).exists():
        raise PermissionDenied(_("Only those who take part in this case may do this."))


def require_attending(actor: Any, case: Case, *others: str) -> None:
    """Refuse whoever neither treats the case nor holds one of the roles ``others``."""
    require_seen(actor, case)
    if not (is_system(actor) or attends(actor, case) or roles_of(actor) & set(others)):
        raise PermissionDenied(_("Only the expert who treats this case may do this."))


def written(given: Iterable[tuple[str, str, str, int]]) -> list[Problem]:
    """Return what is wrong with texts given as (place, text, what to say, most characters)."""
    wrong = []
    for place, text, what, most in given:
        if not text.strip() or len(text.strip()) > most:
            wrong.append(Problem(f"no_{place}", what, place=place))
    return wrong
