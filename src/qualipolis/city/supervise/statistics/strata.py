"""Where a counted row stands in the design it was drawn by: stratum, weight, primary unit, and how large the strata are."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from math import isfinite

from qualipolis.city.core.attachments import path_of
from qualipolis.city.supervise.models import Campaign, DrawRun, Purpose, SamplingTask, StratumSize

MOST = 80


@dataclass(frozen=True)
class Place:
    """Stratum, weight (1/inclusion probability; None when nobody knows it) and primary unit of a row."""

    stratum: str = ""
    weight: float | None = None
    unit: str = ""


def stratum_name(campaign: Campaign, stratum: str) -> str:
    """Return a stratum of a draw as the year knows it: product class, stage, stratum."""
    return f"{campaign.rule.category}/{campaign.stage}/{stratum}"[:MOST]


def place_of(task: SamplingTask) -> Place:
    """Return where a task stands in its draw; a task chosen by hand stands nowhere."""
    drawn = task.drawn
    if drawn is None or task.chosen_by_hand:
        return Place(unit=task.enterprise.credit_code)
    return Place(stratum_name(task.campaign, drawn.stratum), weight_of(task), task.enterprise.credit_code)


def weight_of(task: SamplingTask) -> float | None:
    """Return 1/probability; a unit of the reserve takes the weight of the unit it stands for, by their sizes.

    With a probability proportional to size the reserve's own would be ``pi_first * size/size_first``; with equal sizes
    the weight is simply handed on.
    """
    seen, step, factor = 0, task, 1.0
    while step is not None and step.drawn is not None and seen < 100:
        chance = step.drawn.probability
        if chance is not None and isfinite(chance) and chance > 0:
            return max(1.0, factor / chance)
        first = step.replaces
        if first is None or first.drawn is None:
            return None
        factor *= (first.drawn.size or 1.0) / (step.drawn.size or 1.0)
        seen, step = seen + 1, first
    return None


def note_sizes(task: SamplingTask, year: int) -> None:
    """Keep how many units each stratum of the task's frame has, once for each draw and year."""
    draw = task.draw
    if draw is None or draw.frame_id is None or task.campaign.purpose != Purpose.RANDOM or task.drawn is None:
        return
    name = stratum_name(task.campaign, task.drawn.stratum)
    if StratumSize.objects.filter(year=year, purpose=Purpose.RANDOM, stratum=name).exists():
        return
    rows = [
        StratumSize(year=year, purpose=Purpose.RANDOM, stratum=stratum_name(task.campaign, stratum), units=units)
        for stratum, units in frame_sizes(draw).items()
    ]
    StratumSize.objects.bulk_create(rows, ignore_conflicts=True)


def frame_sizes(draw: DrawRun) -> dict[str, int]:
    """Return the number of units of each stratum of the frozen frame; empty when its file is not there."""
    frame = draw.frame
    path = path_of(frame.sha256) if frame is not None else None
    if path is None or not path.is_file():
        return {}
    reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    return dict(Counter(row.get("stratum") or "" for row in reader))
