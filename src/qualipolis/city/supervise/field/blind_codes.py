"""Blind codes: all that a laboratory learns of where a sample comes from, which is nothing.

Nine characters of the machine's own randomness and a check character. They follow from no row, number or day, so that
nobody can compute them, and one wrong or two swapped characters are found before the wrong sample is.
"""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 characters, a prime; none looks like another one
LENGTH = 9


def check_character(body: str) -> str:
    """Return the character that makes the weighted sum a multiple of 31.

    >>> check_character("K7M2QX9TA"), check_character("7KM2QX9TA") != check_character("K7M2QX9TA")
    ('Z', True)
    """
    total = sum(weight * ALPHABET.index(one) for weight, one in enumerate(body, 2))
    return ALPHABET[-total % len(ALPHABET)]


def new_code() -> str:
    """Return a fresh code."""
    body = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
    return body + check_character(body)


def tidy_code(text: str) -> str:
    """Return a code as it was typed or scanned: upper case, without spaces and dashes.

    >>> tidy_code(" k7m2q-x9taz ")
    'K7M2QX9TAZ'
    """
    return "".join(one for one in text.upper() if one.isalnum())


def is_code(text: str) -> bool:
    """Whether ``text`` is a code with the right check character.

    >>> is_code("K7M2QX9TAZ"), is_code("K7M2QX9TZA"), is_code("K7M2QX9TA0"), is_code("")
    (True, False, False, False)
    """
    if len(text) != LENGTH + 1 or any(one not in ALPHABET for one in text):
        return False
    return check_character(text[:-1]) == text[-1]


def grouped(code: str) -> str:
    """Return a code in two groups for reading aloud.

    >>> grouped("K7M2QX9TAZ")
    'K7M2Q-X9TAZ'
    """
    return f"{code[:5]}-{code[5:]}" if is_code(code) else code
