"""A made-up round of scores with known effects, and the model run by lme4."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np

TERMS = ("applicant", "item", "reviewer", "applicant:item", "applicant:reviewer", "reviewer:item")
SCRIPT = """
suppressMessages({library(lme4); library(numDeriv); library(jsonlite)})
a <- commandArgs(TRUE); d <- read.csv(a[1], stringsAsFactors = TRUE)
f <- lFormula(as.formula(a[2]), d, REML = TRUE)
dev <- do.call(mkLmerDevfun, f)
opt <- optimizeLmer(dev, optimizer = "bobyqa", control = list(rhoend = 1e-12, maxfun = 1e5))
theta <- opt$par
free <- theta > 1e-5
theta[!free] <- 0
part <- function(x) { t <- theta; t[free] <- x; dev(t) }
for (i in 1:4) { x <- theta[free]; theta[free] <- x - solve(hessian(part, x), grad(part, x)) }
opt$par <- theta; opt$fval <- dev(theta); opt$feval <- 0
m <- mkMerMod(environment(dev), opt, f$reTrms, fr = f$fr)
r <- as.data.frame(ranef(m, condVar = TRUE)); r <- r[r$grpvar == "reviewer", ]
v <- as.data.frame(VarCorr(m))
cat(toJSON(list(mean = unname(fixef(m)), se = sqrt(vcov(m)[1, 1]), criterion = unname(REMLcrit(m)),
  variances = as.list(setNames(v$vcov, v$grp)), effects = as.list(setNames(r$condval, as.character(r$grp))),
  sd = as.list(setNames(r$condsd, as.character(r$grp))), leverage = sum(hatvalues(m))), digits = 15, auto_unbox = TRUE))
"""


def round_of(
    seed: int, applicants: int = 8, items: int = 7, reviewers: int = 9, team: int = 4
) -> list[tuple[str, str, str, float]]:
    """Return (applicant, item, reviewer, score): severities drawn with a spread of 6 points, scores in steps of 5."""
    rng = np.random.default_rng(seed)
    a, i, r = rng.normal(0, 9, applicants), rng.normal(0, 5, items), rng.normal(0, 6, reviewers)
    both, halo = rng.normal(0, 4, (applicants, items)), rng.normal(0, 3, (applicants, reviewers))
    taste = rng.normal(0, 3, (reviewers, items))
    rows = []
    for x in range(applicants):
        for z in sorted(rng.choice(reviewers, team, replace=False)):
            for y in range(items):
                noise = rng.normal(0, 5)
                score = 50 + a[x] + i[y] + r[z] + both[x, y] + halo[x, z] + taste[z, y] + noise
                rows.append((f"A{x}", f"I{y}", f"R{z}", float(np.clip(5 * round(score / 5), 0, 100))))
    return rows


def factors_of(rows: list[tuple[str, str, str, float]], terms: tuple[str, ...] = TERMS) -> dict[str, list[str]]:
    """Return the levels of every term."""
    place = {"applicant": 0, "item": 1, "reviewer": 2}
    return {term: [":".join(str(row[place[p]]) for p in term.split(":")) for row in rows] for term in terms}


def lme4(
    rows: list[tuple[str, str, str, float]], folder: Path, terms: tuple[str, ...] = TERMS
) -> dict[str, object] | None:
    """Return what lme4 finds, its optimum made exact by Newton's steps; None without R and lme4."""
    if shutil.which("Rscript") is None:
        return None
    data, script = folder / "rows.csv", folder / "model.R"
    with data.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["applicant", "item", "reviewer", "score"])
        writer.writerows(rows)
    script.write_text(SCRIPT)
    formula = "score ~ 1 + " + " + ".join(f"(1 | {term})" for term in terms)
    ran = subprocess.run(["Rscript", str(script), str(data), formula], capture_output=True, text=True, check=False)
    if ran.returncode:
        return None if "there is no package" in ran.stderr else _failed(ran.stderr)
    found: dict[str, object] = json.loads(ran.stdout)
    return found


def _failed(said: str) -> dict[str, object]:
    raise RuntimeError(said)
