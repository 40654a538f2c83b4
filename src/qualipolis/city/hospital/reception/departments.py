"""Departments of the hospital: kept by the manager, suggested for a case by its industry and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb
from qualipolis.city.hospital.models import Case, Department
from qualipolis.city.hospital.reception.checks import no_enforcer, text
from qualipolis.methods.problems import Problem, msg, refuse

BY_INDUSTRY, BY_WORD, MOST_WORDS = 3, 2, 3


@dataclass(frozen=True)
class Suggestion:
    """A department for a case with what speaks for it; a score of 0 means that nothing does."""

    department: Department
    score: int
    reasons: tuple[str, ...]


@verb("hospital.save_department", roles=("hospital_manager",))
def save_department(
    actor: Any,
    thing: Department | None,
    *,
    code: str = "",
    name_zh: str = "",
    name_en: str = "",
    industries: Sequence[str] = (),
    words: str = "",
    about_zh: str = "",
    about_en: str = "",
    open_: bool = True,
) -> Department:
    """Open a department or change one; its code stays."""
    no_enforcer(actor)
    digits = [one.strip() for one in industries if one.strip()]
    wrong = [text(name_zh, "name_zh", msg("Name the department in Chinese."), 200)]
    wrong += [_not_an_industry(one) for one in digits if not (one.isdigit() and len(one) <= 4)]
    if thing is None:
        wrong.append(text(code, "code", msg("Give the department a short code."), 24))
        if Department.objects.filter(code=code.strip()).exists():
            wrong.append(Problem("repeated", msg("This code is taken."), place="code"))
    refuse(wrong)
    row = thing or Department(code=code.strip())
    row.name_zh, row.name_en, row.industries, row.words = name_zh.strip(), name_en.strip(), digits, words.strip()[:2000]
    row.about_zh, row.about_en, row.open = about_zh.strip()[:1000], about_en.strip()[:1000], open_
    row.save()
    record(actor, "hospital.save_department", row, {"code": row.code, "open": row.open})
    return row


def _not_an_industry(given: str) -> Problem:
    what = msg("%(code)s is not the first digits of an industry (GB/T 4754).")
    return Problem("bad_industry", what, "", {"code": given[:12]}, "industries")


def suggest(case: Case) -> list[Suggestion]:
    """Return the open departments for a case, the best first: by its industry, and by words that lead there.

    The case is read as the firm wrote it; nothing is learned from it and nothing is stored.
    """
    said = " ".join((case.product_name, case.product_class, case.model, case.problem_text)).lower()
    found = [
        _weigh(one, case.industry or case.enterprise.industry, said) for one in Department.objects.filter(open=True)
    ]
    return sorted(found, key=lambda one: (-one.score, one.department.code))


def _weigh(department: Department, industry: str, said: str) -> Suggestion:
    digits = [one for one in department.industries if one and industry.startswith(one)]
    words = [word for word in department.words.replace("、", " ").replace("，", " ").split() if word.lower() in said]
    reasons = [_("industry %(code)s") % {"code": max(digits, key=len)}] if digits else []
    reasons += [_("says “%(word)s”") % {"word": word} for word in words[:MOST_WORDS]]
    return Suggestion(department, BY_INDUSTRY * bool(digits) + BY_WORD * min(len(words), MOST_WORDS), tuple(reasons))
