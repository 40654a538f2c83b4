"""Credit codes that pass every formal check and cannot belong to anyone: no real area code starts with 99."""

from __future__ import annotations

import numpy as np
import polars as pl

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])
_BODY_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_DIGIT = {character: value for value, character in enumerate(ALPHABET)}
_BODY_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BODY_CHECK = "0123456789X"


def credit_codes(lead: str, area: np.ndarray, serial: np.ndarray) -> pl.Series:
    """Unified social credit codes (GB 32100-2015): ``lead`` (2), area code (6 digits), MA and a serial, check digits.

    ``area`` holds six-digit numbers, ``serial`` numbers below one million.
    """
    n = len(serial)
    letters = np.full((n, 18), "0", dtype="<U1")
    letters[:, 0], letters[:, 1] = lead[0], lead[1]
    letters[:, 2:8] = _digits(area, 6)
    letters[:, 8], letters[:, 9] = "M", "A"
    letters[:, 10:16] = _digits(serial, 6)
    body = np.empty((n, 8), dtype=np.int64)
    body[:, 0], body[:, 1] = _BODY_ALPHABET.index("M"), _BODY_ALPHABET.index("A")
    body[:, 2:] = letters[:, 10:16].astype(np.int64)
    check = (11 - body @ _BODY_WEIGHTS % 11) % 11
    letters[:, 16] = np.array(list(_BODY_CHECK))[check]
    values = np.empty((n, 17), dtype=np.int64)
    for position in range(17):
        column = letters[:, position]
        values[:, position] = [_DIGIT[c] for c in column] if position in (0, 1, 8, 9, 16) else column.astype(np.int64)
    last = (31 - values @ _WEIGHTS % 31) % 31
    letters[:, 17] = np.array(list(ALPHABET))[last]
    return pl.Series(np.ascontiguousarray(letters).view("<U18").ravel())


def _digits(numbers: np.ndarray, width: int) -> np.ndarray:
    powers = 10 ** np.arange(width - 1, -1, -1)
    return (np.asarray(numbers)[:, None] // powers % 10).astype("<U1")
