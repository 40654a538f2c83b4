"""Whether a product of pairings is one: the optimal ate pairing of BLS12-381.

The field of the pairing is the base field with ``w**12 = 2 w**6 - 2``; then ``w**6 = 1 + i``. An element is a tuple of 12
coefficients. Two are multiplied as two long integers whose digits are the coefficients, the fastest way in Python.
"""

from __future__ import annotations

from collections.abc import Sequence

from qualipolis.methods.sampling.draws.bls.curve import Point, along, slope
from qualipolis.methods.sampling.draws.bls.field import ORDER, Fp2, P

Element = tuple[int, ...]
ONE: Element = (1,) + (0,) * 11
LOOP = 0xD201000000010000
SLOT = 96
GAMMA = pow(2, (P - 1) // 6, P)  # (1 + i) ** ((P**2 - 1) / 6)


def product(x: Element, y: Element) -> Element:
    """Return the product of two elements.

    >>> product((0, 1) + (0,) * 10, (0,) * 11 + (1,)) == (P - 2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0)
    True
    """
    digits = (packed(x) * packed(y)).to_bytes(24 * SLOT, "little")
    c = [int.from_bytes(digits[SLOT * k : SLOT * k + SLOT], "little") for k in range(23)]
    for k in range(22, 11, -1):
        c[k - 6] += 2 * c[k]
        c[k - 12] -= 2 * c[k]
    return tuple(number % P for number in c[:12])


def packed(x: Element) -> int:
    """Return an element as one long integer."""
    return int.from_bytes(b"".join(c.to_bytes(SLOT, "little") for c in x), "little")


def power(x: Element, exponent: int) -> Element:
    """Return x to a power."""
    found = ONE
    for bit in bin(exponent)[2:]:
        found = product(found, found)
        if bit == "1":
            found = product(found, x)
    return found


def line(t: Point, rise: Fp2, p: Point) -> Element:
    """Return the line through t with a slope, at p, times ``w**3`` (a factor that the last power removes).

    A point (x, y) of the twist stands for ``(x / w**2, y / w**3)``.
    """
    ground, middle = rise * t.x - t.y, -rise.times(p.x.a)
    found = [0] * 12
    for place, value in ((0, ground), (2, middle)):
        found[place] = (value.a - value.b) % P
        found[place + 6] = value.b
    found[3] = p.y.a
    return tuple(found)


def miller(p: Point, q: Point) -> Element:
    """Return the Miller function of p in G1 and q in G2; neither may be the point at infinity."""
    found, t = ONE, q
    for bit in bin(LOOP)[3:]:
        found = product(found, found)
        for other in (t, q)[: 1 + (bit == "1")]:
            rise = slope(t, t if other is not q or other is t else q)
            if rise is None:
                raise ArithmeticError
            found = product(found, line(t, rise, p))
            t = along(t, other, rise)
    return found


def product_is_one(pairs: Sequence[tuple[Point, Point]]) -> bool:
    """Say whether the pairings of points (G1, G2) multiply to one.

    The last power is ``(P**12 - 1) / ORDER = (P**6 - 1) (P**2 + 1) ((P**4 - P**2 + 1) / ORDER)``. Raising to ``P**6`` turns w
    into -w, so after the other two factors it only remains to see that no odd power of w is left.
    """
    found = ONE
    for p, q in pairs:
        found = product(found, miller(p, q))
    raised = power(product(found, twice_raised(found)), (P**4 - P**2 + 1) // ORDER)
    return not any(raised[1::2])


def twice_raised(x: Element) -> Element:
    """Return x to the power ``P**2``: w becomes w times a sixth root of unity of the base field.

    >>> x = (3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8)
    >>> twice_raised(x) == power(x, P**2)
    True
    """
    return tuple(c * pow(GAMMA, k, P) % P for k, c in enumerate(x))
