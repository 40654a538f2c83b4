"""Files that factories have, read into characteristics and readings: tables, Q-DAS, QIF, calibration certificates."""

from qualipolis.lake.factory.bounds import Bounds
from qualipolis.lake.factory.measurements import (
    ABOVE,
    BELOW,
    EXACT,
    Certificate,
    Characteristic,
    Labels,
    Measurements,
    Note,
    Origin,
    Part,
    Readings,
)
from qualipolis.lake.factory.reading import read_measurements

__all__ = [
    "ABOVE",
    "BELOW",
    "EXACT",
    "Bounds",
    "Certificate",
    "Characteristic",
    "Labels",
    "Measurements",
    "Note",
    "Origin",
    "Part",
    "Readings",
    "read_measurements",
]
