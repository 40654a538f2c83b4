"""A key for each identity number: the same person is found again, and the tables tell nobody's number."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from qualipolis.methods.problems import Problem, msg

_PURPOSE = b"qualipolis talent identity"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
LONGEST = 24


def cleaned(number: str) -> str:
    """Return an identity number as it is compared: capitals and digits, nothing between them.

    >>> cleaned(" 99010119900307851x "), cleaned("Ｅ12 345")
    ('99010119900307851X', 'E12345')
    """
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", number).upper())


def number_problems(number: str) -> list[Problem]:
    """Return what is wrong with an identity number: of a resident its check digit, of others its length.

    >>> number_problems("990101199003078519"), [one.code for one in number_problems("990101199003078518")]
    ([], ['bad_id_number'])
    """
    told = cleaned(number)
    if not 6 <= len(told) <= LONGEST:
        return [Problem("no_id_number", msg("Give the number of the identity card or passport."), place="id_number")]
    if re.fullmatch(r"\d{17}[0-9X]", told):
        total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, told, strict=False))
        if _CHECKS[total % 11] != told[-1]:
            what = msg("The check digit of the identity number does not fit; look at the number again.")
            return [Problem("bad_id_number", what, place="id_number")]
    return []


@lru_cache(maxsize=8)
def _derived(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.encode())


def keys_of(number: str) -> list[str]:
    """Return the keys of a number, that of today's secret first, then those of earlier secrets."""
    told = cleaned(number).encode()
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hmac.new(_derived(one), told, hashlib.sha256).hexdigest() for one in secrets]


def tail_of(number: str) -> str:
    """Return the last four signs, by which a person knows the own entry."""
    return cleaned(number)[-4:]
