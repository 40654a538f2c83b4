"""The two groups of BLS12-381: points, compressed encodings, and whether a point lies in its group.

G1 is the subgroup of order ORDER of ``y**2 = x**3 + 4`` over the base field, G2 that of ``y**2 = x**3 + 4 (1 + i)`` over
the extension. The point at infinity is None.
"""

from __future__ import annotations

from typing import NamedTuple

from qualipolis.methods.sampling.draws.bls.field import ORDER, Fp2, P, square_root


class Point(NamedTuple):
    """An affine point."""

    x: Fp2
    y: Fp2


class Group(NamedTuple):
    """Which group: the constant of its curve, whether over the extension, bytes of an encoded point."""

    constant: Fp2
    extended: bool
    size: int


G1 = Group(Fp2(4), False, 48)
G2 = Group(Fp2(4, 4), True, 96)
GENERATOR_G1 = Point(
    Fp2(0x17F1D3A73197D7942695638C4FA9AC0FC3688C4F9774B905A14E3A3F171BAC586C55E83FF97A1AEFFB3AF00ADB22C6BB),
    Fp2(0x08B3F481E3AAA0F1A09E30ED741D8AE4FCF5E095D5D00AF600DB18CB2C04B3EDD03CC744A2888AE40CAA232946C5E7E1),
)
GENERATOR_G2 = Point(
    Fp2(
        0x024AA2B2F08F0A91260805272DC51051C6E47AD4FA403B02B4510B647AE3D1770BAC0326A805BBEFD48056C8C121BDB8,
        0x13E02B6052719F607DACD3A088274F65596BD0D09920B61AB5DA61BBDC7F5049334CF11213945D57E5AC7D055D042B7E,
    ),
    Fp2(
        0x0CE5D527727D6E118CC9CDC6DA2E351AADFD9BAA8CBDD3A76D429A695160D12C923AC9CC3BACA289E193548608B82801,
        0x0606C4A02EA734CC32ACD2B02BC28B99CB3E287E85A763AF267492AB572E99AB3F370D275CEC1DA1AAA9075FF05F79BE,
    ),
)


def slope(p: Point, q: Point) -> Fp2 | None:
    """Return the slope of the line through two points (the tangent where they are equal); None if it is upright."""
    if p.x != q.x:
        return (q.y - p.y) * (q.x - p.x).inverse()
    if p.y != q.y or p.y.zero:
        return None
    return (p.x * p.x).times(3) * p.y.times(2).inverse()


def along(p: Point, q: Point, rise: Fp2) -> Point:
    """Return p + q, given the slope of their line."""
    x = rise * rise - p.x - q.x
    return Point(x, rise * (p.x - x) - p.y)


def add(p: Point | None, q: Point | None) -> Point | None:
    """Return p + q on a curve ``y**2 = x**3 + b``."""
    if p is None or q is None:
        return q if p is None else p
    rise = slope(p, q)
    return None if rise is None else along(p, q, rise)


def multiply(p: Point | None, times: int) -> Point | None:
    """Return p added to itself ``times`` times.

    >>> multiply(GENERATOR_G1, ORDER) is None and multiply(GENERATOR_G2, ORDER) is None
    True
    """
    found: Point | None = None
    for bit in bin(times)[2:]:
        found = add(found, found)
        if bit == "1":
            found = add(found, p)
    return found


def negative(p: Point) -> Point:
    """Return -p."""
    return Point(p.x, -p.y)


def decode(encoded: bytes, group: Group) -> Point | None:
    """Return the point of a compressed encoding, or None if it is none of the group, or the point at infinity.

    The first three bits say: compressed, infinity, larger of the two y. Of the extension the imaginary part comes first.

    >>> decode(bytes([0xc0]) + bytes(47), G1) is None
    True
    """
    if len(encoded) != group.size or encoded[0] >> 6 != 0b10:
        return None
    numbers = [int.from_bytes(encoded[i : i + 48], "big") for i in range(0, group.size, 48)]
    numbers[0] &= (1 << 381) - 1
    if any(number >= P for number in numbers):
        return None
    x = Fp2(numbers[-1], numbers[0]) if group.extended else Fp2(numbers[0])
    y = square_root(x * x * x + group.constant, group.extended)
    if y is None:
        return None
    larger = (y.b, y.a) > ((-y).b, (-y).a)
    point = Point(x, y if larger == bool(encoded[0] & 0x20) else -y)
    return point if multiply(point, ORDER) is None else None
