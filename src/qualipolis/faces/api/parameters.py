"""The parameters of operations: every one is bounded."""

from typing import Annotated

from pydantic import Field

from qualipolis.faces.api.words import PLACES

TEXT = r"^[^\x00-\x1f\x7f]*$"
CODE = r"^[0-9A-Za-z_-]*$"

Limit = Annotated[int, Field(ge=1, le=200, description="How many rows at most.")]
Offset = Annotated[int, Field(ge=0, le=1_000_000, description="How many rows to leave out at the start.")]
Year = Annotated[int, Field(ge=1990, le=2200, description="A year; without it the latest that is published.")]
YearOrNone = Year | None
Search = Annotated[str, Field(max_length=60, pattern=TEXT, description="Name, pinyin initials or code.")]
Group = Annotated[str, Field(max_length=40, pattern=TEXT, description="A peer group, as it is named in the ranking.")]
Node = Annotated[str, Field(max_length=20, pattern=CODE, description="Code of an aggregate; without it the composite.")]
Short = Annotated[str, Field(max_length=40, pattern=TEXT, description="A filter; the value as it stands in the rows.")]
Number = Annotated[str, Field(max_length=20, pattern=CODE, description="Number of a release, or latest.")]
Unit = Annotated[str, Field(max_length=12, pattern=CODE, description="Code of a unit.")]
Code = Annotated[str, Field(max_length=12, pattern=CODE, description="Code of an indicator.")]
Period = Annotated[str, Field(max_length=12, pattern=CODE, description="Period of a round.")]
Run = Annotated[int, Field(ge=1, le=2**31, description="Number of a run.")]
TableName = Annotated[str, Field(max_length=40, pattern=CODE, description="Name of a table of the registry.")]

# the library drops the descriptions of annotated parameters, so the document takes them from here
MEANINGS = PLACES
