"""Honest evaluation of detectors: history told again without look-ahead, timeliness against false alarms, power."""

from qualipolis.methods.signal.back_testing.power import PowerPoint, planted, power
from qualipolis.methods.signal.back_testing.replay import Replay, in_one_run, looks_ahead, replay, strength_of
from qualipolis.methods.signal.back_testing.timeliness import CurvePoint, Event, timeliness

__all__ = [
    "CurvePoint",
    "Event",
    "PowerPoint",
    "Replay",
    "in_one_run",
    "looks_ahead",
    "planted",
    "power",
    "replay",
    "strength_of",
    "timeliness",
]
