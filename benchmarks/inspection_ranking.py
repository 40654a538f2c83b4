"""What an honest ranking of inspections reaches on the food inspections of Chicago, beside what had to be beaten.

Run: .venv/bin/python benchmarks/inspection_ranking.py
Needs ../shared. Learnt from the published training rows (to 2014-04-16), judged on the test rows (September and October
2014). Which features and which method are used is chosen by four validation periods inside the training rows; the test
rows are ranked with all the others only to show them. No inspector, no laboratory, no postcode.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[0] = str(REPOSITORY)  # not this folder: its signal.py would hide the library of that name


from tests.golden.signal.chicago import Inspections, chicago, part  # noqa: E402

from qualipolis.methods.signal.ranking import (  # noqa: E402
    RankingQuality,
    evaluate_ranking,
    inspector_effects,
    rank_inspections,
    traces_of_identity,
)

PERIODS = ("2013-01-01", "2013-04-01", "2013-08-01", "2013-12-01", "2014-04-20")
BEATEN = (
    ("published score (knows the inspector)", 0.679, 0.294, 0.686, 7.8),
    ("logistic, no inspector", 0.5751, 0.205, 0.589, 2.4),
    ("boosting, no inspector", 0.5835, 0.214, 0.628, 2.9),
    ("past-critical rule", 0.5581, 0.210, 0.547, 1.5),
    ("by luck", 0.4969, 0.161, 0.516, -1.7),
)


def quality(data: Inspections, features: dict, method: str, past: np.ndarray, due: np.ndarray) -> RankingQuality:
    plan = rank_inspections(part(features, past), data.found[past], part(features, due), method=method)
    return evaluate_ranking(plan.probability, data.found[due], data.days[due])


def validated(data: Inspections, features: dict, method: str) -> tuple[float, float]:
    """The mean AUC and share in the first half over the validation periods, all before the test."""
    days = [int(np.datetime64(day).astype("datetime64[D]").astype(int)) for day in PERIODS]
    found = []
    for start, end in itertools.pairwise(days):
        past = data.train & (data.days < start)
        due = data.train & (data.days >= start) & (data.days < end)
        one = quality(data, features, method, past, due)
        found.append((one.auc.value, one.first_half.value))
    auc, half = np.mean(found, axis=0)
    return float(auc), float(half)


def show(data: Inspections) -> None:
    sets = {"firm": data.firm, "firm + nearby": data.firm | data.nearby}
    sets["firm + nearby + weather"] = sets["firm + nearby"] | data.weather
    print("| ranking | validation AUC, first half | AUC | AP | criticals in first half | days earlier |")
    print("|---|---|---|---|---|---|")
    for name, auc, precision, half, days in BEATEN:
        print(f"| {name} | | {auc:.3f} | {precision:.3f} | {half:.1%} | {days:.1f} |")
    for name, features in sets.items():
        for method in ("logistic", "boosting"):
            before = validated(data, features, method)
            q = quality(data, features, method, data.train, data.test)
            a, h, d = q.auc, q.first_half, q.days_earlier
            print(
                f"| {name}, {method} | {before[0]:.4f}, {before[1]:.1%} | {a.value:.3f} ({a.low:.3f}-{a.high:.3f}) | "
                f"{q.precision:.3f} | {h.value:.1%} ({h.low:.0%}-{h.high:.0%}) | {d.value:.1f} ({d.low:.1f}-{d.high:.1f}) |"
            )


def show_inspectors(data: Inspections) -> None:
    who = data.rows["Inspector_Assigned"].to_numpy()[data.test].tolist()
    plan = rank_inspections(part(data.firm, data.train), data.found[data.train], part(data.firm, data.test))
    report = inspector_effects(who, data.found[data.test], plan.probability)
    print("\n| group of inspectors | n | found | expected | ratio (95 %) | differs |\n|---|---|---|---|---|---|")
    for one in report.effects:
        ratio = f"{one.ratio:.2f} ({one.low:.2f}-{one.high:.2f})"
        print(
            f"| {one.who} | {one.n} | {one.found} | {one.expected:.1f} | {ratio} | {'yes' if one.differs else 'no'} |"
        )
    print(f"heterogeneity {report.heterogeneity:.1f} on {report.degrees} degrees, p = {report.p:.1e}; ", end="")
    print(f"spread of the true log ratios {report.spread:.2f}")
    traces = list(traces_of_identity(part(data.firm, data.test), who).items())[:3]
    print("features nearest to the inspector (Cramér's V):", ", ".join(f"{name} {v:.2f}" for name, v in traces))


def main() -> None:
    shared = REPOSITORY.parent / "shared"
    if not shared.is_dir():
        print("The folder ../shared with the inspections is absent: nothing to measure.")
        return
    data = chicago(shared)
    show(data)
    show_inspectors(data)


if __name__ == "__main__":
    main()
