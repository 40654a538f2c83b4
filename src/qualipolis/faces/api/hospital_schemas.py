"""What the operations of the product hospital answer."""

from typing import Any

from ninja import Schema
from pydantic import Field

Value = float | int | str | None


class InstrumentNameOut(Schema):
    """An instrument."""

    code: str
    name: str
    function: str | None = Field(description="The function of the library that computes it; null where there is none.")


class AnswerOut(Schema):
    """An answer to choose from."""

    value: str
    words: str


class QuestionOut(Schema):
    """The next question; without answers it asks for a number."""

    fact: str = Field(description="Name of the parameter that answers it.")
    question: str
    answers: list[AnswerOut]
    may_be_unknown: bool


class StepOut(Schema):
    """A step of the decision table that was taken."""

    step: str
    fact: str
    question: str
    value: Value = Field(description="What was found; null is not known.")
    operator: str = Field(description="How the value stands to the threshold: <, <=, >, >=, is, unknown, else.")
    threshold: Value
    words: str = Field(description="The outcome and its reason.")
    instrument: str | None
    mood: str = Field(description="go, warn or stop.")


class ChangeOut(Schema):
    """A fact that would lead elsewhere."""

    fact: str
    instrument: str | None = Field(description="Null where more would have to be asked first.")
    words: str


class InstrumentOut(Schema):
    """The way through the decision table so far."""

    steps: list[StepOut]
    ask: QuestionOut | None = Field(description="Null once nothing is left to ask.")
    instrument: InstrumentNameOut | None
    also: list[InstrumentNameOut] = Field(description="Instruments on the way, such as a chart before capability.")
    changes: list[ChangeOut]


class SentenceOut(Schema):
    """A finding in words."""

    kind: str = Field(description="headline, found, cause, next, proof, capability, gauge, life or note.")
    text: str
    mood: str = Field(description="good, attention, bad or plain.")
    number: int | None = Field(description="Number of the signal on the chart that it speaks of.")


class CheckOut(Schema):
    """An assumption behind the numbers."""

    code: str
    state: str = Field(description="green, amber or red.")
    words: str
    values: dict[str, Any]


class FindingsOut(Schema):
    """The findings on one characteristic, in the words of the language asked for."""

    form: str = Field(alias="schema", description="Name of this form, qualipolis.findings/1.")
    name: str
    unit: str
    kind: str = Field(description="measured, units, defects or events.")
    n: int = Field(description="Values that were measured.")
    missing: int
    censored: int = Field(description="Values known only as above or below a limit.")
    state: str = Field(description="Worst state of the report card.")
    instrument: str
    specification: dict[str, Any] | None
    summary: dict[str, Any] | None
    sentences: list[SentenceOut]
    report_card: list[CheckOut]
    recommendation: dict[str, Any] | None
    charts: list[dict[str, Any]] = Field(
        description="Points counted from 1, phases with their limits, signals with rule, points and pattern."
    )
    patterns: list[dict[str, Any]] = Field(description="Patterns seen, their suspects, and how to confirm them.")
    capability: dict[str, Any] | None
    histogram: dict[str, Any] | None
    distribution: dict[str, Any] | None
    proof: dict[str, Any] | None = Field(description="Comparison of the last two phases.")
    gauge: dict[str, Any] | None
    life: dict[str, Any] | None
    remarks: list[dict[str, Any]]
    conventions: dict[str, Any]


class PointOut(Schema):
    """A point of a chart."""

    point: int = Field(description="Counted from 1.")
    time: str | None
    value: float | None
    center: float | None
    lower: float | None
    upper: float | None
    size: float | None
    phase: str
    signals: list[int] = Field(description="Numbers of the signals that it completes.")
    flagged: bool
