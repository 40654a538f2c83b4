"""Phone numbers as the public may see them."""

from __future__ import annotations

import re

from qualipolis.law.validators.checked import half_width

_DIGITS = re.compile(r"[0-9]")


def mask_phone(text: str) -> str:
    """Return a phone number with its middle hidden: a mobile keeps 3 + 4 digits, any other number its last 2.

    >>> mask_phone("138 0013 8000"), mask_phone("0769-22223333"), mask_phone("+86 13800138000"), mask_phone("110")
    ('138****8000', '**********33', '138****8000', '***')
    """
    digits = "".join(_DIGITS.findall(half_width(text)))
    mobile = re.fullmatch(r"(?:0?086|86)?(1[3-9][0-9]{9})", digits)
    if mobile:
        return f"{mobile[1][:3]}****{mobile[1][-4:]}"
    if len(digits) < 7:
        return "*" * len(digits)
    return "*" * (len(digits) - 2) + digits[-2:]
