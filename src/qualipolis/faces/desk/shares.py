"""Shares in per cent as the pages write them: one function with named forms."""

from __future__ import annotations

FORMS = ("text", "cell", "bounded", "chance")


def percent(value: float | None, form: str = "text", digits: int = 1) -> str:
    """Return a share in per cent with a real minus; nothing is —.

    ``text`` stands in a sentence, ``cell`` under a head that says %, ``bounded`` as well but what is not quite all is
    never rounded to 100, and ``chance`` is a simulated probability, which is never 0 nor 100.

    >>> percent(0.1234), percent(-0.01), percent(None), percent(0.5, digits=0)
    ('12.3%', '−1.0%', '—', '50%')
    >>> percent(0.1234, "cell"), percent(0.9999, "bounded", 0), percent(1.0, "bounded", 0), percent(0.001, "chance")
    ('12.3', '>99', '100', '<1%')
    """
    if form not in FORMS:
        raise ValueError(form)
    if value is None or value != value:
        return "—"
    if form == "chance":
        return "<1%" if value < 0.01 else ">99%" if value > 0.99 else f"{value:.0%}"
    shown = f"{100 * value:.{digits}f}".replace("-", "−")
    if form == "bounded" and value < 1 and shown == f"{100:.{digits}f}":
        return f">{100 - 10**-digits:.{digits}f}"
    return f"{shown}%" if form == "text" else shown


def cell(value: float | None, digits: int = 1) -> str | None:
    """Return a share for a column whose head says %; what is none or not finite stays empty."""
    return None if value is None or abs(value) == float("inf") or value != value else percent(value, "cell", digits)
