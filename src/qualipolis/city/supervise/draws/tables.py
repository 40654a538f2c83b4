"""A draw in numbers: its strata with their shares, and who was left out of the frame."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass
from io import StringIO

from django.utils.translation import gettext as _

from qualipolis.city.registry.models import Unit
from qualipolis.city.supervise.draws import bundle as draw_bundle
from qualipolis.city.supervise.draws.frames import REASONS
from qualipolis.city.supervise.draws.plan import plan_in
from qualipolis.city.supervise.models import DrawRun
from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.draws import plans


@dataclass(frozen=True)
class StratumNumbers:
    """A stratum: units in the frame, drawn, in reserve, and the share drawn."""

    name: str
    units: int
    drawn: int | None
    reserve: int | None

    @property
    def share(self) -> float | None:
        """The share of the units that is drawn; None before the rule was fixed."""
        return None if self.drawn is None or not self.units else self.drawn / self.units


def numbers_by_stratum(run: DrawRun) -> list[StratumNumbers]:
    """Return the strata of a frozen frame with their numbers: those committed, before that those the rule comes to."""
    if draw_bundle.FRAME not in run.files:
        return []
    try:
        data = draw_bundle.content(run, draw_bundle.FRAME)
        fixed = _committed(run) if draw_bundle.PLAN in run.files else _coming(run, data)
    except InputError:
        return []
    rows = csv.reader(StringIO(data.decode(), newline=""))
    next(rows, None)
    units = Counter(row[1] for row in rows)
    return [StratumNumbers(name, n, *fixed.get(name, (0, 0))) for name, n in sorted(units.items())]


def _committed(run: DrawRun) -> dict[str, tuple[int, int]]:
    table = json.loads(draw_bundle.content(run, draw_bundle.PLAN))["strata"]
    return {name: (drawn, reserve) for name, (drawn, reserve) in table.items()}


def _coming(run: DrawRun, data: bytes) -> dict[str, tuple[int, int]]:
    rule = plans.rule_of(plan_in(run.rule), draw_bundle.read_frame(data))
    return {name: (n, rule.reserve.get(name, 0)) for name, n in rule.n.items()}


def without_any(strata: list[StratumNumbers]) -> tuple[int, int]:
    """Return how many strata get nobody, and how many units they hold: an estimate would not speak of them."""
    left = [one.units for one in strata if one.drawn == 0]
    return len(left), sum(left)


def left_out_words(run: DrawRun) -> list[tuple[str, int]]:
    """Return why units were left out, in words, and how many."""
    return [(_(REASONS[reason]) if reason in REASONS else reason, n) for reason, n in run.left_out.items()]


def towns_by_code() -> dict[str, str]:
    """Return the names of towns by code, in the language of the page, for strata."""
    return {unit.code: unit.name for unit in Unit.objects.all()}
