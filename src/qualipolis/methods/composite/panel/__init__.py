"""Panels: time as an axis, one scale for all times, changes with their error, trends, level and improvement."""

from qualipolis.methods.composite.panel.change import ChangeIntervals, change_intervals
from qualipolis.methods.composite.panel.data import PanelData
from qualipolis.methods.composite.panel.fill import FilledPanel, ImputePanel, fill_series, impute_panel
from qualipolis.methods.composite.panel.growth import cagr, percent_change, theil_sen, trends
from qualipolis.methods.composite.panel.improvement import LevelAndImprovement, level_and_improvement
from qualipolis.methods.composite.panel.run import PanelResult, run_panel
from qualipolis.methods.composite.panel.steps import AtTime, each_time

__all__ = [
    "AtTime",
    "ChangeIntervals",
    "FilledPanel",
    "ImputePanel",
    "LevelAndImprovement",
    "PanelData",
    "PanelResult",
    "cagr",
    "change_intervals",
    "each_time",
    "fill_series",
    "impute_panel",
    "level_and_improvement",
    "percent_change",
    "run_panel",
    "theil_sen",
    "trends",
]
