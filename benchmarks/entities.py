"""Entity resolution beside plain rapidfuzz: precision and recall on labelled rows, and the time for 1e5 firms.

Run: .venv/bin/python benchmarks/entities.py          (measures; needs ../shared/data)
     .venv/bin/python benchmarks/entities.py --fit    (estimates the weights anew and writes them)
The weights and the threshold of plain rapidfuzz are chosen on one set, everything is measured on another: other seeds,
other firms.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
from entities_labelled import brands, firms, products
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from qualipolis.lake.entities import Entity, Weights, candidates, fitted, gazetteer, index, resolve
from qualipolis.lake.entities.weights import calibrated
from qualipolis.lake.entities.words import compared
from qualipolis.methods.sampling.proportion import wilson
from qualipolis.methods.text.normalise import normalise

WEIGHTS = Path(__file__).resolve().parents[1] / "src" / "qualipolis" / "lake" / "entities" / "weights.json"
TRAIN, TEST = 1, 2
ROWS = 4_000
RANDOM = 500_000
MAKE = {"firm": firms, "brand": brands, "product": products}


def labelled(kind: str, seed: int) -> tuple[list[Entity], list[int]]:
    """Return rows and truth; the training and the test set take different makers."""
    return products(ROWS, seed) if kind == "product" else MAKE[kind](ROWS, seed, seed % 2)


def together(truth: list[int]) -> set[tuple[int, int]]:
    """Return the pairs of places that are the same."""
    members: dict[int, list[int]] = {}
    for place, number in enumerate(truth):
        members.setdefault(number, []).append(place)
    return {(a, b) for some in members.values() for a in some for b in some if a < b}


def fit(kind: str) -> Weights:
    """Return weights counted on the training set."""
    rows, truth = labelled(kind, TRAIN)
    known = gazetteer(rows)
    words = [compared(row, kind, known) for row in rows]
    same = [(words[a], words[b]) for a, b in sorted(together(truth))]
    rng = np.random.default_rng(0)
    left, right = rng.integers(0, len(rows), (2, RANDOM))
    others = [(words[a], words[b]) for a, b in zip(left, right, strict=True) if truth[a] != truth[b]]
    origin = f"m of {len(same)} labelled pairs, u of {len(others)} random pairs, benchmarks/entities.py"
    made = fitted(kind, same, others, origin)
    at, wanted = {row.key: place for place, row in enumerate(rows)}, together(truth)
    pairs = resolve(rows, kind, weights=made, least=1e-12).pairs
    hits = [tuple(sorted((at[pair.left], at[pair.right]))) in wanted for pair in pairs]
    return calibrated(made, [made.bits(min(max(pair.probability, 1e-9), 1 - 1e-9)) for pair in pairs], hits)


def measured(kind: str, band: tuple[str, ...], links, rows: list[Entity], truth: list[int]) -> str:
    """Return precision and recall of the pairs in ``band``, with 95 % intervals."""
    at = {row.key: place for place, row in enumerate(rows)}
    found = {tuple(sorted((at[p.left], at[p.right]))) for p in links.pairs if p.band in band}
    return scores(found, together(truth))


def scores(found: set, wanted: set) -> str:
    hits = len(found & wanted)
    p, r = wilson(hits, max(len(found), 1)), wilson(hits, len(wanted))
    return (
        f"precision {p.estimate:.3f} [{p.low:.3f}, {p.high:.3f}]  recall {r.estimate:.3f} "
        f"[{r.low:.3f}, {r.high:.3f}]  n={len(found)}/{len(wanted)}"
    )


def plain(rows: list[Entity]) -> np.ndarray:
    """Return the likeness of all rows by rapidfuzz alone: names in one spelling, words in any order."""
    names = [normalise(" ".join(filter(None, (row.brand, row.name, row.model)))) for row in rows]
    made = cdist(names, names, scorer=fuzz.token_sort_ratio, dtype=np.uint8, workers=2)
    return np.triu(made, 1)


def threshold(kind: str) -> int:
    """Return the threshold of plain rapidfuzz with the best F1 on the training set."""
    rows, truth = labelled(kind, TRAIN)
    likeness, wanted = plain(rows), together(truth)
    hits = Counter(int(likeness[pair]) for pair in wanted)
    alls = np.bincount(likeness.ravel(), minlength=101)
    return max(range(60, 101), key=lambda t: 2 * sum(hits[s] for s in range(t, 101)) / (alls[t:].sum() + len(wanted)))


def quality(kind: str) -> None:
    rows, truth = labelled(kind, TEST)
    started = time.perf_counter()
    links = resolve(rows, kind)
    took = time.perf_counter() - started
    limit = threshold(kind)
    likeness = plain(rows)
    alone = {(int(a), int(b)) for a, b in zip(*np.nonzero(likeness >= limit), strict=True)}
    print(f"{kind}: {len(rows)} rows, {took:.1f} s, {links.compared} pairs compared")
    print(f"  same              {measured(kind, ('same',), links, rows, truth)}")
    print(f"  same or review    {measured(kind, ('same', 'review'), links, rows, truth)}")
    print(f"  rapidfuzz >= {limit:3d}  {scores(alone, together(truth))}")


def crowd(count: int) -> list[Entity]:
    """Return about ``count`` Chinese firms with copies."""
    from entities_labelled import _chinese, _copied, _spoiled_firm

    rng = np.random.default_rng(9)
    rows, _ = _copied([_chinese(rng, number) for number in range(int(count / 1.52))], rng, _spoiled_firm)
    return rows[:count]


def speed(count: int = 100_000) -> None:
    rows = crowd(count)
    started = time.perf_counter()
    links = resolve(rows)
    took = time.perf_counter() - started
    print(
        f"resolve {len(rows)} firms: {took:.1f} s, {links.compared} pairs compared, {len(links.band('same'))} the same"
    )
    started = time.perf_counter()
    held = index(rows)
    print(f"index {len(held)} firms: {time.perf_counter() - started:.1f} s")
    asked = list(crowd(3_000)[:300])
    spent = []
    for number, row in enumerate(asked):
        started = time.perf_counter()
        candidates(Entity(f"new{number}", row.name, place=row.place), held)
        spent.append(1000 * (time.perf_counter() - started))
    print(
        f"candidates among {len(held)}: median {np.median(spent):.1f} ms, p95 {np.quantile(spent, 0.95):.1f} ms, "
        f"most {max(spent):.1f} ms"
    )


def main() -> None:
    if "--fit" in sys.argv:
        made = {kind: fit(kind).to_json() for kind in MAKE}
        WEIGHTS.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
        return
    for kind in MAKE:
        quality(kind)
    if "--quick" not in sys.argv:
        speed()


if __name__ == "__main__":
    main()
