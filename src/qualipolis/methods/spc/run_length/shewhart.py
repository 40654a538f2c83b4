"""Run lengths of Shewhart charts: of the mean chart in closed form, with run rules as a Markov chain.

A mean of n values shifted by δσ falls inside k-sigma limits with probability β = Φ(k − δ√n) − Φ(−k − δ√n); signals are
then geometric, with average run length 1/(1 − β). 3-sigma limits give 370.398 under control. With run rules, the state
of the chain is what the rules remember of the points before; its average run length is the first entry of (I − Q)⁻¹1.

Source: D. C. Montgomery (2013), *Introduction to Statistical Quality Control*, 7th ed., section 6.2.6; C. W. Champ and
W. H. Woodall (1987), "Exact results for Shewhart control charts with supplementary runs rules", Technometrics 29, 393-399.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.rules import Rule, rules_of

Memory = tuple[int, ...]
MOST_STATES = 20_000


def xbar_oc(shift: ArrayLike, n: int = 1, sigmas: float = 3.0) -> NDArray[np.float64]:
    """Return the probability that the next mean of ``n`` values does not signal a shift of ``shift`` sigmas.

    >>> round(float(xbar_oc(1.0, 5)), 4)
    0.7775
    """
    from scipy.special import ndtr

    if n < 1 or sigmas <= 0:
        what = msg("A subgroup has at least one value, and the limits a width above 0.")
        raise InputError([Problem("bad_subgroup", what, place="n")])
    away = np.asarray(shift, dtype=np.float64) * np.sqrt(n)
    return np.asarray(ndtr(sigmas - away) - ndtr(-sigmas - away))


def xbar_arl(shift: ArrayLike, n: int = 1, sigmas: float = 3.0) -> NDArray[np.float64]:
    """Return the average number of subgroups until the signal of a shift, that one included.

    >>> round(float(xbar_arl(0.0)), 3)
    370.398
    """
    return np.asarray(1 / (1 - xbar_oc(shift, n, sigmas)))


def residual_arl(phi: float, shift: float = 0.0, sigmas: float = 3.0) -> float:
    """Return the average number of points until a chart of forecast errors signals a shift of the mean.

    The first error after the shift is δ/σ_e high, all later ones (1 − φ) δ/σ_e: L = 1 + β₁/(1 − β₂), with β the
    probabilities to stay inside. Under control it is that of any k-sigma chart, whatever φ.

    Parameters
    ----------
    phi : the first-order correlation, between −1 and 1
    shift : shift of the mean in standard deviations of the values, σ_e/√(1 − φ²)
    sigmas : width of the limits

    Source: D. G. Wardell, H. Moskowitz and R. D. Plante (1994), Technometrics 36, 3-17.

    >>> round(residual_arl(0.8), 3), round(residual_arl(0.8, 2.0), 1) < round(residual_arl(0.8, 1.0), 1)
    (370.398, True)
    """
    if not -1 < phi < 1:
        what = msg("A correlation of neighbours lies between -1 and 1.")
        raise InputError([Problem("bad_phi", what, place="phi")])
    away = shift / np.sqrt(1 - phi**2)
    first, later = (float(xbar_oc(part, 1, sigmas)) for part in (away, (1 - phi) * away))
    return 1 + first / (1 - later)


def rules_arl(rules: str | Iterable[Rule], shift: float = 0.0) -> float:
    """Return the average number of points until one of the rules signals a shift of ``shift`` sigmas, exactly.

    Rules on zones and sides are counted; steady trends and alternation depend on more than the zone of a point and are
    refused here (simulate them with :func:`~qualipolis.methods.spc.rules.judge`).

    >>> round(rules_arl("limits"), 3), round(rules_arl("western_electric"), 2)
    (370.398, 91.75)
    """
    asked = rules_of(rules)
    wrong = [r.code for r in asked if r.kind in ("trend", "alternating") or r.side == "both"]
    if wrong:
        what = msg("The run length of the rules %(codes)s has no closed form here.")
        remedy = msg("Leave them out, or simulate points and judge them.")
        raise InputError([Problem("no_closed_form", what, remedy, {"codes": ", ".join(wrong)}, "rules")])
    edges = sorted({0.0, *(s * r.zone for r in asked if r.zone for s in (1, -1))})
    middles = [(a + b) / 2 for a, b in zip([edges[0] - 2, *edges], [*edges, edges[-1] + 2], strict=True)]
    from scipy.special import ndtr

    bounds = np.concatenate([[0.0], ndtr(np.array(edges) - shift), [1.0]])
    chances = np.diff(bounds)
    states, moves = _chain(asked, middles)
    matrix = np.eye(states)
    for (start, zone), end in moves.items():
        matrix[start, end] -= chances[zone]
    return float(np.linalg.solve(matrix, np.ones(states))[0])


def _chain(rules: tuple[Rule, ...], middles: list[float]) -> tuple[int, dict[tuple[int, int], int]]:
    """Return the number of memories without a signal, and where a point in a zone leads from each."""
    first: Memory = tuple(0 for _ in range(2 * len(rules)))
    known, moves, waiting = {first: 0}, {}, [first]
    while waiting:
        memory = waiting.pop()
        for zone, z in enumerate(middles):
            after = _after(rules, memory, z)
            if after is None:
                continue
            if after not in known:
                if len(known) >= MOST_STATES:
                    what = msg("These rules together remember too much; use fewer of them.")
                    raise InputError([Problem("too_many_states", what, place="rules")])
                known[after] = len(known)
                waiting.append(after)
            moves[known[memory], zone] = known[after]
    return len(known), moves


def _after(rules: tuple[Rule, ...], memory: Memory, z: float) -> Memory | None:
    """Return what is remembered after a point at ``z``, or None when a rule signals."""
    found: list[int] = []
    for number, rule in enumerate(rules):
        up, down = memory[2 * number : 2 * number + 2]
        pair = _window(rule, up, down, z) if rule.kind == "beyond" else _run(rule, up, down, z)
        if pair is None:
            return None
        found += pair
    return tuple(found)


def _window(rule: Rule, up: int, down: int, z: float) -> tuple[int, int] | None:
    """Remember which of the last points were beyond the zone, as bits; a mark that can no longer count is forgotten."""
    count, keep = rule.count or rule.window, (1 << (rule.window - 1)) - 1
    high, low = z > rule.zone, z < -rule.zone
    if rule.side == "either":
        high, low = high or low, False
    for bits, beyond in ((up, high), (down, low)):
        if beyond and bits.bit_count() + 1 >= count:
            return None
    return ((up << 1) | int(high)) & keep, ((down << 1) | int(low)) & keep


def _run(rule: Rule, up: int, down: int, z: float) -> tuple[int, int] | None:
    """Remember the length of the run on either side, or within the zone."""
    inside = abs(z) < rule.zone
    high, low = (inside, False) if rule.kind == "within" else (z > 0, z < 0)
    after = (up + 1 if high else 0, down + 1 if low else 0)
    return None if max(after) >= rule.window else after
