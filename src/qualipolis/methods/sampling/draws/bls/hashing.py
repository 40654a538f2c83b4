"""Hashing to a point of G1 or G2: the suites ``BLS12381G1/G2_XMD:SHA-256_SSWU_RO_`` of RFC 9380, section 8.8.

A message becomes two field elements, each a point of a curve E' that is 11-isogenous (G1) or 3-isogenous (G2) to ours;
their images are added and brought into the subgroup. The isogenies are computed from their kernel polynomial h by the
formula of Vélu in the form of Bostan, Morain, Salvy and Schost (2008), instead of from the tables of RFC 9380,
appendix E; they are the same maps.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from qualipolis.methods.sampling.draws.bls.curve import Point, add, multiply
from qualipolis.methods.sampling.draws.bls.field import Fp2, P, square_root

ONE = Fp2(1)


@dataclass(frozen=True)
class Suite:
    """Constants of one suite: E' is ``y**2 = x**3 + a x + b``; ``kernel`` are the coefficients of h, lowest first."""

    a: Fp2
    b: Fp2
    z: Fp2
    kernel: tuple[Fp2, ...]
    scale: int
    cofactor: int
    extended: bool


SUITE_G1 = Suite(
    Fp2(0x144698A3B8E9433D693A02C96D4982B0EA985383EE66A8D8E8981AEFD881AC98936F8DA0E0F97F5CF428082D584C1D),
    Fp2(0x12E2908D11688030018B12E8753EEE3B2016C1F0F24F4070A0B9C14FCEF35EF55A23215A316CEAA5D1CC48E98E172BE0),
    Fp2(11),
    (
        Fp2(0x133341FB0962A34CB0504A9C4FADA0A5090D38679B4C040D5D1C3AFB023A3409FCC0815FEA66D8B02BBEF9C8B5A66E07),
        Fp2(0x0264908AF037BCEDE00D054CF5D4775E83EB6CF63C76B969F8ED174FB59FCFF78D201F46F6CFC4ED6552E59CE75177B0),
        Fp2(0x1335C502C1F54C49ACEEA65E87FD7203BA0F626F305FC0CFD606A5DAE9F3C8E81A4B3B69600129FABD307C69BF319D39),
        Fp2(0x094440F65F408A6E930E16E3E92DD17BF60D6E9679A8D3D58593DE55AC23703042D609537EB3549AAC234D896CA82944),
        Fp2(0x04AFE09D5CF4956A23B6B71F59D2B3407B415A774B7BE81BBB6FA99CBC798E0AC98BA725A5BC328016B1C268B4766E85),
        ONE,
    ),
    11,
    0xD201000000010001,
    False,
)
SUITE_G2 = Suite(
    Fp2(0, 240),
    Fp2(1012, 1012),
    Fp2(P - 2, P - 1),
    (Fp2(6, P - 6), ONE),
    -3,
    int(
        "bc69f08f2ee75b3584c6a0ea91b352888e2a8e9145ad7689986ff031508ffe1329c2f178731db956d82bf015d1212b02"
        "ec0ec69d7477c1ae954cbc06689f6a359894c0adebbf6b4e8020005aaa95551",
        16,
    ),
    True,
)


def expand(message: bytes, tag: bytes, length: int) -> bytes:
    """Return ``expand_message_xmd`` of RFC 9380 with SHA-256.

    >>> expand(b"", b"QUUX-V01-CS02-with-expander-SHA256-128", 32).hex()[:16]
    '68a985b87eb6b469'
    """
    ending = tag + bytes([len(tag)])
    first = sha256(bytes(64) + message + length.to_bytes(2, "big") + b"\0" + ending).digest()
    block, out = bytes(32), b""
    for i in range(1, -(-length // 32) + 1):
        mixed = bytes(x ^ y for x, y in zip(first, block, strict=True))
        block = sha256(mixed + bytes([i]) + ending).digest()
        out += block
    return out[:length]


def elements(message: bytes, tag: bytes, extended: bool) -> list[Fp2]:
    """Return two field elements (``hash_to_field``)."""
    parts = 4 if extended else 2
    data = expand(message, tag, 64 * parts)
    numbers = [int.from_bytes(data[64 * i : 64 * i + 64], "big") % P for i in range(parts)]
    return [Fp2(*numbers[:2]), Fp2(*numbers[2:])] if extended else [Fp2(n) for n in numbers]


def to_curve(u: Fp2, suite: Suite) -> Point:
    """Return the point of E' that belongs to u (simplified Shallue, van de Woestijne and Ulas)."""
    square = suite.z * u * u
    lower = square * square + square
    if lower.zero:
        x = suite.b * (suite.z * suite.a).inverse()
    else:
        x = -suite.b * suite.a.inverse() * (ONE + lower.inverse())
    y = square_root(x * x * x + suite.a * x + suite.b, suite.extended)
    if y is None:
        x = square * x
        y = square_root(x * x * x + suite.a * x + suite.b, suite.extended)
    if y is None:
        raise ArithmeticError
    return Point(x, y if y.sign() == u.sign() else -y)


def derivatives(x: Fp2, coefficients: tuple[Fp2, ...]) -> list[Fp2]:
    """Return a polynomial and its first three derivatives at x."""
    found = []
    now = list(coefficients)
    for _ in range(4):
        value = Fp2(0)
        for c in reversed(now):
            value = value * x + c
        found.append(value)
        now = [c.times(k) for k, c in enumerate(now)][1:]
    return found


def isogeny(point: Point, suite: Suite) -> Point | None:
    """Return the image of a point of E' on our curve.

    With ``L = D'/D`` and ``D = h**2`` the kernel of odd order l maps x to ``l x - s - f' L - 2 f L'``, s the sum of the
    x of its points, and y to y times the derivative; then ``(x, y)`` is scaled to ``(x / scale**2, y / scale**3)``.
    """
    x, y = point
    degree = len(suite.kernel) - 1
    order = 2 * degree + 1
    h, h1, h2, h3 = derivatives(x, suite.kernel)
    if h.zero:
        return None
    inverse = h.inverse()
    r1, r2, r3 = h1 * inverse, h2 * inverse, h3 * inverse
    first = r1.times(2)
    second = (r2 - r1 * r1).times(2)
    third = (r3 - (r1 * r2).times(3) + (r1 * r1 * r1).times(2)).times(2)
    f, f1, f2 = x * x * x + suite.a * x + suite.b, (x * x).times(3) + suite.a, x.times(6)
    sums = -suite.kernel[degree - 1].times(2)
    image = x.times(order) - sums - f1 * first - (f * second).times(2)
    rate = Fp2(order) - f2 * first - (f1 * second).times(3) - (f * third).times(2)
    unit = pow(suite.scale, -1, P)
    return Point(image.times(unit * unit), (y * rate).times(unit * unit * unit))


def hash_to_point(message: bytes, tag: bytes, suite: Suite) -> Point | None:
    """Return the point of the group that a message hashes to under a domain separation tag."""
    first, second = (isogeny(to_curve(u, suite), suite) for u in elements(message, tag, suite.extended))
    return multiply(add(first, second), suite.cofactor)
