"""Whether the improvement on the year before counts in a set, and how much."""

from __future__ import annotations

from typing import Any

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.undo import reversible
from qualipolis.city.measure.models import IndicatorSet
from qualipolis.city.measure.sets import FLOW
from qualipolis.methods.problems import InputError, Problem, msg


@verb("measure.set_level_share", roles=roles_for(FLOW, "consult"))
def set_level_share(actor: Any, thing: IndicatorSet, share: float) -> IndicatorSet:
    """Let the year-on-year improvement count in a draft: 0.7 is 70 % level and 30 % improvement, 1 is level alone."""
    row = IndicatorSet.objects.select_for_update().get(pk=thing.pk)
    problems = []
    if row.status != IndicatorSet.Status.DRAFT:
        what = msg("Only a draft can be changed.")
        problems.append(Problem("not_draft", what, msg("Amend a frozen set with a numbered document.")))
    if not 0.5 <= share <= 1:
        what = msg("The share of the level lies between 0.5 and 1.")
        problems.append(Problem("bad_share", what, msg("Give 0.7, or 1 for the level alone."), place="share"))
    if problems:
        raise InputError(problems)
    before = row.level_share
    row.level_share = share
    row.save(update_fields=["level_share"])
    event = record(actor, "measure.set_level_share", row, {"share": share, "before": before})
    reversible(event, actor, row, {"level_share": before}, "level_share", "status")
    return row
