"""Kinds of instruments under compulsory verification, with the usual longest time between two verifications.

The times are those of the verification regulations as far as they are remembered; the text of each was not seen, and
a firm may enter the shorter time that its certificate states.
"""

from __future__ import annotations

from dataclasses import dataclass

from qualipolis.methods.problems import msg


@dataclass(frozen=True)
class InstrumentKind:
    """One kind: its words, what it is used for, the regulation, and months between verifications."""

    code: str
    words: str
    field: str
    regulation: str
    months: int
    verified: bool = False


TRADE, MEDICAL, SAFETY, ENVIRONMENT = (
    msg("trade settlement"), msg("medical care"), msg("safety protection"), msg("environmental monitoring"),
)  # fmt: skip
KINDS: tuple[InstrumentKind, ...] = (
    InstrumentKind("price_scale", msg("electronic price-computing scale"), TRADE, "JJG 539", 12),
    InstrumentKind("truck_scale", msg("fixed electronic weighing instrument (truck scale)"), TRADE, "JJG 539", 12),
    InstrumentKind("fuel_dispenser", msg("fuel dispenser"), TRADE, "JJG 443", 6),
    InstrumentKind("taximeter", msg("taximeter"), TRADE, "JJG 517", 12),
    InstrumentKind("water_meter", msg("water meter"), TRADE, "JJG 162", 24),
    InstrumentKind("gas_meter", msg("gas meter for trade"), TRADE, "JJG 577", 24),
    InstrumentKind("charging_pile", msg("charging point for electric vehicles"), TRADE, "JJG 1148", 36),
    InstrumentKind("pressure_gauge", msg("pressure gauge for safety protection"), SAFETY, "JJG 52", 6),
    InstrumentKind("gas_alarm", msg("combustible gas alarm"), SAFETY, "JJG 693", 12),
    InstrumentKind("breath_alcohol", msg("breath alcohol tester"), SAFETY, "JJG 657", 12),
    InstrumentKind("blood_pressure", msg("blood pressure meter"), MEDICAL, "JJG 270", 12),
    InstrumentKind("thermometer", msg("clinical thermometer"), MEDICAL, "JJG 1162", 12),
    InstrumentKind("ecg", msg("electrocardiograph"), MEDICAL, "JJG 543", 12),
    InstrumentKind("sound_level", msg("sound level meter"), ENVIRONMENT, "JJG 188", 12),
    InstrumentKind("flue_gas", msg("flue gas analyser"), ENVIRONMENT, "JJG 968", 12),
    InstrumentKind("other", msg("another instrument of the list"), "", "", 12),
)
BY_CODE = {kind.code: kind for kind in KINDS}
