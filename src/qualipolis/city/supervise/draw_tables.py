"""A draw in numbers: its strata with their shares, and who was left out of the frame."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass
from io import StringIO

from django.utils.translation import gettext as _

from qualipolis.city.registry.models import Unit
from qualipolis.city.supervise import draw_bundle
from qualipolis.city.supervise.frames import REASONS
from qualipolis.city.supervise.models import DrawRun
from qualipolis.methods.problems import InputError


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
    """Return the strata of a frozen frame with the numbers of the committed plan; nothing before the frame is frozen."""
    if draw_bundle.FRAME not in run.files:
        return []
    try:
        data = draw_bundle.content(run, draw_bundle.FRAME)
        plan = json.loads(draw_bundle.content(run, draw_bundle.PLAN)) if draw_bundle.PLAN in run.files else {}
    except InputError:
        return []
    rows = csv.reader(StringIO(data.decode(), newline=""))
    next(rows, None)
    units = Counter(row[1] for row in rows)
    fixed = plan.get("strata")
    found = []
    for name, n in sorted(units.items()):
        drawn, reserve = (None, None) if fixed is None else fixed.get(name, [0, 0])
        found.append(StratumNumbers(name, n, drawn, reserve))
    return found


def left_out_words(run: DrawRun) -> list[tuple[str, int]]:
    """Return why units were left out, in words, and how many."""
    return [(_(REASONS[reason]) if reason in REASONS else reason, n) for reason, n in run.left_out.items()]


def towns_by_code() -> dict[str, str]:
    """Return the names of towns by code, in the language of the page, for strata."""
    return {unit.code: unit.name for unit in Unit.objects.all()}
