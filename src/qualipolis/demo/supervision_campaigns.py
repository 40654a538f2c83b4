"""One campaign in each stage of its life, taken there by the verbs that a city uses."""

from __future__ import annotations

from typing import Any

from qualipolis.city.supervise.models import SamplingRule
from qualipolis.demo.supervision_people import Players


def run_campaigns(actor: Any, players: Players, rules: dict[str, SamplingRule]) -> None:
    """Take the campaigns of the demo to where they stand today."""
