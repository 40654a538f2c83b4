"""Report cards: every assumption behind a result, green, amber or red, with the reason and what to do about it.

A card is as good as its worst check. Green: nothing speaks against it; amber: read the result with the caveat that is
named; red: the result does not mean what it seems to say. A check that could not be made is amber, never green. The
makers of cards for charts, capability, gauges, lifetimes and run lengths are in :mod:`.cards`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

State = Literal["green", "amber", "red"]
STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True)
class Check:
    """One assumption: stable ``code``, ``state``, message ids of ``what`` was found and of the ``remedy``, their values.

    >>> Check("amount", "amber", "%(n)s values.", {"n": 40}, "Take 100.").text()
    '40 values. Take 100.'
    """

    code: str
    state: State
    what: str
    params: Mapping[str, object] = field(default_factory=dict)
    remedy: str = ""

    def __post_init__(self) -> None:
        if self.state not in STATES:
            what = msg("A check is green, amber or red, not %(state)s.")
            raise InputError([Problem("bad_state", what, "", {"state": self.state}, self.code)])

    def text(self, translate: Callable[[str], str] = msg) -> str:
        """Return the sentence, with the remedy, in the language of ``translate``."""
        return " ".join(translate(part) % dict(self.params) for part in (self.what, self.remedy) if part)


@dataclass(frozen=True)
class ReportCard:
    """The checks of one result.

    >>> card = ReportCard([Check("a", "green", "Fine."), Check("b", "red", "Not so.")])
    >>> card.state, [check.code for check in card.of("red")]
    ('red', ['b'])
    """

    checks: tuple[Check, ...]

    def __init__(self, checks: Iterable[Check] = ()) -> None:
        object.__setattr__(self, "checks", tuple(checks))

    @property
    def state(self) -> State:
        """The worst state; amber for a card without checks, which shows nothing."""
        return max((check.state for check in self.checks), key=STATES.index, default="amber")

    def of(self, state: State) -> tuple[Check, ...]:
        """Return the checks in this state."""
        return tuple(check for check in self.checks if check.state == state)

    def __getitem__(self, code: str) -> Check:
        return next(check for check in self.checks if check.code == code)

    def __iter__(self) -> Iterator[Check]:
        return iter(self.checks)

    def __len__(self) -> int:
        return len(self.checks)

    def __add__(self, other: ReportCard) -> ReportCard:
        return ReportCard((*self.checks, *other.checks))

    def to_frame(self, translate: Callable[[str], str] = msg) -> pl.DataFrame:
        """Return one row for each check: code, state, words."""
        import polars as pl

        rows = [(check.code, check.state, check.text(translate)) for check in self.checks]
        return pl.DataFrame(rows, schema={"code": pl.String, "state": pl.String, "words": pl.String}, orient="row")

    def __repr__(self) -> str:
        return f"ReportCard({self.state}: {', '.join(f'{check.code} {check.state}' for check in self.checks)})"


def graded(
    code: str,
    value: float,
    steps: tuple[float, float],
    words: tuple[str, str],
    *,
    params: Mapping[str, object] | None = None,
    falling: bool = False,
) -> Check:
    """Return a check by two thresholds ``steps``: green from the first on, amber from the second on, red below.

    ``falling``: small values are good; ``words`` are the message ids of what and remedy (shown unless green).

    >>> graded("ndc", 4, (5, 2), ("ndc %(value)s.", "Improve.")).state
    'amber'
    """
    signed, (good, fair) = (-value, (-steps[0], -steps[1])) if falling else (value, steps)
    state: State = "green" if signed >= good else "amber" if signed >= fair else "red"
    shown = {"value": f"{value:.4g}", "good": f"{steps[0]:g}", "fair": f"{steps[1]:g}"} | dict(params or {})
    return Check(code, state, words[0], shown, "" if state == "green" else words[1])
