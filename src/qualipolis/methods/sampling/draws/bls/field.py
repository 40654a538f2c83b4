"""The field of BLS12-381 and its quadratic extension; both in one type, the base field having no imaginary part."""

from __future__ import annotations

from dataclasses import dataclass

P = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
ORDER = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001


@dataclass(frozen=True, slots=True)
class Fp2:
    """The element ``a + b i`` with ``i**2 = -1``, both parts reduced modulo P.

    >>> Fp2(1, 1) * Fp2(1, 1), Fp2(3, 4) * Fp2(3, 4).inverse()
    (Fp2(a=0, b=2), Fp2(a=1, b=0))
    """

    a: int
    b: int = 0

    def __add__(self, other: Fp2) -> Fp2:
        return Fp2((self.a + other.a) % P, (self.b + other.b) % P)

    def __sub__(self, other: Fp2) -> Fp2:
        return Fp2((self.a - other.a) % P, (self.b - other.b) % P)

    def __neg__(self) -> Fp2:
        return Fp2(-self.a % P, -self.b % P)

    def __mul__(self, other: Fp2) -> Fp2:
        a, b, c, d = self.a, self.b, other.a, other.b
        return Fp2((a * c - b * d) % P, (a * d + b * c) % P)

    def times(self, number: int) -> Fp2:
        """Return the element times a whole number."""
        return Fp2(self.a * number % P, self.b * number % P)

    def inverse(self) -> Fp2:
        """Return 1 / self; ``ZeroDivisionError`` for zero."""
        norm = (self.a * self.a + self.b * self.b) % P
        if not norm:
            raise ZeroDivisionError
        scale = pow(norm, -1, P)
        return Fp2(self.a * scale % P, -self.b * scale % P)

    @property
    def zero(self) -> bool:
        return not self.a and not self.b

    def sign(self) -> int:
        """Return ``sgn0`` of RFC 9380: the parity of the first part that is not zero."""
        return self.a % 2 if self.a else self.b % 2


def root(number: int) -> int | None:
    """Return a square root modulo P (which is 3 modulo 4), or None.

    >>> root(4) in (2, P - 2), root(P - 1)
    (True, None)
    """
    found = pow(number, (P + 1) // 4, P)
    return found if found * found % P == number % P else None


def square_root(x: Fp2, extended: bool) -> Fp2 | None:
    """Return a square root in the extension, or in the base field where ``extended`` is false; None if there is none.

    >>> y = square_root(Fp2(5, 7) * Fp2(5, 7), True)
    >>> y in (Fp2(5, 7), -Fp2(5, 7)), square_root(Fp2(P - 1), False), square_root(Fp2(P - 1), True) is not None
    (True, None, True)
    """
    if not x.b:
        real = root(x.a)
        if real is not None or not extended:
            return None if real is None else Fp2(real)
        imaginary = root(-x.a % P)
        return None if imaginary is None else Fp2(0, imaginary)
    if not extended:
        return None
    length = root((x.a * x.a + x.b * x.b) % P)
    if length is None:
        return None
    half = pow(2, -1, P)
    for sign in (1, -1):
        first = root((x.a + sign * length) * half % P)
        if first:
            return Fp2(first, x.b * pow(2 * first, -1, P) % P)
    return None
