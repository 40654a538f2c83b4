"""Severity of reviewers: coverage of the intervals on simulated rounds, and time beside R's lme4.

python benchmarks/rating.py coverage [rounds]
python benchmarks/rating.py speed
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from qualipolis.methods.rating import severity

CODE = """
suppressMessages(library(lme4)); d <- read.csv(commandArgs(TRUE)[1], stringsAsFactors = TRUE)
t <- system.time(lmer(score ~ 1 + (1|applicant) + (1|item) + (1|reviewer) + (1|applicant:item) + (1|applicant:reviewer)
  + (1|reviewer:item), d))
cat(t[["elapsed"]])
"""
Rows = list[tuple[str, str, str, float]]


def simulated(
    rng: np.random.Generator, applicants: int, items: int, reviewers: int, team: int
) -> tuple[Rows, np.ndarray]:
    """Return one round in steps of 5 and the true effects of its reviewers against their mean."""
    a, i, r = rng.normal(0, 8, applicants), rng.normal(0, 5, items), rng.normal(0, 4, reviewers)
    both, halo = rng.normal(0, 4, (applicants, items)), rng.normal(0, 3, (applicants, reviewers))
    taste = rng.normal(0, 2, (reviewers, items))
    rows = []
    for x in range(applicants):
        for z in rng.choice(reviewers, team, replace=False):
            y = 50 + a[x] + i + r[z] + both[x] + halo[x, z] + taste[z] + rng.normal(0, 6, items)
            scores = np.clip(5 * np.round(y / 5), 0, 100)
            rows += [(f"A{x}", f"I{k:02}", f"R{z:02}", float(s)) for k, s in enumerate(scores)]
    present = sorted({row[2] for row in rows})
    true = np.array([r[int(name[1:])] for name in present])
    return rows, true - true.mean()


def coverage(rounds: int) -> None:
    """Print how often the 95 % interval holds the true effect."""
    for applicants, reviewers, team in ((6, 4, 3), (10, 6, 4), (15, 9, 5), (30, 12, 5)):
        rng, inside, n = np.random.default_rng(1), 0, 0
        for _ in range(rounds):
            rows, true = simulated(rng, applicants, 12, reviewers, team)
            found = sorted(severity(*zip(*rows, strict=True)).reviewers, key=lambda one: one.reviewer)
            inside += sum(one.low <= value <= one.high for one, value in zip(found, true, strict=True))
            n += len(found)
        share = inside / n
        print(f"{applicants} applicants, {reviewers} reviewers, teams of {team}: {100 * share:.1f} % of {n} intervals")


def speed() -> None:
    """Print seconds for rounds of three sizes, ours (with the test of no difference) and lme4 where it is installed."""
    for applicants, reviewers in ((10, 6), (24, 12), (40, 20)):
        rows, _true = simulated(np.random.default_rng(2), applicants, 23, reviewers, 5)
        began = time.perf_counter()
        severity(*zip(*rows, strict=True))
        ours = time.perf_counter() - began
        print(f"{len(rows)} scores: ours {ours:.2f} s, lme4 {lme4(rows)}")


def lme4(rows: Rows) -> str:
    """Return the seconds of one fit by lme4."""
    if shutil.which("Rscript") is None:
        return "not installed"
    with tempfile.TemporaryDirectory() as folder:
        data, script = Path(folder) / "rows.csv", Path(folder) / "fit.R"
        data.write_text("applicant,item,reviewer,score\n" + "".join(f"{a},{i},{r},{s}\n" for a, i, r, s in rows))
        script.write_text(CODE)
        ran = subprocess.run(["Rscript", str(script), str(data)], capture_output=True, text=True, check=False)
    return f"{ran.stdout.strip()} s" if ran.returncode == 0 else "not installed"


if __name__ == "__main__":
    if sys.argv[1:2] == ["speed"]:
        speed()
    else:
        coverage(int(sys.argv[2]) if len(sys.argv) > 2 else 200)
