"""Checking unified social credit codes (GB 32100-2015) beside what one would write: a regular expression and a loop.

Run: .venv/bin/python benchmarks/credit_codes.py
The plain check says yes or no. Ours reads full-width digits and small letters, checks the organisation code inside as
well, and says what is wrong and what to do; the table shows what that costs.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence

import numpy as np

from qualipolis.law.validators import credit_code

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
WEIGHTS = [pow(3, i, 31) for i in range(17)]
FORM = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
COUNT = 100_000


def plain(text: str) -> bool:
    """The check as one finds it in the field: form, then the check character."""
    if not FORM.fullmatch(text):
        return False
    total = sum(VALUES[letter] * weight for letter, weight in zip(text[:17], WEIGHTS, strict=True))
    return ALPHABET[-total % 31] == text[17]


def codes(count: int, seed: int = 0) -> list[str]:
    """Return codes of which three quarters hold and the rest have one character changed."""
    rng = np.random.default_rng(seed)
    letters = rng.integers(0, 31, (count, 9))
    districts = rng.integers(110000, 659999, count)
    made = []
    for number, (row, district) in enumerate(zip(letters, districts, strict=True)):
        body = f"91{district}" + "".join(ALPHABET[i] for i in row)
        total = sum(VALUES[letter] * weight for letter, weight in zip(body, WEIGHTS, strict=True))
        code = body + ALPHABET[-total % 31]
        made.append(code if number % 4 else code[:9] + ALPHABET[(VALUES[code[9]] + 1) % 31] + code[10:])
    return made


def seconds(check: Callable[[str], object], texts: Sequence[str], repeat: int = 3) -> float:
    """Return the best CPU seconds."""
    found = []
    for _ in range(repeat):
        begun = time.process_time()
        for text in texts:
            check(text)
        found.append(time.process_time() - begun)
    return min(found)


def main() -> None:
    texts = codes(COUNT)
    agree = sum(plain(text) == credit_code(text).ok for text in texts)
    base = seconds(plain, texts)
    ours = seconds(credit_code, texts)
    print(f"{'':<44} {'CPU s':>8} {'codes/s':>12} {'ratio':>7}")
    print(f"{'regular expression and loop, yes or no':<44} {base:8.3f} {COUNT / base:12,.0f} {1:7.2f}")
    print(f"{'ours, with what is wrong and the remedy':<44} {ours:8.3f} {COUNT / ours:12,.0f} {ours / base:7.2f}")
    print(f"Both agree on {agree:,} of {COUNT:,} codes; a quarter of the codes is wrong.")


if __name__ == "__main__":
    main()
