"""Lifetimes: how long products last, from failures, suspensions and looks in between."""

from qualipolis.methods.spc.reliability.fit import LifeFit, fit_life
from qualipolis.methods.spc.reliability.lifetimes import (
    Lifetimes,
    LogRank,
    Survival,
    kaplan_meier,
    lifetimes,
    log_rank,
)
from qualipolis.methods.spc.reliability.planning import (
    RankFit,
    rank_regression,
    success_run,
    success_run_size,
    weibayes,
)

__all__ = [
    "LifeFit",
    "Lifetimes",
    "LogRank",
    "RankFit",
    "Survival",
    "fit_life",
    "kaplan_meier",
    "lifetimes",
    "log_rank",
    "rank_regression",
    "success_run",
    "success_run_size",
    "weibayes",
]
