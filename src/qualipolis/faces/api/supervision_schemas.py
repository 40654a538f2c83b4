"""What the operations of supervision sampling answer."""

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field


class PlanLineOut(Schema):
    """One product class of a plan."""

    position: int
    category: str
    standard: str
    purpose: str = Field(description="random, risk, follow_up, emergency or online; rates of two are never pooled.")
    stage: str = Field(description="production, sale or online.")
    batches: int
    quarter: int


class PlanOut(Schema):
    """The plan of a year, one version of it."""

    year: int
    version: int
    status: str = Field(description="public or closed.")
    name_zh: str
    name_en: str
    organiser: str
    document_no: str
    filed_with: str
    filed_no: str
    filed_on: date | None
    published_at: datetime | None
    amends: int | None = Field(description="Version that it amends.")
    lines: list[PlanLineOut]


class RuleItemOut(Schema):
    """One test item."""

    position: int
    name_zh: str
    name_en: str
    unit: str
    lower: float | None = Field(description="Lower limit, in the unit.")
    upper: float | None = Field(description="Upper limit, in the unit.")
    requirement: str
    clause: str
    method: str
    safety: bool
    decision: str = Field(description="simple, guarded or guarded_reject.")


class RuleOut(Schema):
    """Detailed rules of a product class."""

    rule: int
    category: str
    version: int
    standard: str
    food: bool = Field(description="Whether the clocks of food apply.")
    name_zh: str
    name_en: str
    method_zh: str
    method_en: str
    quantity_unit: str
    test_quantity: int
    backup_quantity: int
    least_stock: int
    published_on: date
    items: list[RuleItemOut]


class CampaignOut(Schema):
    """One campaign."""

    number: str
    name_zh: str
    name_en: str
    category: str
    rule: int
    purpose: str
    stage: str
    status: str = Field(description="rules_public, sampling, testing, settled or archived.")
    size: int = Field(description="Batches to sample.")
    organiser: str
    sampling_body: str | None
    begins_on: date | None
    ends_on: date | None
    rules_public_on: date | None
    scheme_zh: str
    scheme_en: str


class DrawFileOut(Schema):
    """A file of a draw."""

    name: str
    bytes: int
    sha256: str
    url: str


class DrawOut(Schema):
    """One draw. Hashes are public from the commitment on, files once sampling on site has ended."""

    campaign: str
    number: int
    status: str = Field(description="committed, drawn, published or superseded.")
    frame: int = Field(description="Units in the frame.")
    frame_sha256: str
    commitment: str = Field(description="SHA-256 of promise.json, fixed before the randomness existed.")
    committed_at: datetime
    rule: str = Field(description="The rule as TOML.")
    source: str = Field(description="dice, lottery, drand or commit_reveal.")
    source_words: str
    source_at: datetime | None = Field(description="When the randomness was to come to be.")
    secret_hash: str = Field(description="SHA-256 of salt and secret; empty without a secret.")
    random_at: datetime | None
    seed: str = Field(description="Empty before the draw.")
    revealed: dict[str, Any]
    drawn_at: datetime | None
    published_at: datetime | None
    drawn: int | None
    certain: int | None = Field(description="Those among them that were certain for their size.")
    reserve: int | None
    record_sha256: str
    reason: str = Field(description="Why it was drawn anew; empty for a first draw.")
    supersedes: int | None = Field(description="Number of the draw that it replaced.")
    open: bool = Field(description="Whether files and names are public.")
    verify: str = Field(description="Page on which a browser replays it.")
    files: list[DrawFileOut]


class DrawnOut(Schema):
    """A unit that was drawn or is on the reserve list."""

    stratum: str
    position: int = Field(description="Place in the list.")
    kind: str = Field(description="drawn, certain or reserve.")
    key: str = Field(description="Key in the frame.")
    name_zh: str
    name_en: str
    ticket: str = Field(description="SHA-256 of seed, stratum and key.")
    probability: float | None = Field(description="Inclusion probability; null for the reserve.")
