"""What the public operations answer. Every number says its unit; null means there is none, never zero."""

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field


class Named(Schema):
    """A code with its name in both languages."""

    code: str = Field(description="Stable code.")
    name_zh: str = Field(description="Chinese name.")
    name_en: str = Field(description="English name; empty where there is none.")


class CityOut(Named):
    """The city and how it did in the latest release."""

    synthetic: bool = Field(description="True for the demo: every name and figure is invented.")
    release: str | None = Field(description="Number of the latest release.")
    year: int | None = Field(description="Year it assesses.")
    units: int = Field(description="Units assessed.")
    tiers: dict[str, int] = Field(description="Units in each tier; 1 is the first.")
    grades: dict[str, int] = Field(description="Units with each grade.")


class UnitOut(Named):
    """A town, subdistrict or park."""

    kind: str = Field(description="city, subdistrict, town, park or zone.")
    peer_group: str = Field(description="Group inside which it is compared.")
    assessed: bool = Field(description="Whether it takes part in the assessment.")


class SetOut(Schema):
    """An indicator set of one year."""

    year: int
    version: int
    status: str = Field(description="published, frozen or closed.")
    name_zh: str
    name_en: str
    indicators: int = Field(description="Number of indicators.")


class NodeOut(Named):
    """An aggregate of the tree."""

    level: int = Field(description="4 composite, 3 sub-index, 2 dimension.")
    parent: str | None = Field(description="Code of the node above.")
    weight: float = Field(description="Weight among its siblings, relative.")


class IndicatorOut(Named):
    """One indicator with its definition."""

    dimension: str = Field(description="Code of its dimension.")
    weight: float = Field(description="Weight inside its dimension.")
    direction: int = Field(description="1 higher is better, -1 lower is better, 0 inside an interval is best.")
    unit_zh: str
    unit_en: str
    formula_zh: str
    formula_en: str
    source_zh: str
    source_en: str
    origin_zh: str
    origin_en: str
    score_0_at: float | None = Field(description="Value that scores 0, in the unit of the indicator.")
    score_100_at: float | None = Field(description="Value that scores 100, in the unit of the indicator.")


class SetTreeOut(SetOut):
    """An indicator set with its tree."""

    nodes: list[NodeOut]
    leaves: list[IndicatorOut]


class ReleaseOut(Schema):
    """A release, immutable."""

    number: str
    year: int
    status: str = Field(description="published, superseded or withdrawn.")
    published_at: datetime
    withdrawn_at: datetime | None
    release_hash: str = Field(description="SHA-256 of the release.")
    method_hash: str = Field(description="SHA-256 of the method.")
    inputs_hash: str = Field(description="SHA-256 of the inputs.")


class BandOut(Schema):
    """A fifth of the scale of scores; the upper end is excluded except 100."""

    low: float
    high: float


class RankOut(Named):
    """One unit in a ranking."""

    peer_group: str
    rank: int | None = Field(description="Rank among all units; ties share it and the next is skipped.")
    tied: bool
    rank_p05: float | None = Field(description="Lower end of the 90 % rank interval.")
    rank_median: float | None = Field(description="Median of the simulated ranks.")
    rank_p95: float | None = Field(description="Upper end of the 90 % rank interval.")
    score: float | None = Field(description="0 to 100. For a dimension null to the public: see band.")
    score_low: float | None = Field(description="Lower end of the 90 % interval from counting.")
    score_high: float | None = Field(description="Upper end of the 90 % interval from counting.")
    band: BandOut | None = Field(description="Band of the score.")
    tier: int | None = Field(description="Tier of the composite; 1 is the first.")
    grade: str = Field(description="Grade of the final score.")
    previous_rank: int | None = Field(description="Rank in the release of the year before.")


class RankingOut(Schema):
    """A ranking at one node."""

    release: str
    year: int
    node: NodeOut
    peer_group: str
    count: int = Field(description="Rows before limit and offset.")
    interval: str = Field(default="90 %", description="Probability of the rank intervals.")
    replicates: int = Field(description="Recalculations behind the intervals.")
    items: list[RankOut]


class PointOut(Schema):
    """One year of a unit."""

    year: int
    release: str
    score: float | None
    score_low: float | None
    score_high: float | None
    rank: int | None
    rank_p05: float | None
    rank_p95: float | None
    units: int = Field(description="Units ranked that year.")


class LineOut(NodeOut):
    """One node of a profile."""

    score: float | None = Field(description="0 to 100. For a dimension null to the public: see band.")
    band: BandOut | None
    rank: int | None
    rank_p05: float | None
    rank_p95: float | None
    peers_band: BandOut | None = Field(description="Band of the median of the peers.")


class ProfileOut(Named):
    """One unit in one release."""

    release: str
    year: int
    peer_group: str
    peer_rank: int | None
    score: float | None = Field(description="Composite index, 0 to 100.")
    rank: int | None
    rank_p05: float | None
    rank_p95: float | None
    tier: int | None
    grade: str
    veto: str = Field(description="Reason of a veto; empty without one.")
    units: int
    nodes: list[LineOut]
    trend: list[PointOut]


class ValueOut(Named):
    """The value of one unit."""

    value: float | None = Field(description="In the unit of the indicator.")
    numerator: float | None
    denominator: float | None = Field(description="For a proportion the number of cases.")
    low: float | None = Field(description="Lower end of the 95 % interval of a proportion (Wilson).")
    high: float | None = Field(description="Upper end of the 95 % interval of a proportion (Wilson).")
    missing: str = Field(
        description="Why there is no value: held_back, not_applicable, not_collected, late, withdrawn."
    )


class YearOut(Schema):
    """The whole city in one year."""

    year: int
    value: float | None
    low: float | None
    high: float | None
    n: float | None = Field(description="Sum of the denominators.")
    units: int = Field(description="Units with a value.")


class ValuesOut(Schema):
    """One indicator in one release."""

    release: str
    year: int
    indicator: IndicatorOut
    city: YearOut | None
    series: list[YearOut]
    held_back: int = Field(description="Cells held back: fewer than three respondents, or they would give one away.")
    items: list[ValueOut]


class FileOut(Schema):
    """One file of a release."""

    name: str
    bytes: int = Field(description="Size of the original, bytes.")
    sha256: str = Field(description="SHA-256 of the original.")
    copy_without_small_cells: bool = Field(description="True where the public gets a copy without held-back cells.")
    url: str


class VerificationOut(ReleaseOut):
    """How to check a release."""

    synthetic: bool
    code_version: str
    seed: int
    replicates: int
    held_back: int
    command: str = Field(description="Command that computes it again from the original files.")
    steps: list[str] = Field(description="What the command compares, in the language of the request.")
    files: list[FileOut]


class DatasetOut(Schema):
    """One dataset of the open data."""

    name: str
    title_zh: str
    title_en: str
    about_zh: str
    about_en: str
    columns: list[dict[str, Any]] = Field(description="Name, type, unit and meaning of each column.")
    csv: str
    json_url: str


class CheckpointOut(Schema):
    """A signed statement: the ledger had so many events and ended in this hash."""

    seq: int
    hash: str
    at: datetime
    public_key: str = Field(description="Ed25519, hex.")
    signature: str = Field(description="Ed25519 over the canonical statement, hex.")


class Page[T](Schema):
    """Some rows of a list."""

    count: int = Field(description="Rows before limit and offset.")
    items: list[T]
