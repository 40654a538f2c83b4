"""What stands in an address or a form, read without trusting it."""

from __future__ import annotations


def whole(text: object) -> int | None:
    """Return the whole number that ``text`` writes, or None when it is none or larger than any row has.

    >>> whole("17"), whole(""), whole("²"), whole("-1"), whole("9" * 19)
    (17, None, None, None, None)
    """
    said = str(text or "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None
