"""What everyone may see of supervision sampling: plans, rules, campaigns and draws, as the rules of visibility say.

The public pages show the same to everybody, whoever is signed in. Of a draw the hashes are public from the commitment
on; the frame and the list of those drawn only when sampling on site has ended, because a firm that knows it is on the
list can prepare its goods. A laboratory never gets them from here: its samples carry no names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from qualipolis.city.core.policy import roles_of, visible
from qualipolis.city.supervise.draws import bundle as draw_bundle
from qualipolis.city.supervise.draws.plan import plan_in
from qualipolis.city.supervise.models import Campaign, DrawnUnit, DrawRun, SamplingPlan, SamplingRule
from qualipolis.city.supervise.planning.visibility import names_open
from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.draws.plans import Plan

EVERYONE = AnonymousUser()
REPLAYED = ("frame.csv", "plan.json", "working.csv", "promise.json", "sample.csv", "reserve.csv", "record.json")
FILES = (*REPLAYED, draw_bundle.TOML)


def plans() -> QuerySet[SamplingPlan]:
    """Return the published plans, the latest version of the latest year first."""
    return visible(EVERYONE, SamplingPlan.objects.all()).order_by("-year", "-version")


def rules() -> QuerySet[SamplingRule]:
    """Return the published rules, by product class, the latest version first."""
    return visible(EVERYONE, SamplingRule.objects.all()).order_by("category", "-version")


def campaigns() -> QuerySet[Campaign]:
    """Return the campaigns whose scheme and rules are public."""
    rows = visible(EVERYONE, Campaign.objects.select_related("rule", "organiser", "sampling_body", "line__plan"))
    return rows.order_by("-number")


def draws(campaign: Campaign | None = None) -> QuerySet[DrawRun]:
    """Return the draws that were committed, superseded ones too; those of campaigns that are public."""
    rows = visible(EVERYONE, DrawRun.objects.select_related("campaign__rule", "supersedes", "superseded_by"))
    rows = rows.filter(campaign__in=campaigns())
    rows = rows if campaign is None else rows.filter(campaign=campaign)
    return rows.order_by("campaign__number", "number")


def is_open(actor: Any, draw: DrawRun) -> bool:
    """Whether frame and list of a draw are public: its names are open, there are files, and no laboratory asks."""
    return names_open(draw) and bool(draw.files) and "laboratory" not in roles_of(actor)


def units(actor: Any, draw: DrawRun) -> QuerySet[DrawnUnit]:
    """Return who was drawn, once that is public."""
    rows = visible(actor, DrawnUnit.objects.filter(draw=draw)) if is_open(actor, draw) else DrawnUnit.objects.none()
    return rows.select_related("enterprise", "product").order_by("kind", "stratum", "position")


@dataclass(frozen=True)
class OpenFile:
    """A file of a draw: its size and its hash."""

    name: str
    bytes: int
    sha256: str


def files(actor: Any, draw: DrawRun) -> list[OpenFile]:
    """Return the files of a draw that may be taken; none before sampling has ended."""
    if not is_open(actor, draw):
        return []
    found = []
    for name in FILES:
        data = content(actor, draw, name)
        if data is not None:
            found.append(OpenFile(name, len(data), draw.files[name]))
    return found


def content(actor: Any, draw: DrawRun, name: str) -> bytes | None:
    """Return one file of a draw, or None when it is not public or cannot be given as its hash says."""
    if name not in FILES or not is_open(actor, draw):
        return None
    try:
        return draw_bundle.content(draw, name)
    except InputError:
        return None


def plan_of(draw: DrawRun) -> Plan | None:
    """Return the rule that was committed, or None when it cannot be read."""
    try:
        return plan_in(draw.rule)
    except InputError:
        return None


@dataclass(frozen=True)
class Count:
    """How many were in the frame and drawn, before anybody is named."""

    frame: int
    drawn: int
    certain: int
    reserve: int


def counts(draw: DrawRun) -> Count:
    """Return the numbers of a draw; they name nobody."""
    kinds = [DrawnUnit.objects.filter(draw=draw, kind=kind).count() for kind in DrawnUnit.Kind.values]
    found = dict(zip(DrawnUnit.Kind.values, kinds, strict=True))
    drawn = found["drawn"] + found["certain"]
    return Count(draw.frame_rows, drawn, found["certain"], found["reserve"])


def gap(draw: DrawRun) -> timedelta | None:
    """Return the time between the commitment and the randomness."""
    if draw.committed_at is None or draw.random_at is None or draw.random_at < draw.committed_at:
        return None
    return draw.random_at - draw.committed_at


def numbers_shown(draw: DrawRun) -> list[str]:
    """Return the numbers of dice or lottery as they were read out, one by one.

    >>> numbers_shown(DrawRun(revealed={"public": "dice 4 1 6"}))
    ['4', '1', '6']
    """
    return re.findall(r"\d+", str(draw.revealed.get("public", "")))[:40]
