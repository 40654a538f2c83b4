"""Designs that find the few factors that matter: full and fractional factorials, Plackett-Burman, definitive screening.

Fractions are those of least aberration (fewest short words in the defining relation). Blocks confound words that are as
long as can be, never a main effect. Plackett-Burman designs come from quadratic residues, as the published ones do: main
effects are clear of each other, each two-factor interaction is spread over many of them. Definitive screening designs fold
a conference matrix C over (C, −C, one centre run): main effects are clear of all two-factor interactions and of squares.

Source: J. Chen, D. X. Sun and C. F. J. Wu (1993), International Statistical Review 61, 131-145 (least aberration);
R. L. Plackett and J. P. Burman (1946), Biometrika 33, 305-325; B. Jones and C. J. Nachtsheim (2011), J. Quality Technology
43, 1-15; G. E. P. Box, W. G. Hunter and J. S. Hunter (2005), *Statistics for Experimenters*, 2nd ed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import combinations
from math import comb

import numpy as np

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.doe.design import Design, Ints, counted, made, names_of

MOST_RUNS = 4096
SEARCHED = 40_000  # sets of block words that are looked through
# the further columns of a fraction, as bits of the basic factors, by (factors, runs)
FRACTIONS: Mapping[tuple[int, int], tuple[int, ...]] = {
    (3, 4): (3,), (4, 8): (7,), (5, 8): (3, 5), (6, 8): (3, 5, 6), (7, 8): (3, 5, 6, 7),
    (5, 16): (15,), (6, 16): (7, 11), (7, 16): (7, 11, 13), (8, 16): (7, 11, 13, 14),
    (9, 16): (3, 5, 9, 14, 15), (10, 16): (3, 5, 6, 9, 14, 15), (11, 16): (3, 5, 6, 9, 10, 13, 14),
    (12, 16): (3, 5, 6, 9, 10, 13, 14, 15), (13, 16): (3, 5, 6, 9, 10, 11, 12, 13, 14),
    (14, 16): (3, 5, 6, 9, 10, 11, 12, 13, 14, 15), (15, 16): (3, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15),
    (6, 32): (31,), (7, 32): (7, 27), (8, 32): (7, 11, 29), (9, 32): (7, 11, 19, 29), (10, 32): (7, 11, 19, 29, 30),
    (11, 32): (7, 11, 13, 19, 21, 25),
    (7, 64): (63,), (8, 64): (15, 51), (9, 64): (7, 27, 45), (10, 64): (7, 27, 43, 53), (11, 64): (7, 13, 27, 43, 53),
    (8, 128): (127,), (9, 128): (31, 103), (10, 128): (15, 55, 91), (11, 128): (15, 55, 85, 107),
}  # fmt: skip
# designs of quadratic residues have p + 1 runs; 36 runs have the published first row instead
RESIDUES = {12: 11, 20: 19, 24: 23, 44: 43, 48: 47}
ROW_36 = "-+-+++---+++++-+++--+----+-+-++--+-"


def full_factorial(levels: Mapping[str, int], *, center: int = 0, blocks: int = 1) -> Design:
    """Return all combinations, the first factor changing fastest.

    Parameters
    ----------
    levels : the number of levels of each factor; levels are coded evenly from −1 to 1
    center : centre points added to each block, for curvature and pure error; two-level designs only
    blocks : 1, 2, 4, 8 ... blocks of a two-level design

    >>> full_factorial({"A": 2, "B": 3}).factors["B"].tolist()
    [-1.0, -1.0, 0.0, 0.0, 1.0, 1.0]
    """
    names, sizes = names_of(list(levels), 1, 16), list(levels.values())
    counted("center", center)
    if any(size != int(size) or size < 2 for size in sizes) or np.prod(sizes, dtype=float) > MOST_RUNS:
        what = msg("Each factor has two levels or more, and all together at most %(most)s combinations.")
        refuse([Problem("bad_levels", what, "", {"most": MOST_RUNS}, "levels")])
    if (blocks > 1 or center) and set(sizes) != {2}:
        refuse(
            [Problem("not_two_level", msg("Blocks and centre points are for factors at two levels."), place="blocks")]
        )
    grid = np.indices(tuple(reversed(sizes))).reshape(len(sizes), -1)[::-1].T
    runs = -1 + 2 * grid / (np.array(sizes) - 1)
    words: dict[str, object] = {"center": center}
    if blocks == 1 and not center:
        return made("full", names, runs, words)
    return _blocked("full", names, runs, len(names), blocks, center, words)


def fractional_factorial(factors: Sequence[str], runs: int, *, center: int = 0, blocks: int = 1) -> Design:
    """Return the fraction of least aberration of a two-level design.

    ``conventions["resolution"]`` is III (main effects mixed with two-factor interactions), IV or V; ``"generators"`` say
    which further factor is the product of which. :func:`aliases` names what cannot be told apart.

    Parameters
    ----------
    factors : names, 3 to 15
    runs : 4, 8, 16, 32, 64 or 128, fewer than all combinations
    center, blocks : as for :func:`full_factorial`

    >>> design = fractional_factorial("ABCDE", 16)
    >>> design.conventions["generators"], design.conventions["resolution"]
    ({'E': ('A', 'B', 'C', 'D')}, 5)
    """
    names = names_of(factors, 3, 15)
    counted("center", center)
    if (len(names), runs) not in FRACTIONS:
        known = ", ".join(str(size) for k, size in FRACTIONS if k == len(names))
        what = msg("There is no fraction of %(factors)s factors in %(runs)s runs; there are those with %(known)s.")
        refuse([Problem("no_fraction", what, "", {"factors": len(names), "runs": runs, "known": known}, "runs")])
    basic = runs.bit_length() - 1
    columns = np.where(np.arange(runs)[:, None] >> np.arange(basic) & 1, 1.0, -1.0)
    bits = FRACTIONS[len(names), runs]
    further = [np.prod(columns[:, [i for i in range(basic) if word >> i & 1]], axis=1) for word in bits]
    made_of = {
        name: tuple(names[i] for i in range(basic) if word >> i & 1)
        for name, word in zip(names[basic:], bits, strict=True)
    }
    words: dict[str, object] = {"generators": made_of, "resolution": _resolution(bits, basic), "center": center}
    return _blocked("fraction", names, np.column_stack([columns, *further]), basic, blocks, center, words)


def _resolution(bits: Sequence[int], basic: int) -> int:
    """Return the length of the shortest word of the defining relation."""
    words = [0]
    for i, bit in enumerate(bits):
        words += [word ^ (bit | 1 << (basic + i)) for word in words]
    return min(word.bit_count() for word in words[1:])


def _blocked(
    kind: str, names: Sequence[str], runs: Floats, basic: int, blocks: int, center: int, words: dict[str, object]
) -> Design:
    """Return the design in blocks, each with its centre points first."""
    if blocks < 1 or blocks & (blocks - 1) or blocks > 2 ** max(0, basic - 1):
        what = msg("There are 1, 2, 4, 8 ... blocks, at most half as many as runs.")
        refuse([Problem("bad_blocks", what, place="blocks")])
    chosen = _block_words(runs, blocks) if blocks > 1 else ()
    number = np.zeros(len(runs), dtype=np.int64)
    for i, word in enumerate(chosen):
        number |= (np.prod(runs[:, list(word)], axis=1) > 0).astype(np.int64) << i
    parts = [np.concatenate([np.zeros((center, len(names))), runs[number == b]]) for b in range(blocks)]
    where = np.repeat(np.arange(1, blocks + 1), [len(part) for part in parts])
    if blocks > 1:
        words["confounded with blocks"] = tuple(":".join(names[i] for i in word) for word in chosen)
    return made(kind, names, np.concatenate(parts), words, where)


def _block_words(runs: Floats, blocks: int) -> tuple[tuple[int, ...], ...]:
    """Return the products of factors that number the blocks, so that short ones are confounded as little as can be."""
    k, count = runs.shape[1], blocks.bit_length() - 1
    size_of = _lengths(runs)
    words = (word for size in range(2, k + 1) for word in combinations(range(k), size))
    by_signs: dict[bytes, tuple[int, ...]] = {}
    for word in words:
        signs = _signs(runs, word)
        if size_of.get(signs, 7) > 1:
            by_signs.setdefault(signs, word)
    free = list(by_signs.values())
    if comb(len(free), count) > SEARCHED:
        what = msg("There are too many ways to make %(blocks)s blocks of so many factors.")
        refuse([Problem("many_blocks", what, msg("Use fewer blocks, or a fraction."), {"blocks": blocks}, "blocks")])
    scored = ((_confounded(runs, chosen, size_of), chosen) for chosen in combinations(free, count))
    score, best = min(scored, key=lambda pair: pair[0])
    if score[0]:
        what = msg("So many blocks would hide a main effect.")
        refuse([Problem("blocks_hide", what, msg("Use fewer blocks, or a fraction."), place="blocks")])
    return best


def _signs(runs: Floats, word: Sequence[int]) -> bytes:
    column = np.prod(runs[:, list(word)], axis=1)
    return bytes(((column * column[0]) > 0).tobytes())


def _lengths(runs: Floats) -> dict[bytes, int]:
    """Return the length of the shortest word with each pattern of signs; 0 for the constant."""
    k = runs.shape[1]
    found: dict[bytes, int] = {}
    for size in range(min(k, 6) + 1):
        for word in combinations(range(k), size):
            found.setdefault(_signs(runs, word), size)
    for word in combinations(range(k), k):
        found.setdefault(_signs(runs, word), k)
    return found


def _confounded(runs: Floats, chosen: Sequence[tuple[int, ...]], size_of: Mapping[bytes, int]) -> tuple[int, ...]:
    """Return how many main effects (or constants), two-factor and three-factor interactions the blocks hide."""
    signs = [np.prod(runs[:, list(word)], axis=1) for word in chosen]
    sizes = []
    for count in range(1, len(signs) + 1):
        for some in combinations(signs, count):
            column = reduce(np.multiply, some)
            sizes.append(size_of.get(((column * column[0]) > 0).tobytes(), 7))
    return (sum(s <= 1 for s in sizes), sizes.count(2), sizes.count(3), sizes.count(4))


def plackett_burman(factors: Sequence[str], runs: int | None = None, *, center: int = 0) -> Design:
    """Return the screening design with the fewest runs that holds the factors, or one with ``runs``.

    Two-factor interactions are spread over the main effects of other factors: follow up what is found.

    Parameters
    ----------
    factors : names, 2 to 47
    runs : 8, 12, 16, 20, 24, 32, 36, 44 or 48, more than factors; the smallest unless given
    center : centre points

    >>> design = plackett_burman("ABCDEFG", 12)
    >>> design.factors["A"].astype(int).tolist()
    [1, -1, 1, -1, -1, -1, 1, 1, 1, -1, 1, -1]
    """
    names = names_of(factors, 2, 47)
    counted("center", center)
    sizes = sorted([*RESIDUES, 8, 16, 32, 36])
    size = next(s for s in sizes if s > len(names)) if runs is None else runs
    if size not in sizes or size <= len(names):
        what = msg("A Plackett-Burman design has %(known)s runs, more than factors.")
        refuse([Problem("bad_runs", what, "", {"known": ", ".join(map(str, sizes))}, "runs")])
    matrix = _hadamard(size)[:, : len(names)]
    return made("Plackett-Burman", names, np.concatenate([matrix, np.zeros((center, len(names)))]), {"center": center})


def _residues(p: int) -> Ints:
    """Return the quadratic character of 0 … p − 1: 1 for squares, −1 for others, 0 for 0."""
    found = np.full(p, -1, dtype=np.int64)
    found[np.unique(np.arange(1, p) ** 2 % p)] = 1
    found[0] = 0
    return found


def _hadamard(size: int) -> Floats:
    """Return ``size`` runs of size − 1 balanced columns that are orthogonal to each other."""
    if size & (size - 1) == 0:
        base = int(size).bit_length() - 1
        code = np.arange(size)
        parity = np.array([[(run & word).bit_count() & 1 for word in range(1, size)] for run in code.tolist()])
        order = sorted(range(size - 1), key=lambda i: ((i + 1).bit_count() > 1, i))
        return np.where(parity[:, order], 1.0, -1.0) if base else np.ones((1, 0))
    row = np.array([1.0 if c == "+" else -1.0 for c in ROW_36]) if size == 36 else _residues(RESIDUES[size]) + 0.0
    row = np.where(row == 0, 1.0, row)
    circle = np.array([np.roll(row, shift) for shift in range(size - 1)])
    return np.concatenate([circle, np.full((1, size - 1), -1.0)])


def definitive_screening(factors: Sequence[str]) -> Design:
    """Return a definitive screening design: three levels, 2m + 1 runs, m the next of 4, 6, 8, 12, 14, 18 from factors on.

    >>> design = definitive_screening("ABCDEF")
    >>> design.runs, abs(sum(design.factors["A"] * design.factors["B"] * design.factors["C"]))
    (13, np.float64(0.0))
    """
    names = names_of(factors, 3, 18)
    m = next(size for size in (4, 6, 8, 12, 14, 18) if size >= len(names))
    p = m - 1
    chi = _residues(p)
    core = chi[(np.arange(p)[None, :] - np.arange(p)[:, None]) % p]
    conference = np.zeros((m, m))
    conference[0, 1:], conference[1:, 1:] = 1.0, core
    conference[1:, 0] = 1.0 if p % 4 == 1 else -1.0
    folded = np.stack([conference, -conference], axis=1).reshape(2 * m, m)
    runs = np.concatenate([folded, np.zeros((1, m))])[:, : len(names)]
    return made("definitive", names, runs, {"conference": m})
