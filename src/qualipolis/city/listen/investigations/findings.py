"""Verbs of what was found: letters, calls and meetings, test results with who paid, and the assessment of the risk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from qualipolis.city.core.attachments import store
from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, verb, visible
from qualipolis.city.listen.investigations.opening import still_open
from qualipolis.city.listen.investigations.visibility import INVESTIGATORS, changing, parties
from qualipolis.city.listen.models import Correspondence, Investigation, RiskAssessment, SafetyProduct, SafetyTest
from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.signal.risk import Factor, Scenario
from qualipolis.methods.signal.risk import assess_risk as risk_of

MOST_FILES = 10
MOST_SCENARIOS, MOST_STEPS = 12, 12
STEP_TEXTS = {"what": 160, "probability": 40, "low": 40, "high": 40}
SCENARIO_TEXTS = {"name": 120, "people": 120}
POPULATIONS = {
    "infants": gettext_lazy("children under 3"),
    "children": gettext_lazy("children of 3 to 14"),
    "older": gettext_lazy("older people"),
    "impaired": gettext_lazy("people with an impairment"),
    "pregnant": gettext_lazy("pregnant women"),
    "workers": gettext_lazy("people who use it at work"),
    "everyone": gettext_lazy("everybody who uses it"),
}


@verb("listen.log_correspondence", roles=INVESTIGATORS, scope=parties)
def log_correspondence(
    actor: Any, thing: Investigation, kind: str, held_on: date, with_whom: str, summary: str, files: Iterable[Any] = ()
) -> Correspondence:
    """Log a mail, a call or a meeting, with its files."""
    row = changing(actor, thing)
    still_open(row)
    refuse(
        [
            None if kind in Correspondence.Kind.values else Problem("bad_kind", msg("Choose mail, call or meeting."), place="kind"),
            None if with_whom.strip() else Problem("no_party", msg("Say with whom."), place="with_whom"),
            None if summary.strip() else Problem("no_summary", msg("Write what was said."), place="summary"),
            *not_ahead(held_on, "held_on"),
        ]
    )  # fmt: skip
    made = Correspondence.objects.create(
        investigation=row, kind=kind, held_on=held_on, with_whom=with_whom.strip()[:160], summary=summary.strip()[:4000],
        logged_by=person_of(actor),
    )  # fmt: skip
    keep_files(actor, made, files)
    record(actor, "listen.log_correspondence", row, {"kind": kind, "on": held_on})
    return made


@verb("listen.add_test", roles=INVESTIGATORS, scope=parties)
def add_test(
    actor: Any, thing: Investigation, product: SafetyProduct, files: Iterable[Any] = (), **given: Any
) -> SafetyTest:
    """Record a test result of a product of the investigation: laboratory, outcome, what was found, who paid."""
    row = changing(actor, thing)
    still_open(row)
    texts = {name: str(given.get(name) or "").strip() for name in ("laboratory", "standard", "finding", "paid_by")}
    outcome, tested_on = given.get("outcome"), given.get("tested_on")
    day = (
        [Problem("no_day", msg("Give the day."), place="tested_on")]
        if tested_on is None
        else not_ahead(tested_on, "tested_on")
    )
    part = row.products.filter(product=product, removed_on=None).exists()
    refuse(
        [
            None if part else Problem("other_product", msg("This product is not part of the investigation."), place="product"),
            None if texts["laboratory"] else Problem("no_laboratory", msg("Name the laboratory."), place="laboratory"),
            None if texts["paid_by"] else Problem("no_payer", msg("Say who paid for the test."), place="paid_by"),
            None if outcome in SafetyTest.Outcome.values else Problem("no_outcome", msg("Choose the result."), place="outcome"),
            *day,
        ]
    )  # fmt: skip
    made = SafetyTest.objects.create(
        investigation=row, product=product, outcome=outcome, tested_on=tested_on, laboratory=texts["laboratory"][:160],
        standard=texts["standard"][:60], finding=texts["finding"][:400], paid_by=texts["paid_by"][:120],
    )  # fmt: skip
    keep_files(actor, made, files)
    record(actor, "listen.add_test", row, {"product": product.pk, "outcome": outcome, "on": tested_on})
    return made


def cleaned(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a scenario as it is kept: words cut to their length, numbers as people wrote them."""
    steps = [
        {name: str(one.get(name) or "").strip()[:most] for name, most in STEP_TEXTS.items()}
        for one in list(given.get("factors", ()))[:MOST_STEPS]
    ]
    severity = str(given.get("severity") or "").strip()
    texts = {name: str(given.get(name) or "").strip()[:most] for name, most in SCENARIO_TEXTS.items()}
    return texts | {"severity": int(severity) if severity in ("1", "2", "3", "4") else 0, "factors": steps}


def scenario_of(given: Mapping[str, Any]) -> Scenario:
    """Return a scenario as the method reads it; probabilities are as people write them, "1/50" or "2 %"."""
    kept = cleaned(given)
    factors = tuple(
        Factor(one["what"], one["probability"], one["low"] or None, one["high"] or None) for one in kept["factors"]
    )
    return Scenario(kept["name"], kept["severity"], factors, people=kept["people"])


@verb("listen.assess_risk", roles=INVESTIGATORS)
def assess_risk(
    actor: Any, product: SafetyProduct, scenarios: list[Mapping[str, Any]], *, investigation: Investigation | None = None,
    populations: Iterable[str] = (), uncertainty: str = "",
) -> RiskAssessment:  # fmt: skip
    """Assess the risk of a product by scenarios of harm; the highest level counts, and one step more or less is tried."""
    if investigation is not None:
        still_open(changing(actor, investigation))
    _in_reach(actor, product, investigation)
    if not 0 < len(scenarios) <= MOST_SCENARIOS:
        refuse([Problem("no_scenarios", msg("Write 1 to %(most)s scenarios of harm."), "", {"most": MOST_SCENARIOS})])
    found = risk_of([scenario_of(one) for one in scenarios])
    made = RiskAssessment.objects.create(
        product=product, investigation=investigation, scenarios=[cleaned(one) for one in scenarios], level=found.level, flips=not found.robust,
        populations=[str(one)[:60] for one in populations][:12], uncertainty=uncertainty.strip()[:2000],
        assessed_by=person_of(actor),
    )  # fmt: skip
    record(actor, "listen.assess_risk", made, {"level": found.level, "scenarios": len(scenarios)})
    return made


def _in_reach(actor: Any, product: SafetyProduct, investigation: Investigation | None) -> None:
    """Refuse a product that is not part of the investigation, or that somebody does not see."""
    if investigation is not None:
        known = investigation.products.filter(product=product, removed_on=None).exists()
        what = msg("This product is not part of the investigation.")
    else:
        known = visible(actor, SafetyProduct.objects.filter(pk=product.pk)).exists()
        what = msg("This product is not known here.")
    refuse([None if known else Problem("other_product", what, place="product")])


def keep_files(actor: Any, thing: Any, files: Iterable[Any]) -> None:
    """Keep the files handed in with a row, no more than a few."""
    given = [file for file in files if file]
    if len(given) > MOST_FILES:
        refuse([Problem("many_files", msg("Hand in at most %(most)s files."), "", {"most": MOST_FILES})])
    for file in given:
        store(actor, thing, file.name, file.chunks())
