"""Unified social credit code (统一社会信用代码, GB 32100-2015), with the organisation code inside it (GB 11714-1997)."""

from __future__ import annotations

import re

from qualipolis.law.validators.checked import Checked, half_width
from qualipolis.methods.problems import Problem, msg

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_FORM = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_SOURCE = msg("Compare it with the business licence.")


def check_character(body: str) -> str:
    r"""Return the 18th character for the first 17.

    .. math:: c = (31 - \sum_i v_i w_i \bmod 31) \bmod 31, \quad w_i = 3^{i-1} \bmod 31

    Source: GB 32100-2015, annex A. As every weight is prime to 31, any single wrong character changes it.

    >>> check_character("91110000600037341")
    'L'
    """
    total = sum(ALPHABET.index(c) * w for c, w in zip(body, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check(body: str) -> str:
    """Return the check character of an eight-character organisation code (GB 11714-1997).

    >>> organisation_check("60003734")
    '1'
    """
    total = sum(int(c, 36) * w for c, w in zip(body, ORGANISATION_WEIGHTS, strict=True))
    return {10: "X", 11: "0"}.get(11 - total % 11) or str(11 - total % 11)


def credit_code(text: str) -> Checked:
    """Return the code normalised (half-width, upper case, no spaces or hyphens) with what is wrong with it.

    A wrong form or check character rejects; a wrong check digit of the organisation code inside only warns.

    >>> credit_code(" 9111 0000-600037341l ").value
    '91110000600037341L'
    >>> [p.code for p in credit_code("91110000600037341N").problems]
    ['credit_code_check']
    """
    code = re.sub(r"[\s-]", "", half_width(text)).upper()
    problem = _form_problem(code)
    if problem is not None:
        return Checked(code, (problem,))
    expected = check_character(code[:17])
    if code[17] != expected:
        what = msg("The last character of the credit code %(code)s should be %(expected)s; a character is wrong.")
        params = {"code": code, "expected": expected}
        return Checked(code, (Problem("credit_code_check", what, _SOURCE, params),))
    parts = {"authority": code[0], "type": code[1], "area": code[2:8], "organisation": code[8:17]}
    if organisation_check(code[8:16]) == code[16]:
        return Checked(code, (), parts)
    what = msg("The organisation code inside %(code)s has an unusual check digit.")
    warning = Problem("organisation_code_check", what, _SOURCE, {"code": code}, severity="warning")
    return Checked(code, (warning,), parts)


def _form_problem(code: str) -> Problem | None:
    """Return what is wrong with the form, the most helpful finding first."""
    if len(code) != 18:
        what = msg("A credit code has 18 characters; this one has %(count)s.")
        return Problem("credit_code_length", what, _SOURCE, {"count": len(code)})
    strange = sorted({c for c in code if c not in ALPHABET})
    if strange:
        what = msg("A credit code never holds %(signs)s (I, O, S, V and Z are not used).")
        return Problem("credit_code_signs", what, _SOURCE, {"signs": " ".join(strange)})
    if not _FORM.fullmatch(code):
        what = msg("Characters 3 to 8 of a credit code are the digits of the area.")
        return Problem("credit_code_area", what, _SOURCE)
    return None
